"""The taxi notebook on real rows: it runs top to bottom, and its models are as good as they should be."""

from __future__ import annotations

import json

import nbformat
import pytest
from nbclient import NotebookClient

from data_scripts import course
from data_scripts import taxi as taxi_script

NOTEBOOK = course.path("dask_nyc_taxi")


def rmse_of_notebook() -> dict[str, float]:
    """Execute the notebook on the trips of WORKSHOP_DATA; the errors on the last fifth by time, US$."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("import json\nprint(json.dumps(dict(rmse)))"))
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": NOTEBOOK.parent}}).execute()
    return json.loads(notebook.cells[-1].outputs[0].text)


@pytest.fixture
def data(mirror, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKSHOP_MIRROR", str(mirror))
    monkeypatch.setenv("WORKSHOP_DATA", str(tmp_path))


def test_on_kaggle_rows_trees_beat_the_line_and_cost_at_most_four_and_a_quarter_dollars(data):
    assert taxi_script.main(["--kaggle", "download"]) == 0
    rmse = rmse_of_notebook()
    assert rmse["XGBoost in memory"] < rmse["linear model"] < 4.40 < rmse["mean"]
    assert rmse["XGBoost in memory"] <= 4.25
