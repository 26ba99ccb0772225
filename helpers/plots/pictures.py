"""Small grey pictures in rows, in the style of `helpers.plots`.

Used by the notebook in which a network learns to tell clothes apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np

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
