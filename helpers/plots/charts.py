"""Bars, lines, dots, and the memory of processes over time. Used by every notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from helpers.plots.style import BLUE, GREY, RED, show


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
