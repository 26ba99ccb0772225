"""The figure of a race: speed and memory of each contender."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from helpers import plots


def figure(table: pd.DataFrame) -> Figure:
    """Draw speed (on a logarithmic axis, fastest on top) and memory of a table of ``benchmarks.race.measure``."""
    done = table.dropna(subset="seconds").sort_values(["model", "rows_per_second"], ascending=[True, False])
    drawn, axes = plt.subplots(1, 2, figsize=(10, 0.9 + 0.33 * len(done)), sharey=True, layout="constrained")
    colours = done.model.map({"linear": plots.BLUE, "trees": plots.GREEN})
    for ax, column, label, unit, scale in (
        (axes[0], "rows_per_second", "million rows a second", 1e6, "log"),
        (axes[1], "peak_MB", "peak memory of all processes (GB)", 1e3, "linear"),
    ):
        ax.bar_label(ax.barh(done.contender, done[column] / unit, color=colours), fmt="{:,.2f}", padding=3)
        ax.set(xscale=scale, xlabel=label)
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
        ax.margins(x=0.2)
        ax.grid(axis="y", visible=False)
    axes[0].invert_yaxis()
    handles = [plt.Rectangle((0, 0), 1, 1, color=colour) for colour in (plots.BLUE, plots.GREEN)]
    drawn.legend(handles, ["linear model, one pass", "50 boosted trees"], loc="outside upper right", ncols=2)
    return drawn


def show(table: pd.DataFrame, *, caption: str) -> None:
    """Show that figure in a notebook, with its numbers in words for those who cannot see it."""
    done = table.dropna(subset="seconds")
    alt = "; ".join(
        f"{row.contender}: {row.rows_per_second / 1e6:.2f} million rows/s, {row.peak_MB / 1e3:.1f} GB"
        for row in done.itertuples()
    )
    plots.show(figure(table), caption=caption, alt=f"Bars: {alt}.")
