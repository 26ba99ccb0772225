"""Figures in one house style, each with a caption, alt text and its data's source: ``from helpers import plots``."""

from helpers.plots.charts import bars, dots, lines, memory
from helpers.plots.learning import calibration, descents, learning_curves, study
from helpers.plots.maps import density, density_maps
from helpers.plots.style import BLUE, GREEN, GREY, name_source, show

__all__ = [
    "BLUE", "GREEN", "GREY", "bars", "calibration", "density", "density_maps", "descents", "dots",
    "learning_curves", "lines", "memory", "name_source", "show", "study",
]  # fmt: skip
