"""The figures of a race: speed and memory of each contender, how they grow with the rows, and what a core brings."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator

from helpers import plots
from helpers.plots import style

COLOURS = {"linear": plots.BLUE, "trees": plots.GREEN}
FIVE = [*style.COLOURS[:4], "black"]
LINES = {"linear model, one pass": plots.BLUE, "50 boosted trees": plots.GREEN}


def figure(table: pd.DataFrame) -> Figure:
    """Draw speed (on a logarithmic axis, fastest on top) and memory of a table of ``benchmarks.race.measure``."""
    done = table.dropna(subset="seconds").sort_values(["model", "rows_per_second"], ascending=[True, False])
    drawn, axes = plt.subplots(1, 2, figsize=(10, 0.9 + 0.33 * len(done)), sharey=True, layout="constrained")
    colours = done.model.map(COLOURS)
    for ax, column, label, unit, scale in (
        (axes[0], "rows_per_second", "million rows a second", 1e6, "log"),
        (axes[1], "peak_MB", "peak memory of all processes (GB)", 1e3, "linear"),
    ):
        ax.bar_label(ax.barh(done.contender, done[column] / unit, color=colours), fmt="{:,.2f}", padding=3)
        ax.set(xscale=scale, xlabel=label)
        ax.xaxis.set_major_formatter(_plain)
        ax.margins(x=0.2)
        ax.grid(axis="y", visible=False)
    axes[0].invert_yaxis()
    _legend(drawn)
    return drawn


def growth(table: pd.DataFrame, *, highlight: list[str], budget_gb: float) -> Figure:
    """Draw seconds and peak memory against the rows, both axes logarithmic, and a line at a budget of memory.

    The five contenders of `highlight` have a colour and a name; the others are grey.
    """
    done = table.dropna(subset="seconds").sort_values("rows")
    drawn, axes = plt.subplots(1, 2, figsize=(10, 4.6), layout="constrained")
    for ax, column, unit, label in (
        (axes[0], "seconds", 1, "seconds"),
        (axes[1], "peak_MB", 1e3, "peak memory (GB)"),
    ):
        for contender, runs in done.groupby("contender"):
            if contender not in highlight:
                ax.plot(runs.rows / 1e6, runs[column] / unit, color="lightgrey", marker=".", zorder=1)
        for contender, colour in zip(highlight, FIVE, strict=True):
            runs = done[done.contender == contender]
            ax.plot(runs.rows / 1e6, runs[column] / unit, color=colour, marker="o", label=contender)
        ax.set(xscale="log", yscale="log", xlabel="million rows", ylabel=label)
        ax.set_xticks(sorted(done.rows.unique() / 1e6))
        ax.minorticks_off()
        ax.xaxis.set_major_formatter(_plain)
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        ax.yaxis.set_major_formatter(_plain)
    axes[1].axhline(budget_gb, color="black", linestyle="--", linewidth=1, label=f"{budget_gb:g} GB")
    handles, labels = axes[1].get_legend_handles_labels()
    drawn.legend(handles, labels, loc="outside upper center", ncols=3)
    return drawn


def cores(table: pd.DataFrame, *, baselines: dict[str, str]) -> Figure:
    """Draw speed on one core (a ring) and on all (a dot), and a line at one core of the baseline of each model."""
    wide = table.pivot_table("rows_per_second", ["model", "contender"], "cores").dropna() / 1e6
    one, most = wide.columns.min(), wide.columns.max()
    drawn, axes = plt.subplots(
        len(baselines), 1, figsize=(9, 1.5 + 0.33 * len(wide)), sharex=True, squeeze=False, layout="constrained",
        height_ratios=[len(wide.loc[model]) for model in baselines],
    )  # fmt: skip
    for ax, (model, baseline) in zip(axes[:, 0], baselines.items(), strict=True):
        part, colour = wide.loc[model].sort_values(most), COLOURS[model]
        ax.hlines(part.index, part[one], part[most], color=colour)
        ax.plot(part[one], part.index, "o", color=colour, markerfacecolor="white")
        ax.plot(part[most], part.index, "o", color=colour)
        ax.axvline(part[one][baseline], color="grey", linestyle="--", linewidth=1)
        ax.set(xscale="log", title=f"dashed: one core of {baseline}")
        ax.xaxis.set_major_formatter(_plain)
    axes[-1, 0].set_xlabel(f"million rows a second: ring {one} core, dot {most} cores")
    return drawn


def show(drawn: Figure, table: pd.DataFrame, *, caption: str) -> None:
    """Show a figure in a notebook, with the table's numbers in words for those who cannot see it."""
    done = table.dropna(subset="seconds")
    cores = done["cores"] if "cores" in done else [None] * len(done)
    alt = "; ".join(
        f"{row.contender}, {row.rows / 1e6:g} million rows{f', {count} cores' if count else ''}: "
        f"{row.rows_per_second / 1e6:.2f} million rows/s, {row.peak_MB / 1e3:.1f} GB"
        for row, count in zip(done.itertuples(), cores, strict=True)
    )
    plots.show(drawn, caption=caption, alt=f"{alt}.")


def _plain(value: float, _: int) -> str:
    return f"{value:,.10g}"


def _legend(drawn: Figure) -> None:
    handles = [plt.Rectangle((0, 0), 1, 1, color=colour) for colour in LINES.values()]
    drawn.legend(handles, list(LINES), loc="outside upper right", ncols=2)
