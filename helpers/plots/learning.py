"""How a model learns and how far it can be believed: descents, learning curves, trials, calibration."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.calibration import calibration_curve

from helpers.plots.style import BLUE, GREEN, GREY, ORANGE, RED, show


def descents(
    loss: Callable[[np.ndarray], float],
    paths: Mapping[str, np.ndarray],
    *,
    best: Sequence[float],
    xlabel: str,
    ylabel: str,
    caption: str,
) -> None:
    """Draw ways down a loss of two weights over its contours, a panel each.

    A path has the shape (steps, 2): the weights after each update, the start first. `best` are those of least loss.
    ValueError if there is no path, or one of another shape.
    """
    shapes = {name: np.shape(path) for name, path in paths.items()}
    if not shapes or not all(len(shape) == 2 and shape[0] and shape[1] == 2 for shape in shapes.values()):
        raise ValueError(f"paths have the shapes {shapes}: at least one, each (steps, 2), is needed")
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
    show(figure, caption=caption, alt=f"Paths over the contours of a loss. {where}{ends.replace(chr(10), ' ')}.")


def learning_curves(
    errors: Mapping[str, Sequence[float]] | pd.DataFrame,
    *,
    caption: str,
    faint: Sequence[str] = (),
    **axes,
) -> None:
    """Draw a line per model (a column of a DataFrame), its RMSE after 1, 2, 3 ... batches; thin and grey if `faint`.

    Raises
    ------
    ValueError
        If there is no curve, or one without a point.
    """
    curves = {name: list(y) for name, y in errors.items()}
    if not curves or not all(curves.values()):
        raise ValueError(f"{len(curves)} curves: one is needed at least, and no empty one")
    figure, ax = plt.subplots(figsize=(8, 3.6), layout="constrained")
    for name, y in curves.items():
        style = {"color": GREY, "linewidth": 0.8, "alpha": 0.6} if name in faint else {"linewidth": 2}
        ax.plot(range(1, len(y) + 1), y, label=name, **style)
    ax.set(xlabel="batches learned", ylabel="RMSE (US$)", **{"ylim": (0, None)} | axes)
    ax.legend()
    ends = ", ".join(f"{name} from {y[0]:,.3g} to {y[-1]:,.3g}" for name, y in curves.items())
    show(figure, caption=caption, alt=f"Lines, RMSE (US$) over batches learned: {ends}.")


def study(study, *, xlabel: str, ylabel: str, caption: str, **axes) -> None:
    """Draw the learning curves of an Optuna study's trials: grey if pruned, blue to the end, orange for the lowest end.

    Raises
    ------
    ValueError
        If a trial has no intermediate value, or all were pruned.
    """
    curves = {f"trial {trial.number}": list(trial.intermediate_values.values()) for trial in study.trials}
    pruned = {f"trial {trial.number}" for trial in study.trials if trial.state.name == "PRUNED"}
    finished = [name for name in curves if name not in pruned]
    if not finished or not all(curves.values()):
        raise ValueError(
            f"{len(curves)} trials, {len(finished)} to the end: one that ran to the end is needed, and no empty one"
        )
    best = min(finished, key=lambda name: curves[name][-1])
    figure, ax = plt.subplots(figsize=(8, 3.6), layout="constrained")
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
    counts = f"{len(finished)} ran to the end, {len(pruned)} were given up"
    alt = f"Lines, {ylabel} over {xlabel}: {counts}; best is {best} with {curves[best][-1]:,.3g}."
    show(figure, caption=caption, alt=alt)


def calibration(forecasts: Mapping[str, np.ndarray], happened: np.ndarray, *, caption: str) -> None:
    """Draw how often something happened over how probable it was said to be, for ten groups of equally many cases.

    Parameters
    ----------
    forecasts : mapping of str to array, shape (n,)
        Probabilities by the name of who gave them.
    happened : array of n, 0 or 1
    caption : str

    Raises
    ------
    ValueError
        If there is no forecast, one for more or fewer cases than happened, or one that is no probability.
    """
    if not forecasts:
        raise ValueError("forecasts is empty: there is nothing to draw")
    figure, ax = plt.subplots(figsize=(5.6, 5), layout="constrained")
    ax.plot([0, 1], [0, 1], color=GREY, linestyle="--", label="as said")
    said = []
    for (name, forecast), marker in zip(forecasts.items(), cycle("osv^Dx"), strict=False):
        y, x = calibration_curve(happened, forecast, n_bins=10, strategy="quantile")
        ax.plot(x, y, marker=marker, label=name)
        said.append(f"{name}: of those said to be {x[-1]:.0%} probable, {y[-1]:.0%} happened")
    ax.set(xlabel="probability, as said", ylabel="share that happened", xlim=(0, 1), ylim=(0, 1))
    ax.legend(loc="upper left")
    show(figure, caption=caption, alt=f"Calibration by groups, {'; '.join(said)}.")
