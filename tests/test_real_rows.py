"""The notebooks about taxi trips on Dask, on real rows: they run to the end, with models as good as they should be."""

from __future__ import annotations

import json

import nbformat
import pytest
from nbclient import NotebookClient

from data_scripts import course
from data_scripts import taxi as taxi_script


def rmse_of_notebook(slug: str) -> dict[str, float]:
    """Execute the notebook on the trips of WORKSHOP_DATA; the errors on the last fifth by time, US$."""
    path = course.path(slug)
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("import json\nprint(json.dumps(dict(rmse)))"))
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": path.parent}}).execute()
    return json.loads(notebook.cells[-1].outputs[0].text)


@pytest.fixture
def data(mirror, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKSHOP_MIRROR", str(mirror))
    monkeypatch.setenv("WORKSHOP_DATA", str(tmp_path))


def test_on_kaggle_rows_trees_beat_the_line_and_cost_at_most_four_and_a_quarter_dollars(data):
    assert taxi_script.main(["--kaggle", "download"]) == 0
    line, trees = rmse_of_notebook("linear_model_from_sums"), rmse_of_notebook("trees_on_a_cluster")
    assert trees["XGBoost, all trips"] < line["linear model"] < 4.40 < line["mean"]
    assert trees["XGBoost, all trips"] <= 4.25
    assert trees["linear model"] < 4.40
