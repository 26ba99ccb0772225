"""Exercises: every notebook's blank says "not yet", its solution passes, and typical wrong answers get a hint each."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace

import dask.dataframe as dd
import numpy as np
import pandas as pd
import pytest

from helpers import check, synthetic, taxi

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
TRIPS = SimpleNamespace(rows=1_000, bytes=25_000)
USABLE = taxi.clean(dd.from_pandas(synthetic.taxi_trips(0, 30_000).to_pandas(), npartitions=2))


def products():
    table = taxi.features(USABLE).compute()
    x = table[taxi.FEATURES].to_numpy("f8")
    a = np.column_stack([np.ones(len(x)), (x - x.mean(0)) / x.std(0), table.fare_amount])
    return a.T @ a


def rmse_of_line():
    table = taxi.features(USABLE).compute()
    slope, constant = np.polyfit(table.distance, table.fare_amount.astype("f8"), 1)
    return np.sqrt(np.mean((constant + slope * table.distance - table.fare_amount) ** 2))


def sums_by_hour():
    usable = USABLE.compute()
    table = taxi.features(usable)
    return table.groupby(usable.pickup_datetime.dt.hour)[["fare_amount", "distance"]].sum()


def cases():
    """Exercise, what it is given, a right answer, and wrong ones."""
    counts = USABLE.passenger_count.value_counts().compute()
    yield check.bytes_per_trip, (TRIPS,), [25, 25.0, np.float32(25)], [1 / 25, 200, 7]
    yield check.trips_in_a_petabyte, (TRIPS,), [4e13], [4e10, 2.5e16, 7]
    yield check.rows_per_chunk, (), [5_000, 5_000.0], [40_000, 5_000_000, 5_242, 7]
    two, right = counts[2], pd.Series([counts[2]])
    yield check.two_passengers, (USABLE,), [two, right], [counts[counts.index >= 2].sum(), 2 * two, counts.sum(), 7]
    matrix, line = products(), rmse_of_line()
    mean = taxi.features(USABLE).fare_amount.compute().astype("f8").std(ddof=0)
    yield check.distance_only, (matrix,), [line], [line**2, line * np.sqrt(matrix[0, 0]), mean, 7]
    sums = sums_by_hour()
    rate = sums.fare_amount / sums.distance
    busiest = sums.fare_amount.idxmax()
    yield check.dearest_hour, (USABLE,), [rate.idxmax()], [rate.idxmin(), busiest, 24]
    yield check.rows_that_fit, (10**9,), [10**9 // 68, 10**9 / 68], [10**9 / 136, 10**9 / 4, 10**9 // 17, 7]
    odd = SimpleNamespace(rows=1_001, bytes=25_000)
    yield check.batches_of_a_pass, (odd, 100), [11], [100 / 1_001, 10.01, 1_001, 7]
    yield check.rows_of_a_batch, (10**9, 2 * 10**8, 100.0), [8e6], [1e7, 8e8, 8e10, 7]


CASES = list(cases())


@pytest.mark.parametrize(("exercise", "given", "right", "wrong"), CASES, ids=lambda x: getattr(x, "__name__", ""))
def test_an_exercise_answers_back(exercise, given, right, wrong, capsys):
    def reply(answer):
        exercise(answer, *given)
        return capsys.readouterr().out

    assert reply(...).startswith("Not yet")
    for answer in right:
        assert reply(answer) == "Right!\n"
    hints = [reply(answer) for answer in wrong]
    assert all(hint.startswith("Not quite. ") for hint in hints) and len(set(hints)) == len(hints)
    assert "compute()" in reply(USABLE.fare_amount.mean()) and "str" in reply("five")


def test_every_exercise_is_tested_here():
    names = {case[0].__name__ for case in CASES}
    used = {
        name
        for path in NOTEBOOKS
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        for name in re.findall(r"check\.(\w+)\(", "".join(cell["source"]))
    }
    assert used == names


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_has_two_exercises_blank_and_then_solved(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    replies = {}
    for cell in cells:
        for name in re.findall(r"(?m)^check\.(\w+)\(", "".join(cell["source"])):
            hidden = cell["metadata"].get("jupyter", {}).get("source_hidden", False)
            text = "".join("".join(output.get("text", "")) for output in cell["outputs"])
            replies.setdefault(name, []).append((hidden, text.split(":")[0].strip()))
    assert len(replies) >= 2
    assert all(reply == [(False, "Not yet"), (True, "Right!")] for reply in replies.values())
