"""Small grey pictures in rows, in the style of `helpers.plots`: for the notebook about tf.data."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np

from helpers.plots.style import show


def grid(rows: Mapping[str, np.ndarray], *, caption: str) -> None:
    """Draw grey pictures, shape ``(n, height, width)`` or ``(n, height, width, 1)``, one row per entry of the mapping.

    A row's key is written in front of it. Each picture goes from black to its own brightest pixel. ValueError if there
    is no picture, or one of another shape.
    """
    shapes = {name: np.shape(pictures) for name, pictures in rows.items()}
    if not all(len(shape) == 3 or (len(shape) == 4 and shape[3] == 1) for shape in shapes.values()):
        raise ValueError(f"rows have the shapes {shapes}: (n, height, width) or (n, height, width, 1) is wanted")
    columns = max((shape[0] for shape in shapes.values()), default=0)
    if not columns:
        raise ValueError(f"rows have the shapes {shapes}: there is no picture to draw")
    size = (0.9 * columns + 1.2, 0.8 * len(rows))
    figure, axes = plt.subplots(len(rows), columns, figsize=size, squeeze=False, layout="constrained")
    for ax in axes.flat:
        ax.axis("off")
    for line, (name, pictures) in zip(axes, rows.items(), strict=True):
        line[0].text(-0.15, 0.5, name, transform=line[0].transAxes, ha="right", va="center")
        for ax, picture in zip(line, pictures, strict=False):
            ax.imshow(np.squeeze(picture), cmap="gray", vmin=0)
    names = "; ".join(name for name in rows if name)
    show(figure, caption=caption, alt=f"Small grey pictures in rows. {names}.")
