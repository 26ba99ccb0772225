"""Maps of counts on a grid, which add up over batches and partitions: a map of all trips needs no more memory than one
of a single batch. Used by the notebooks about taxi trips."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.ticker import MaxNLocator

from helpers.plots.style import BLUE, show

MAP_BOX = (-74.06, -73.75, 40.60, 40.87)  # west, east, south, north: where nearly all trips are
MAP_CELLS = 360


def density(longitude, latitude, box: tuple[float, ...] = MAP_BOX, cells: int = MAP_CELLS, weights=None) -> np.ndarray:
    """Count places on a grid, or add up their weights. Grids of batches add up to the grid of all.

    Parameters
    ----------
    longitude, latitude : array of n floats
        Degrees; places outside the box and missing ones do not count.
    box : tuple
        West, east, south, north, in degrees.
    cells : int
        Cells along each side.
    weights : array of n floats, optional
        What to add up instead of 1.

    Returns
    -------
    ndarray of float64, `(cells, cells)`
        Rows from south to north, columns from west to east.
    """
    west, east, south, north = box
    longitude, latitude = np.asarray(longitude), np.asarray(latitude)
    inside = (longitude >= west) & (longitude < east) & (latitude >= south) & (latitude < north)
    column = (longitude[inside] - west) / (east - west) * cells
    row = (latitude[inside] - south) / (north - south) * cells
    cell = np.minimum(row.astype("i8"), cells - 1) * cells + np.minimum(column.astype("i8"), cells - 1)
    weights = None if weights is None else np.asarray(weights)[inside]
    return np.bincount(cell, weights, minlength=cells * cells).reshape(cells, cells).astype("f8")


def density_maps(maps: Mapping[str, np.ndarray], caption: str, box: tuple[float, ...] = MAP_BOX) -> None:
    """Draw counts from `density` side by side on one logarithmic scale, titled by the mapping's keys."""
    width, height = 4.6, 4.6 * min(1, (box[3] - box[2]) / (box[1] - box[0]) * _aspect(box) + 0.1)
    figure, axes = plt.subplots(1, len(maps), figsize=(width * len(maps), height), squeeze=False, layout="constrained")
    norm = LogNorm(0.8, max(2, *(counts.max() for counts in maps.values())))
    for ax, (title, counts) in zip(axes.flat, maps.items(), strict=True):
        image = ax.imshow(counts, extent=box, origin="lower", cmap="inferno", norm=norm, aspect=_aspect(box))
        ax.set(title=title, xlabel="longitude (degrees)", ylabel="latitude (degrees)", facecolor="black")
        ax.grid(False)
    figure.colorbar(image, ax=axes, label="trips per cell")
    show(figure, caption, f"Map on a dark ground, brighter where there are more trips: {'; '.join(maps)}.")


def marked_map(counts: np.ndarray, marks: np.ndarray, box: tuple[float, ...], caption: str) -> None:
    """Draw counts from `density` in km east and north of Times Square, and n marks ``(east, north)``, shape (n, 2)."""
    figure, ax = plt.subplots(figsize=(6.4, 5.4), layout="constrained")
    norm = LogNorm(0.8, max(2, counts.max()))
    image = ax.imshow(counts, extent=box, origin="lower", cmap="inferno", norm=norm)
    ax.plot(*np.asarray(marks).T, "o", color="white", markeredgecolor=BLUE, markeredgewidth=2, markersize=9)
    ax.set(xlabel="km east of Times Square", ylabel="km north of it", xlim=box[:2], ylim=box[2:], facecolor="black")
    ax.grid(False)
    figure.colorbar(image, ax=ax, label="trips per cell", shrink=0.85)
    places = "; ".join(f"{round(float(x))} east, {round(float(y))} north" for x, y in marks)
    show(figure, caption, f"Map on a dark ground, brighter where there are more trips; marks at km {places}.")


def value_map(values: np.ndarray, label: str, caption: str, box: tuple[float, ...] = MAP_BOX) -> None:
    """Draw a grid of values around zero (NaN: no data) in diverging colours, blue below and red above."""
    figure, ax = plt.subplots(figsize=(6.4, 5), layout="constrained")
    limit = np.nanpercentile(np.abs(values), 95)
    image = ax.imshow(values, extent=box, origin="lower", cmap="RdBu_r", vmin=-limit, vmax=limit, aspect=_aspect(box))
    figure.colorbar(image, ax=ax, label=label, shrink=0.85, extend="both")
    ax.set(xlabel="longitude (degrees)", ylabel="latitude (degrees)", facecolor="#e8e8e8")
    ax.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))  # else the labels touch
    ax.grid(False)
    show(
        figure,
        caption,
        f"Map of the {label}, half of the cells within {np.nanmedian(np.abs(values)):.2f} of zero.",
    )


def value_maps(maps: Mapping[str, np.ndarray], label: str, caption: str, box: tuple[float, ...] = MAP_BOX) -> None:
    """Draw grids of values around zero side by side on one scale, titled by the mapping's keys; see `value_map`."""
    size = (4.4 * len(maps) + 0.6, 4.2)
    figure, axes = plt.subplots(1, len(maps), figsize=size, sharey=True, squeeze=False, layout="constrained")
    limit = np.nanpercentile(np.abs([*maps.values()]), 95)
    for ax, (title, values) in zip(axes.flat, maps.items(), strict=True):
        image = ax.imshow(
            values, extent=box, origin="lower", cmap="RdBu_r", vmin=-limit, vmax=limit, aspect=_aspect(box)
        )
        ax.set(title=title, xlabel="longitude (degrees)", facecolor="#e8e8e8")
        ax.grid(False)
    axes[0, 0].set_ylabel("latitude (degrees)")
    figure.colorbar(image, ax=axes, label=label, shrink=0.8, extend="both")
    within = ", ".join(f"{np.nanmedian(np.abs(values)):.2f} for {title}" for title, values in maps.items())
    show(figure, caption, f"Maps of the {label}; half of the cells lie within this of zero: {within}.")


def _aspect(box: tuple[float, ...]) -> float:
    """Makes a kilometre as long north as it is east in the middle of the box."""
    return 1 / np.cos(np.radians((box[2] + box[3]) / 2))
