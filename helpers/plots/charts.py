"""Bars, lines, dots, and the memory of processes over time. Used by every notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from helpers.plots.style import BLUE, COLOURS, GREY, RED, show

MARKERS, COMMAS = "osv^Dx", "{x:,.10g}"


def bars(values: Mapping[str, float], *, xlabel: str, caption: str, fmt: str = "{:,.2f}") -> None:
    """Draw horizontal bars, first entry on top, each with its value written in the format `fmt`.

    Raises
    ------
    ValueError
        If there are no values, one is not finite, or `fmt` writes no value.
    """
    if not len(values):
        raise ValueError("values is empty: there is no bar to draw")
    for name, value in values.items():
        if not np.isfinite(value):
            raise ValueError(f"values[{name!r}] is {value}, which no bar can show: leave it out or mend it")
    if not _formats(fmt):
        raise ValueError(f"fmt is {fmt!r}, which writes no value: give a format such as '{{:.0f}} km'")
    texts = [fmt.format(value) for value in values.values()]
    figure, ax = plt.subplots(figsize=(8, 0.8 + 0.38 * len(values)), layout="constrained")
    ax.bar_label(ax.barh(list(values), list(values.values()), color=BLUE), labels=texts, padding=4)
    ax.invert_yaxis()
    ax.xaxis.set_major_formatter(COMMAS)
    ax.margins(x=0.14)
    ax.grid(axis="y", visible=False)
    ax.set_xlabel(xlabel)
    alt = ", ".join(f"{name} {text}" for name, text in zip(values, texts, strict=True))
    show(figure, caption=caption, alt=f"Bars, {xlabel}: {alt}.")


def lines(
    x: Sequence,
    series: Mapping[str, Sequence[float]],
    *,
    xlabel: str,
    ylabel: str,
    caption: str,
    cite: bool = True,
    log: bool = False,
    nested: bool = False,
    **axes,
) -> None:
    """Draw one line per entry over `x`; `axes` sets more of the axes (``xscale="log"``, ``ylim=(0, None)``).

    With ``log=True`` both axes are logarithmic. With ``nested=True`` each line is thinner than the one before, so that
    those which lie on one another are all seen.

    Raises
    ------
    ValueError
        If there is no line to draw, one has more or fewer points than `x`, or a logarithmic axis gets what it cannot
        show.
    """
    if log:
        axes = {"xscale": "log", "yscale": "log"} | axes
    _check_values(x, series, axes)
    figure, ax = plt.subplots(figsize=(8, 3.6), layout="constrained")
    for number, (name, y) in enumerate(series.items()):
        # Solid for as many lines as there are colours, then dashed, so that no two lines look the same.
        style = ["-", "--", ":"][number // len(COLOURS) % 3]
        (line,) = ax.plot(x, y, marker=MARKERS[number % len(MARKERS)], linestyle=style, label=name)
        if nested:
            line.set(marker="", linewidth=1.5 + 3 * (len(series) - number - 1))
    ax.set(xlabel=xlabel, ylabel=ylabel, **axes)
    if axes.get("xscale") == "log":
        ax.set_xticks(x, [COMMAS.format(x=value) for value in x])  # the values that were tried, not powers of ten
        ax.minorticks_off()
    if len(series) > 1:
        ax.legend()
    ranges = ", ".join(f"{name} from {np.nanmin(y):,.3g} to {np.nanmax(y):,.3g}" for name, y in series.items())
    show(figure, caption=caption, alt=f"Lines, {ylabel} over {xlabel}: {ranges}.", cite=cite)


def dots(
    panels: Mapping[str, tuple[Sequence, Sequence]],
    *,
    xlabel: str,
    ylabel: str,
    caption: str,
    edges: Sequence[float] = (),
    line: float | None = None,
) -> None:
    """Draw a cloud of at most some 3,000 dots ``(x, y)`` per panel, side by side, titled by the mapping's keys.

    `edges` are places on the x axis to mark by grey lines, `line` a height to mark by a red one; y may be times.

    Raises
    ------
    ValueError
        If there is no panel, or one without dots.
    """
    lengths = {name: (len(x), len(y)) for name, (x, y) in panels.items()}
    if not panels or not all(n == m > 0 for n, m in lengths.values()):
        raise ValueError(f"panels need dots, as many x as y; got {lengths}")
    size = (9, 3.6 if len(panels) < 3 else 3)
    figure, axes = plt.subplots(1, len(panels), figsize=size, sharey=True, squeeze=False, layout="constrained")
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
        ax.xaxis.set_major_formatter(COMMAS)
        if len(set(x)) > 1 and len(set(y)) > 1:
            correlations.append(f"{title}: correlation {np.corrcoef(x, y.astype('f8'))[0, 1]:.2f}")
        else:
            correlations.append(f"{title}: all on one line along an axis")
    axes[0, 0].set_ylabel(ylabel)
    if y.dtype.kind != "M":
        axes[0, 0].yaxis.set_major_formatter(COMMAS)
    show(figure, caption=caption, alt=f"Dots, {ylabel} over {xlabel}; {'; '.join(correlations)}.")


def memory(
    traces: Sequence[tuple[float, int]] | Mapping[str, Sequence[tuple[float, int]]], *, budget_bytes: int, caption: str
) -> None:
    """Draw the memory of process trees over time against one budget; a cross marks what went over it.

    Raises
    ------
    ValueError
        If a trace holds no sample, or the budget is not a number above 0.
    """
    if not 0 < budget_bytes < np.inf:
        raise ValueError(f"budget_bytes is {budget_bytes}: a number of bytes above 0 is needed")
    if not isinstance(traces, Mapping):
        traces = {"all processes together": traces}
    if not traces or not all(len(trace) for trace in traces.values()):
        raise ValueError("a trace without samples cannot be drawn: each needs at least one (seconds, bytes)")
    figure, ax = plt.subplots(figsize=(8, 3), layout="constrained")
    budget, peaks = budget_bytes / 1e9, {}
    for name, trace in traces.items():
        seconds, used = np.array(trace).T
        peaks[name] = used.max() / 1e9
        (line,) = ax.plot(seconds, used / 1e9, label=name)
        ax.fill_between(seconds, used / 1e9, alpha=0.25, color=line.get_color())
        if used.max() > budget_bytes:
            ax.plot(seconds[used.argmax()], peaks[name], "X", color=line.get_color(), markersize=9)
    ax.axhline(budget, color=RED, linestyle="--", label="budget")
    ax.set(xlabel="seconds", ylabel="memory (GB)", ylim=(0, 1.35 * max(budget, *peaks.values())))
    ax.legend(loc="upper left", ncols=len(peaks) + 1)
    highest = ", ".join(f"{name} at most {peak:.2f} GB" for name, peak in peaks.items())
    show(figure, caption=caption, alt=f"Memory over time: {highest}; budget {budget:.2f} GB.")


def _formats(fmt: str) -> bool:
    """Whether a format tells one number from another; "km" and "{{}} km" label all bars alike."""
    try:
        return fmt.format(1.0) != fmt.format(2.0)
    except (ValueError, LookupError):
        return False


def _check_values(x: Sequence, series: Mapping[str, Sequence[float]], axes: Mapping[str, object]) -> None:
    if not len(series) or not len(x):
        raise ValueError(f"{len(series)} series over {len(x)} values of x: there is no line to draw")
    if axes.get("xscale") == "log" and not all(0 < value < np.inf for value in x):
        raise ValueError(f"x is {list(x)}, but a logarithmic axis shows only finite numbers above 0")
    for name, y in series.items():
        y = np.asarray(y, "f8")
        if len(y) != len(x):
            raise ValueError(f"series {name!r} has {len(y)} points, x has {len(x)}: they must be as many")
        if np.isnan(y).all():
            raise ValueError(f"series {name!r} is NaN throughout: leave it out or mend it")
        if axes.get("yscale") == "log" and not (np.isfinite(y).all() and y.min() >= 0 and y.max() > 0):
            raise ValueError(f"series {name!r} needs finite numbers, none below 0, on a logarithmic axis")
