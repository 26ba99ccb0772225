"""One house style for every figure: colour-blind safe, captioned, with alt text and its data's source.

Used by every notebook. Each function draws one kind of figure and shows it as a PNG whose alt text
travels with the notebook to any page made of it. Maps are made of counts on a grid, which add up over
batches and partitions, so that a map of all trips needs no more memory than a map of one batch.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import Image, display
from matplotlib.colors import LogNorm
from matplotlib.ticker import MaxNLocator

BLUE, ORANGE, GREEN, RED, GREY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#767676"  # Okabe and Ito's palette
MAP_BOX = (-74.06, -73.75, 40.60, 40.87)  # west, east, south, north: where nearly all trips are
MAP_CELLS = 360

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


_source = ""


def name_source(source: str) -> None:
    """Say once per notebook what its data is ("synthetic, seed 0"): captions of figures that show data repeat it."""
    global _source
    _source = f"  Data: {source}."


def show(figure: plt.Figure, caption: str, alt: str, data: bool = True) -> None:
    """Show a figure with a caption under it and close it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    caption : str
        One sentence: what to see.
    alt : str
        The figure in words, for those who cannot see it.
    data : bool
        Whether it shows data, whose source the caption then repeats.
    """
    figure.text(0.01, -0.01, caption + _source * data, ha="left", va="top", fontsize=10, color="#444444", wrap=True)
    png = io.BytesIO()
    figure.savefig(png, format="png", bbox_inches="tight")
    plt.close(figure)
    display(Image(png.getvalue()), metadata={"image/png": {"alt": alt}})


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


def bars(values: Mapping[str, float], label: str, caption: str, unit: str = "{:,.2f}", data: bool = True) -> None:
    """Draw horizontal bars, first entry on top, each with its value written in the format `unit`."""
    texts = [unit.format(value) for value in values.values()]
    figure, ax = plt.subplots(figsize=(8, 0.8 + 0.38 * len(values)), layout="constrained")
    ax.bar_label(ax.barh(list(values), list(values.values()), color=BLUE), labels=texts, padding=4)
    ax.invert_yaxis()
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    ax.margins(x=0.14)
    ax.grid(axis="y", visible=False)
    ax.set_xlabel(label)
    alt = ", ".join(f"{name} {text}" for name, text in zip(values, texts, strict=True))
    show(figure, caption, f"Bars, {label}: {alt}.", data)


def lines(
    x: Sequence,
    series: Mapping[str, Sequence[float]],
    xlabel: str,
    ylabel: str,
    caption: str,
    data: bool = True,
    **axes,
) -> None:
    """Draw one line per entry over `x`; `axes` sets more of the axes (``xscale="log"``, ``ylim=(0, None)``)."""
    figure, ax = plt.subplots(figsize=(8, 3.6), layout="constrained")
    for (name, y), marker in zip(series.items(), "osv^Dx", strict=False):
        ax.plot(x, y, marker=marker, label=name)
    ax.set(xlabel=xlabel, ylabel=ylabel, **axes)
    if axes.get("xscale") == "log":
        ax.set_xticks(x, [f"{value:,.10g}" for value in x])  # the values that were tried, not powers of ten
        ax.minorticks_off()
    if len(series) > 1:
        ax.legend()
    ranges = ", ".join(f"{name} from {min(y):,.3g} to {max(y):,.3g}" for name, y in series.items())
    show(figure, caption, f"Lines, {ylabel} over {xlabel}: {ranges}.", data)


def dots(
    panels: Mapping[str, tuple[Sequence, Sequence]],
    xlabel: str,
    ylabel: str,
    caption: str,
    edges: Sequence[float] = (),
    line=None,
    data: bool = True,
) -> None:
    """Draw a cloud of at most some 3,000 dots ``(x, y)`` per panel, side by side, titled by the mapping's keys.

    `edges` are places on the x axis to mark by grey lines, `line` a height to mark by a red one; y may be times.
    """
    figure, axes = plt.subplots(
        1, len(panels), figsize=(9, 3.6 if len(panels) < 3 else 3), sharey=True, squeeze=False, layout="constrained"
    )
    correlations = []
    for ax, (title, (x, y)) in zip(axes.flat, panels.items(), strict=True):
        step = -(-len(x) // 3_000)
        x, y = np.asarray(x)[::step], np.asarray(y)[::step]
        ax.plot(x, y, ".", markersize=2, alpha=0.6)
        ax.grid(False)
        for edge in edges:
            ax.axvline(edge, color=GREY, linewidth=0.5)
        if line is not None:
            ax.axhline(line, color=RED, linewidth=1.5)
        ax.set(title=title, xlabel=xlabel)
        ax.xaxis.set_major_locator(MaxNLocator(max(1, 6 // len(panels))))
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
        correlations.append(f"{title}: correlation {np.corrcoef(x, y.astype('f8'))[0, 1]:.2f}")
    axes[0, 0].set_ylabel(ylabel)
    if y.dtype.kind != "M":
        axes[0, 0].yaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    show(figure, caption, f"Dots, {ylabel} over {xlabel}; {'; '.join(correlations)}.", data)


def calibration(
    forecasts: Mapping[str, np.ndarray], happened: np.ndarray, caption: str, limit: float = 1.0, groups: int = 10
) -> None:
    """Draw how often something happened over how probable it was said to be, for groups of equally many cases.

    Parameters
    ----------
    forecasts : mapping of str to array, shape (n,)
        Probabilities by the name of who gave them.
    happened : array of n, 0 or 1
    caption : str
    limit : float
        Where both axes end.
    groups : int
        Dots per line: the cases that were given the lowest probabilities, the next ones, and so on.
    """
    figure, ax = plt.subplots(figsize=(5.6, 5), layout="constrained")
    ax.plot([0, limit], [0, limit], color=GREY, linestyle="--", label="as said")
    said = []
    for (name, forecast), marker in zip(forecasts.items(), "osv^Dx", strict=False):
        parts = np.array_split(np.argsort(forecast, kind="stable"), groups)
        x, y = ([values[part].mean() for part in parts] for values in (forecast, happened))
        ax.plot(x, y, marker=marker, label=name)
        said.append(f"{name}: of those said to be {x[-1]:.0%} probable, {y[-1]:.0%} happened")
    ax.set(xlabel="probability, as said", ylabel="share that happened", xlim=(0, limit), ylim=(0, limit))
    ax.legend(loc="upper left")
    show(figure, caption, f"Calibration by groups, {'; '.join(said)}.")


def trials(
    curves: Mapping[str, Sequence[float]], pruned: Sequence[str], xlabel: str, ylabel: str, caption: str, **axes
) -> None:
    """Draw a learning curve per trial: grey if it was given up, blue to the end, orange for the lowest end."""
    figure, ax = plt.subplots(figsize=(8, 3.6), layout="constrained")
    best = min((name for name in curves if name not in pruned), key=lambda name: curves[name][-1])
    for name, y in curves.items():
        style = {"color": BLUE, "linewidth": 1.2, "zorder": 3}
        if name in pruned:
            style = {"color": GREY, "linewidth": 0.8, "alpha": 0.7, "marker": "x", "markevery": [-1]}
        if name == best:
            style = {"color": ORANGE, "linewidth": 2.5, "zorder": 4, "label": f"best: {name}"}
        ax.plot(range(1, len(y) + 1), y, **style)
    ax.plot([], [], color=GREY, marker="x", linewidth=0.8, label="given up")
    ax.set(xlabel=xlabel, ylabel=ylabel, **axes)
    ax.legend()
    finished = f"{len(curves) - len(pruned)} ran to the end, {len(pruned)} were given up"
    show(figure, caption, f"Lines, {ylabel} over {xlabel}: {finished}; best is {best} with {curves[best][-1]:,.3g}.")


def memory(
    traces: Sequence[tuple[float, int]] | Mapping[str, Sequence[tuple[float, int]]], budget: int, caption: str
) -> None:
    """Draw the memory of process trees over time against one budget (in bytes); a cross marks what went over it."""
    if not isinstance(traces, Mapping):
        traces = {"all processes together": traces}
    figure, ax = plt.subplots(figsize=(8, 3), layout="constrained")
    peaks = {}
    for name, trace in traces.items():
        seconds, used = np.array(trace).T
        peaks[name] = used.max() / 1e9
        (line,) = ax.plot(seconds, used / 1e9, label=name)
        ax.fill_between(seconds, used / 1e9, alpha=0.25, color=line.get_color())
        if used.max() > budget:
            ax.plot(seconds[used.argmax()], peaks[name], "X", color=line.get_color(), markersize=9)
    ax.axhline(budget / 1e9, color=RED, linestyle="--", label="budget")
    ax.set(xlabel="seconds", ylabel="memory (GB)", ylim=(0, 1.35 * max(budget / 1e9, *peaks.values())))
    ax.legend(loc="upper left", ncols=len(peaks) + 1)
    highest = ", ".join(f"{name} at most {peak:.2f} GB" for name, peak in peaks.items())
    show(figure, caption, f"Memory over time: {highest}; budget {budget / 1e9:.2f} GB.")


def descents(
    loss: Callable[[np.ndarray], float],
    paths: Mapping[str, np.ndarray],
    best: Sequence[float],
    xlabel: str,
    ylabel: str,
    caption: str,
) -> None:
    """Draw ways down a loss of two weights over its contours, a panel each.

    Parameters
    ----------
    loss : callable
        Takes two weights and returns their loss.
    paths : mapping of str to array, shape (steps, 2)
        The weights after each update; the first ones are the start.
    best : two floats
        The weights at the minimum.
    """
    everywhere = np.vstack([*paths.values(), best])
    low, high = everywhere.min(axis=0), everywhere.max(axis=0)
    low, high = low - 0.12 * (high - low), high + 0.12 * (high - low)
    x, y = np.linspace(low[0], high[0], 60), np.linspace(low[1], high[1], 60)
    losses = np.array([[loss(np.array([a, b])) for a in x] for b in y])
    least = loss(np.asarray(best))
    levels = least + (losses.max() - least) * np.linspace(0.06, 1, 9) ** 2
    size = (3.4 * len(paths), 3.8)
    figure, axes = plt.subplots(1, len(paths), figsize=size, sharey=True, squeeze=False, layout="constrained")
    for ax, (title, path) in zip(axes.flat, paths.items(), strict=True):
        few = len(path) < 100
        ax.contour(x, y, losses, levels, colors=GREY, linewidths=0.8, alpha=0.7)
        ax.plot(*path.T, marker="o" if few else None, markersize=4, linewidth=1.5 if few else 0.7, color=BLUE)
        ax.plot(*path[0], "s", color=GREEN, label="start")
        ax.plot(*best, "*", color=RED, markersize=13, label="least loss")
        ax.set(title=title, xlabel=xlabel)
        ax.grid(False)
    axes[0, 0].set_ylabel(ylabel)
    axes[0, 0].legend(loc="lower right")
    ends = "; ".join(f"{name} ends at {path[-1][0]:.2f} and {path[-1][1]:.2f}" for name, path in paths.items())
    where = f"The least loss is at {best[0]:.2f} and {best[1]:.2f}; "
    show(figure, caption, f"Paths over the contours of a loss. {where}{ends.replace(chr(10), ' ')}.")
