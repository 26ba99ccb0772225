"""One house style for every figure: colour-blind safe, captioned, with alt text and its data's source."""

from __future__ import annotations

import io

import matplotlib.pyplot as plt
from IPython.display import Image, display

COLOURS = ["#0072B2", "#E69F00", "#009E73", "#D55E00", "#767676"]  # Okabe and Ito's palette
BLUE, ORANGE, GREEN, RED, GREY = COLOURS

plt.rcdefaults()  # whatever the user's own matplotlibrc says
plt.rcParams.update(
    {
        "figure.figsize": (8, 4.2),
        "figure.dpi": 110,
        "font.size": 11,
        "axes.titlesize": 12,
        "axes.titlelocation": "left",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.prop_cycle": plt.cycler(color=COLOURS),
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


def show(figure: plt.Figure, *, caption: str, alt: str, cite: bool = True) -> None:
    """Show a figure as a PNG and close it: under it `caption` and, with `cite`, the source of the data.

    `alt`, the figure in words for those who cannot see it, travels with the notebook to any page made of it.
    """
    if cite:
        caption += _source
    figure.text(0.01, -0.01, caption, ha="left", va="top", fontsize=10, color="#444444", wrap=True)
    png = io.BytesIO()
    figure.savefig(png, format="png", bbox_inches="tight")
    plt.close(figure)
    display(Image(png.getvalue()), metadata={"image/png": {"alt": alt}})
