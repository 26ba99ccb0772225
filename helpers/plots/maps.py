"""Maps of counts on a grid, which add up over batches and partitions: a map of all trips needs no more memory than one
of a single batch. Used by the notebooks about taxi trips."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LogNorm

from helpers.plots.style import show

Extent = tuple[float, float, float, float]  # west, east, south, north, in the order of matplotlib's `extent`
MAP_EXTENT: Extent = (-74.06, -73.75, 40.60, 40.87)  # degrees: where nearly all trips are


def density(longitude, latitude, *, extent: Extent = MAP_EXTENT, cells: int = 360) -> np.ndarray:
    """Count places on a grid. Grids of batches add up to the grid of all.

    Parameters
    ----------
    longitude, latitude : array of n floats
        Degrees, or km; places outside the extent and missing ones do not count.
    extent : tuple
        West, east, south, north, in the same unit.
    cells : int
        Cells along each side.

    Returns
    -------
    ndarray of float64, `(cells, cells)`
        Rows from south to north, columns from west to east.

    Raises
    ------
    ValueError
        If the extent is in another order, there are no cells, or the arrays differ in length.
    """
    west, east, south, north = _checked(extent)
    longitude, latitude = np.asarray(longitude), np.asarray(latitude)
    if cells < 1:
        raise ValueError(f"cells is {cells}: a map has at least 1 along each side")
    if longitude.shape != latitude.shape:
        raise ValueError(f"{longitude.size:,} longitudes and {latitude.size:,} latitudes: a place needs one of each")
    inside = (longitude >= west) & (longitude < east) & (latitude >= south) & (latitude < north)
    column = (longitude[inside] - west) / (east - west) * cells
    row = (latitude[inside] - south) / (north - south) * cells
    cell = np.minimum(row.astype("i8"), cells - 1) * cells + np.minimum(column.astype("i8"), cells - 1)
    return np.bincount(cell, minlength=cells * cells).reshape(cells, cells).astype("f8")


def density_maps(maps: Mapping[str, np.ndarray], *, caption: str, extent: Extent = MAP_EXTENT) -> None:
    """Draw counts from `density` side by side on one logarithmic scale, titled by the mapping's keys."""
    west, east, south, north = _checked(extent)
    if not maps:
        raise ValueError("maps is empty: there is nothing to draw")
    aspect = _aspect(extent)
    size = (4.6 * len(maps), 4.6 * min(1, (north - south) / (east - west) * aspect + 0.1))
    figure, axes = plt.subplots(1, len(maps), figsize=size, squeeze=False, layout="constrained")
    norm = LogNorm(0.8, max(2, *(counts.max() for counts in maps.values())))
    for ax, (title, counts) in zip(axes.flat, maps.items(), strict=True):
        image = ax.imshow(counts, extent=extent, origin="lower", cmap="inferno", norm=norm, aspect=aspect)
        ax.set(title=title, xlabel="longitude (degrees)", ylabel="latitude (degrees)", facecolor="black")
        ax.grid(False)
    figure.colorbar(image, ax=axes, label="trips per cell")
    alt = f"Map on a dark ground, brighter where there are more trips: {'; '.join(maps)}."
    show(figure, caption=caption, alt=alt)


def _checked(extent: Extent) -> Extent:
    if len(extent) != 4 or not np.isfinite(extent).all() or not (extent[0] < extent[1] and extent[2] < extent[3]):
        raise ValueError(
            f"extent is {tuple(extent)}: (west, east, south, north) is wanted, with west < east, south < north"
        )
    west, east, south, north = extent
    # In the order of GIS tools, New York passes so far, a hundred degrees wide; read in that order, it is tiny.
    if west < south < west + (east - west) / 100 and east < north < east + (north - south) / 100:
        raise ValueError(
            f"extent is {tuple(extent)}, which looks like (west, south, east, north): "
            f"(west, east, south, north) is wanted, here {(west, south, east, north)}"
        )
    return extent


def _aspect(extent: Extent) -> float:
    """Makes a kilometre as long north as it is east in the middle of the extent."""
    return 1 / np.cos(np.radians((extent[2] + extent[3]) / 2))
