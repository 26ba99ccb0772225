"""Small grey pictures in rows, and which class was taken for which, in the style of `helpers.plots`.

Used by the notebooks that sort pictures of clothes into classes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import PowerNorm

from helpers.plots.style import show


def grid(rows: Mapping[str, np.ndarray], *, caption: str, titles: Sequence[str] = ()) -> None:
    """Draw pictures, one row per entry of the mapping, whose key is written in front of it.

    Parameters
    ----------
    rows : mapping of str to array, shape (n, height, width) or (n, height, width, 1)
        Grey pictures of any range, each drawn from black to its own brightest pixel.
    caption : str
        One sentence: what to see.
    titles : sequence of str, optional
        A title for each picture, in reading order.
    """
    columns = max(1, *(len(pictures) for pictures in rows.values()))
    text = max((title.count("\n") + 1 for title in titles), default=0)  # lines above a picture
    size = (0.9 * columns + 1.2, (0.8 + 0.2 * text) * len(rows))
    figure, axes = plt.subplots(len(rows), columns, figsize=size, squeeze=False, layout="constrained")
    for ax in axes.flat:
        ax.axis("off")
    above = iter(titles)
    for line, (name, pictures) in zip(axes, rows.items(), strict=True):
        line[0].text(-0.15, 0.5, name, transform=line[0].transAxes, ha="right", va="center")
        for ax, picture in zip(line, pictures, strict=False):
            ax.imshow(np.squeeze(picture), cmap="gray", vmin=0)
            ax.set_title(next(above, ""), fontsize=8.5, loc="center")
    names = "; ".join(name for name in rows if name)
    said = ", ".join(title.replace("\n", " ") for title in titles)
    show(figure, caption=caption, alt=". ".join(filter(None, ["Small grey pictures in rows", names, said])) + ".")


def confusion(counts: np.ndarray, *, names: Sequence[str], caption: str) -> None:
    """Draw how many pictures of each class (rows) were taken for which (columns), coloured by the share of their row.

    Parameters
    ----------
    counts : array of integers, shape (n, n)
    names : sequence of n str
    caption : str
    """
    counts = np.asarray(counts)
    if counts.shape != (len(names), len(names)):
        raise ValueError(f"counts has the shape {counts.shape}: {len(names)} names want a row and a column each")
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure, ax = plt.subplots(figsize=(7.4, 6), layout="constrained")
    ax.imshow(shares, cmap="Blues", norm=PowerNorm(0.5, 0, 1))
    for (row, column), count in np.ndenumerate(counts):
        if count:
            colour = "white" if shares[row, column] > 0.4 else "black"
            ax.text(column, row, f"{count:,}", ha="center", va="center", color=colour, fontsize=9)
    places = range(len(names))
    ax.set_xticks(places, names, rotation=40, ha="right", rotation_mode="anchor")
    ax.set_yticks(places, names)
    ax.set(xlabel="taken for", ylabel="is")
    ax.grid(False)
    right = ", ".join(f"{name} {share:.0%}" for name, share in zip(names, shares.diagonal(), strict=True))
    wrong = counts - np.diag(counts.diagonal())
    row, column = np.unravel_index(wrong.argmax(), wrong.shape)
    alt = f"Confusion matrix; taken for what they are: {right}."
    if wrong.any():
        alt += f" The most frequent mistake, {wrong.max():,} times: {names[row]} taken for {names[column]}."
    show(figure, caption=caption, alt=alt)
