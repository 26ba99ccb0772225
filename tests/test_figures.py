"""Figures: additive counts, alt text that travels, graphs drawn without graphviz."""

from __future__ import annotations

import dask
import dask.array as da
import numpy as np
import pytest

from helpers import plots
from helpers.plots import graphs, style


@pytest.fixture
def shown(monkeypatch):
    """What figures hand to the notebook: ``(image, metadata)``."""
    images = []
    monkeypatch.setattr(style, "display", lambda image, metadata: images.append((image, metadata)))
    return images


def test_maps_of_batches_add_up_to_the_map_of_all():
    rng = np.random.default_rng(0)
    x, y, w = rng.uniform(-74.2, -73.6, 9_000), rng.uniform(40.5, 41, 9_000), rng.random(9_000)
    x[:100], y[50:150] = np.nan, 0
    whole = plots.density(x, y, weights=w)
    parts = sum(plots.density(x[i::3], y[i::3], weights=w[i::3]) for i in range(3))
    np.testing.assert_allclose(parts, whole)
    west, east, south, north = plots.MAP_BOX
    inside = (x >= west) & (x < east) & (y >= south) & (y < north)
    assert plots.density(x, y).sum() == inside.sum() > 0


def test_a_map_has_north_up_and_east_right():
    counts = plots.density([-73.76], [40.61], cells=10)
    assert counts[0, 9] == counts.sum() == 1  # row 0 is drawn at the bottom


def test_a_figure_carries_alt_text_with_its_numbers_and_names_its_data(shown):
    plots.name_source("synthetic, seed 0")
    plots.bars({"mean": 9.913, "linear model": 4.5}, "RMSE (US$)", "A caption.")
    ((image, metadata),) = shown
    assert image.data.startswith(b"\x89PNG")
    assert metadata["image/png"]["alt"] == "Bars, RMSE (US$): mean 9.91, linear model 4.50."


def test_a_graph_is_drawn_with_each_task_once(shown):
    mean = da.ones((4, 4), chunks=2).mean()
    graph = graphs.task_graph(mean)
    assert [len(list(graph.predecessors(key))) for key in graph if not graph.out_degree(key)] == [4]
    graphs.draw(mean, caption="Four blocks.")
    assert shown[0][1]["image/png"]["alt"].endswith("mean_chunk × 4, mean_agg-aggregate × 1.")


def test_a_graph_too_large_to_draw_is_counted(shown, capsys):
    graphs.draw(dask.delayed(sum)([dask.delayed(abs)(i) for i in range(200)]), caption="Many.")
    assert "tasks are too many to draw" in capsys.readouterr().out and not shown
