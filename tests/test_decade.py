"""A model that was trained on the past is measured on later real trips, and the reverse."""

from __future__ import annotations

import pandas as pd
import pytest

from benchmarks import decade
from helpers import taxi


def test_a_decade_costs_more_than_half_of_what_a_model_knows(mirror, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKSHOP_MIRROR", str(mirror))
    monkeypatch.setenv("WORKSHOP_DATA", str(tmp_path))
    decade.main(["--to", str(tmp_path / "decade.csv")])
    table = pd.read_csv(tmp_path / "decade.csv").set_index(["trained_on", "tested_on"])
    old, new = decade.TIMES
    assert table.loc[(old, new), "rmse"] > 1.5 * table.loc[(new, new), "rmse"]
    assert table.loc[(new, old), "rmse"] > 1.5 * table.loc[(old, old), "rmse"]
    assert (table.loc[[(old, old), (new, new)], "rmse"] < table.loc[[(old, old), (new, new)], "rmse_of_mean"]).all()


@pytest.mark.parametrize(("year", "fare", "start"), [(2009, "Fare_Amt", 2.5), (2024, "fare_amount", 3.0)])
def test_the_bounds_of_a_fare_need_no_year(mirror, year, fare, start):
    """Whatever a trip cost at its start, no true fare lies below the bound, and next to none above."""
    months = mirror.glob(f"trip-data/yellow_tripdata_{year}-*.parquet")
    fares = pd.concat(pd.read_parquet(month, columns=[fare]) for month in months)[fare]
    assert fares[fares >= taxi.MIN_FARE].min() == start
    assert (fares > taxi.MAX_FARE).mean() < 0.001
