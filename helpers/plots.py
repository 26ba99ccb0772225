"""One house style for every figure: colour-blind safe, captioned, with alt text and its data's source.

Used by every notebook. Each function draws one kind of figure and shows it as a PNG whose alt text
travels with the notebook to any page made of it. Maps are made of counts on a grid, which add up over
batches and partitions, so that a map of all trips needs no more memory than a map of one batch.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import Image, display
from matplotlib.colors import LogNorm

BLUE, ORANGE, GREEN, RED, GREY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#767676"  # Okabe and Ito's palette
MAP_BOX = (-74.06, -73.75, 40.60, 40.87)  # west, east, south, north: where nearly all trips are
MAP_CELLS = 360
DEGREES_SQUARE = 1 / np.cos(np.radians(40.75))  # so that a kilometre is as long north as it is east

plt.rcParams.update(
    {
        "figure.figsize": (8, 4.2),
        "figure.dpi": 110,
        "font.size": 11,
        "axes.titlesize": 12,
        "axes.titlelocation": "left",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.prop_cycle": plt.cycler(color=[BLUE, ORANGE, GREEN, RED, GREY]),
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.alpha": 0.3,
        "legend.frameon": False,
    }
)


def show(figure: plt.Figure, caption: str, alt: str, source: str = "") -> None:
    """Show a figure with a caption under it and close it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    caption : str
        One sentence: what to see.
    alt : str
        The figure in words, for those who cannot see it.
    source : str
        What the data is, as a `helpers.datasets.Dataset` names it.
    """
    text = f"{caption}  Data: {source}." if source else caption
    figure.text(0.01, -0.01, text, ha="left", va="top", fontsize=10, color="#444444", wrap=True)
    png = io.BytesIO()
    figure.savefig(png, format="png", bbox_inches="tight")
    plt.close(figure)
    display(Image(png.getvalue()), metadata={"image/png": {"alt": alt}})


def density(longitude, latitude, box: tuple[float, ...] = MAP_BOX, cells: int = MAP_CELLS) -> np.ndarray:
    """Count places on a grid: int64 `(cells, cells)`, south to north, west to east. Counts of batches add up."""
    west, east, south, north = box
    grid = [[south, north], [west, east]]
    return np.histogram2d(np.asarray(latitude), np.asarray(longitude), bins=cells, range=grid)[0].astype("i8")


def density_maps(
    maps: Mapping[str, np.ndarray], caption: str, alt: str, source: str, boxes: Sequence[tuple] | None = None
) -> None:
    """Draw counts from `density` side by side on a logarithmic scale, titled by the mapping's keys."""
    boxes = boxes or [MAP_BOX] * len(maps)
    figure, axes = plt.subplots(1, len(maps), figsize=(5 * len(maps), 5), squeeze=False, layout="constrained")
    top = max(counts.max() for counts in maps.values())
    for ax, (title, counts), box in zip(axes.flat, maps.items(), boxes, strict=True):
        ax.imshow(
            counts, extent=box, origin="lower", cmap="inferno", norm=LogNorm(0.8, max(top, 2)), aspect=DEGREES_SQUARE
        )
        ax.set(title=title, xlabel="longitude (degrees)", ylabel="latitude (degrees)", facecolor="black")
        ax.grid(False)
    show(figure, caption, alt, source)


def value_map(values: np.ndarray, label: str, caption: str, alt: str, source: str, box: tuple = MAP_BOX) -> None:
    """Draw a grid of values around zero (NaN: no data) in diverging colours, blue below and red above."""
    figure, ax = plt.subplots(figsize=(6.4, 5), layout="constrained")
    limit = np.nanpercentile(np.abs(values), 98)
    image = ax.imshow(values, extent=box, origin="lower", cmap="RdBu_r", vmin=-limit, vmax=limit, aspect=DEGREES_SQUARE)
    figure.colorbar(image, ax=ax, label=label, shrink=0.85)
    ax.set(xlabel="longitude (degrees)", ylabel="latitude (degrees)", facecolor="#e8e8e8")
    ax.grid(False)
    show(figure, caption, alt, source)


def bars(
    values: Mapping[str, float], label: str, caption: str, alt: str, source: str = "", unit: str = "{:,.2f}"
) -> None:
    """Draw horizontal bars, first entry on top, each with its value written in the format `unit`."""
    figure, ax = plt.subplots(figsize=(8, 0.8 + 0.38 * len(values)), layout="constrained")
    drawn = ax.barh(list(values), list(values.values()), color=BLUE)
    ax.bar_label(drawn, labels=[unit.format(value) for value in values.values()], padding=4)
    ax.invert_yaxis()
    ax.margins(x=0.14)
    ax.grid(axis="y", visible=False)
    ax.set_xlabel(label)
    show(figure, caption, alt, source)


def lines(
    x, series: Mapping[str, Sequence[float]], labels: tuple[str, str], caption: str, alt: str, source: str = "", **axes
) -> None:
    """Draw one line per entry over `x`; `labels` name the two axes, `axes` sets more (``xscale="log"``, ``xticks=…``)."""
    figure, ax = plt.subplots(layout="constrained")
    for (name, y), marker in zip(series.items(), "osv^Dx", strict=False):
        ax.plot(x, y, marker=marker, label=name)
    ax.set(xlabel=labels[0], ylabel=labels[1], **axes)
    if len(series) > 1:
        ax.legend()
    show(figure, caption, alt, source)


def memory(trace: Sequence[tuple[float, int]], budget: int, caption: str, alt: str, source: str = "") -> None:
    """Draw the memory of a process tree over time against its budget (both in bytes)."""
    seconds, used = np.array(trace).T
    figure, ax = plt.subplots(figsize=(8, 3.2), layout="constrained")
    ax.fill_between(seconds, used / 1e9, alpha=0.25)
    ax.plot(seconds, used / 1e9, label="all processes together")
    ax.axhline(budget / 1e9, color=RED, linestyle="--", label="budget")
    ax.set(xlabel="seconds", ylabel="memory (GB)", ylim=(0, 1.15 * max(budget, used.max()) / 1e9))
    ax.legend(loc="lower right")
    show(figure, caption, alt, source)
