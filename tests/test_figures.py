"""Figures: additive counts, alt text that travels, graphs drawn without graphviz."""

from __future__ import annotations

import os
import subprocess
import sys
import types

import dask
import dask.array as da
import numpy as np
import pytest

from helpers import plots
from helpers.plots import graphs, maps, style


@pytest.fixture
def shown(monkeypatch):
    """What figures hand to the notebook: ``(image, metadata)``."""
    images = []
    monkeypatch.setattr(style, "display", lambda image, metadata: images.append((image, metadata)))
    return images


def test_maps_of_batches_add_up_to_the_map_of_all():
    rng = np.random.default_rng(0)
    x, y = rng.uniform(-74.2, -73.6, 9_000), rng.uniform(40.5, 41, 9_000)
    x[:100], y[50:150] = np.nan, 0
    whole = plots.density(x, y)
    parts = sum(plots.density(x[i::3], y[i::3]) for i in range(3))
    np.testing.assert_allclose(parts, whole)
    inside = (x >= maps.WEST) & (x < maps.EAST) & (y >= maps.SOUTH) & (y < maps.NORTH)
    assert plots.density(x, y).sum() == inside.sum() > 0


def test_a_map_has_north_up_and_east_right():
    counts = plots.density([-73.7501], [40.6001])
    assert counts[0, -1] == counts.sum() == 1  # row 0 is drawn at the bottom


def test_a_figure_carries_alt_text_with_its_numbers_and_names_its_data(shown):
    plots.name_source("synthetic, seed 0")
    plots.bars({"mean": 9.913, "linear model": 4.5}, xlabel="RMSE (US$)", caption="A caption.")
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


def test_each_of_seven_lines_is_drawn_and_looks_like_no_other(shown, monkeypatch):
    drawn = []
    monkeypatch.setattr(style.plt, "close", drawn.append)
    plots.lines([1, 2], {f"line {n}": [n, n + 1] for n in range(7)}, xlabel="x", ylabel="y", caption="Seven.")
    looks = {(line.get_color(), line.get_linestyle(), line.get_marker()) for line in drawn[0].axes[0].lines}
    assert len(drawn[0].axes[0].lines) == len(looks) == 7
    assert all(f"line {n} from" in shown[0][1]["image/png"]["alt"] for n in range(7))


def test_nested_lines_that_lie_on_one_another_are_all_seen(shown, monkeypatch):
    drawn = []
    monkeypatch.setattr(style.plt, "close", drawn.append)
    same = {name: [2, 1] for name in "abc"}
    plots.lines([1, 2], same, xlabel="x", ylabel="y", caption="One.", nested=True)
    assert [line.get_linewidth() for line in drawn[0].axes[0].lines] == [7.5, 4.5, 1.5]


LABELS = {"xlabel": "x", "ylabel": "y", "caption": "A caption."}


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda: plots.bars({"a": 1}, xlabel="km", caption="A caption.", fmt="km"), "fmt is 'km'"),
        (lambda: plots.bars({}, xlabel="km", caption="A caption."), "values is empty"),
        (lambda: plots.bars({"a": 1}, xlabel="km", caption="A caption.", fmt="{{}} km"), "fmt is"),
        (lambda: plots.bars({"a": 1}, xlabel="km", caption="A caption.", fmt="{} {}"), "fmt is"),
        (lambda: plots.bars({"a": np.nan}, xlabel="km", caption="A caption."), r"values\['a'\] is nan"),
        (lambda: plots.lines([1, 2], {"a": [np.nan] * 2}, **LABELS), "'a' is NaN throughout"),
        (lambda: plots.lines([1, 2], {"a": [1, np.inf]}, **LABELS, yscale="log"), "needs finite numbers"),
        (lambda: plots.lines([0, 2], {"a": [1, 2]}, **LABELS, log=True), "finite numbers above 0"),
        (lambda: plots.lines([0, 2], {"a": [1, 2]}, **LABELS, xscale="log"), "finite numbers above 0"),
        (lambda: plots.memory([(0, 1)], budget_bytes=0, caption="A caption."), "budget_bytes is 0"),
        (lambda: plots.density([0], [0, 0]), "1 longitudes and 2 latitudes"),
        (lambda: graphs.draw(caption="Nothing."), "collections is"),
        (lambda: graphs.draw(3, caption="A number."), "collections is"),
        (lambda: plots.lines([1, 2], {"short": [1]}, **LABELS), "'short' has 1 points, x has 2"),
        (lambda: plots.lines([1, 2], {}, **LABELS), "no line to draw"),
        (lambda: plots.dots({"empty": ([], [])}, **LABELS), "panels need dots"),
        (lambda: plots.memory([], budget_bytes=1, caption="A caption."), "without samples"),
        (lambda: plots.study(types.SimpleNamespace(trials=[]), **LABELS), "ran to the end is needed"),
        (lambda: plots.learning_curves({"a": []}, caption="A caption."), "no empty one"),
        (lambda: plots.calibration({"a": [0.5]}, [1, 0], caption="A caption."), "inconsistent numbers of samples"),
        (lambda: plots.calibration({"a": [1.5, 0]}, [1, 0], caption="A caption."), r"outside \[0, 1\]"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(draw, said):
    with pytest.raises(ValueError, match=said):
        draw()


def test_a_users_matplotlibrc_changes_no_figure(tmp_path):
    hostile = tmp_path / "matplotlibrc"
    hostile.write_text("font.size: 40\nsavefig.transparent: True\naxes.facecolor: red\n", encoding="utf-8")
    script = "import matplotlib.pyplot as plt; from helpers import plots; print(sorted(plt.rcParams.items()))"
    says = [
        subprocess.check_output([sys.executable, "-c", script], env=os.environ | {"MATPLOTLIBRC": where}, text=True)
        for where in (str(hostile), os.devnull)
    ]
    assert says[0] == says[1]


def test_a_gap_in_a_line_does_not_hide_its_range(shown):
    plots.lines([1, 2, 3], {"a": [np.nan, 2, 5]}, **LABELS)
    assert "a from 2 to 5" in shown[0][1]["image/png"]["alt"]


def test_dots_over_times_and_of_one_value_are_drawn(shown):
    times = np.array(["2009-01-01", "2009-01-02", "2009-01-03"], "M8[s]")
    plots.dots({"rising": (range(3), times), "one": ([1], times[:1])}, **LABELS, edges=[1], line=times[1])
    said = "Dots, y over x; rising: correlation 1.00; one: all on one line along an axis."
    assert shown[0][1]["image/png"]["alt"] == said


def test_pruned_trials_of_a_study_are_drawn_as_given_up(shown):
    optuna = pytest.importorskip("optuna")
    study = optuna.create_study()
    for state, errors in ((optuna.trial.TrialState.COMPLETE, [3.0, 2.0]), (optuna.trial.TrialState.PRUNED, [9.0])):
        steps = dict(enumerate(errors))
        study.add_trial(optuna.trial.create_trial(state=state, value=errors[-1], intermediate_values=steps))
    plots.study(study, **LABELS)
    alt = shown[0][1]["image/png"]["alt"]
    assert alt.endswith("1 ran to the end, 1 were given up; best is trial 0 with 2.")
