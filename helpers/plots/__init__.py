"""Figures in one house style, each with a caption, alt text and its data's source: ``from helpers import plots``."""

from helpers.plots.charts import bars, dots, lines, memory
from helpers.plots.learning import calibration, descents, learning_curves, study, trials
from helpers.plots.maps import MAP_CELLS, MAP_EXTENT, density, density_maps, marked_map, value_map, value_maps
from helpers.plots.style import BLUE, GREEN, GREY, ORANGE, RED, name_source, show

__all__ = [
    "BLUE", "GREEN", "GREY", "MAP_CELLS", "MAP_EXTENT", "ORANGE", "RED", "bars", "calibration", "density",
    "density_maps", "descents", "dots", "learning_curves", "lines",
    "marked_map", "memory", "name_source", "show", "study", "trials", "value_map", "value_maps",
]  # fmt: skip
