"""A model that was trained on the past is measured on later real trips, and the reverse."""

from __future__ import annotations

import pandas as pd

from benchmarks import decade


def test_a_decade_costs_more_than_half_of_what_a_model_knows(mirror, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKSHOP_MIRROR", str(mirror))
    monkeypatch.setenv("WORKSHOP_DATA", str(tmp_path))
    decade.main(["--to", str(tmp_path / "decade.csv")])
    table = pd.read_csv(tmp_path / "decade.csv").set_index(["trained_on", "tested_on"])
    old, new = decade.TIMES
    assert table.loc[(old, new), "rmse"] > 1.5 * table.loc[(new, new), "rmse"]
    assert table.loc[(new, old), "rmse"] > 1.5 * table.loc[(old, old), "rmse"]
    assert (table.loc[[(old, old), (new, new)], "rmse"] < table.loc[[(old, old), (new, new)], "rmse_of_mean"]).all()
