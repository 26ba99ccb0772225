"""Maps of counts on a grid, which add up over batches and partitions: a map of all trips needs no more memory than one
of a single batch. Used by the notebooks about taxi trips."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LogNorm

from helpers.plots.style import show

WEST, EAST, SOUTH, NORTH = -74.06, -73.75, 40.60, 40.87  # degrees: where nearly all trips are
CELLS = 360  # along each side


def density(longitude, latitude) -> np.ndarray:
    """Count places on a grid over the city. Grids of batches add up to the grid of all.

    Parameters
    ----------
    longitude, latitude : array of n floats
        Degrees; places outside the city and missing ones do not count.

    Returns
    -------
    ndarray of float64, `(CELLS, CELLS)`
        Rows from south to north, columns from west to east.

    Raises
    ------
    ValueError
        If the arrays differ in length.
    """
    longitude, latitude = np.asarray(longitude), np.asarray(latitude)
    if longitude.shape != latitude.shape:
        raise ValueError(f"{longitude.size:,} longitudes and {latitude.size:,} latitudes: a place needs one of each")
    inside = (longitude >= WEST) & (longitude < EAST) & (latitude >= SOUTH) & (latitude < NORTH)
    column = (longitude[inside] - WEST) / (EAST - WEST) * CELLS
    row = (latitude[inside] - SOUTH) / (NORTH - SOUTH) * CELLS
    cell = np.minimum(row.astype("i8"), CELLS - 1) * CELLS + np.minimum(column.astype("i8"), CELLS - 1)
    return np.bincount(cell, minlength=CELLS * CELLS).reshape(CELLS, CELLS).astype("f8")


def density_maps(maps: Mapping[str, np.ndarray], *, caption: str) -> None:
    """Draw counts from `density` side by side on one logarithmic scale, titled by the mapping's keys."""
    if not maps:
        raise ValueError("maps is empty: there is nothing to draw")
    aspect = 1 / np.cos(np.radians((SOUTH + NORTH) / 2))  # a kilometre is as long north as it is east
    size = (4.6 * len(maps), 4.6 * min(1, (NORTH - SOUTH) / (EAST - WEST) * aspect + 0.1))
    figure, axes = plt.subplots(1, len(maps), figsize=size, squeeze=False, layout="constrained")
    norm = LogNorm(0.8, max(2, *(counts.max() for counts in maps.values())))
    for ax, (title, counts) in zip(axes.flat, maps.items(), strict=True):
        look = {"cmap": "inferno", "norm": norm, "aspect": aspect}
        image = ax.imshow(counts, extent=(WEST, EAST, SOUTH, NORTH), origin="lower", **look)
        ax.set(title=title, xlabel="longitude (degrees)", ylabel="latitude (degrees)", facecolor="black")
        ax.grid(False)
    figure.colorbar(image, ax=axes, label="trips per cell")
    alt = f"Map on a dark ground, brighter where there are more trips: {'; '.join(maps)}."
    show(figure, caption=caption, alt=alt)
