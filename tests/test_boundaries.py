"""What a function cannot do right, it refuses by one sentence that names the argument and the value."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import SGDRegressor

from data_scripts import taxi_synthetic
from helpers import (
    averaging,
    clock,
    datasets,
    fashion,
    flights,
    incremental,
    memory,
    plots,
    stream,
    synthetic,
    taxi,
    tf_workers,
    workers,
)
from helpers.planning import planner
from helpers.planning.assumptions import Measured
from helpers.plots.pictures import grid
from helpers.processes import Outcome

FILE = Path("nowhere.parquet")  # all is refused before it is opened
TRIPS = datasets.Dataset("synthetic, seed 0", (FILE,), rows=100)
EMPTY = dataclasses.replace(TRIPS, rows=0)
MEASURED = Measured(rows_per_second=1e6, bytes_per_row=30)


def watch(interval):
    with memory.watch(interval):
        pass


COUNTS = {
    "rows": lambda n: taxi.sample(TRIPS, rows=n),
    "at_most": lambda n: fashion.records([FILE], at_most=n),
    "period": lambda n: flights.circle(np.zeros(3), n),
    "interval": watch,
    "limit": lambda n: memory.run_capped(print, limit=n),
    "count": workers.free_ports,
    "tries": lambda n: clock.seconds(print, tries=n),
    "depth": lambda n: stream.prefetch([1], n),
    "every": lambda n: incremental.fit(None, print, paths=[FILE], every=n),
    "batch_rows": lambda n: stream.batches(FILE, batch_rows=n),
    "hours": lambda n: planner.shares([1e12], hours=n, measured=MEASURED),
    "budget_bytes": lambda n: plots.memory([(0, 1)], budget_bytes=n, caption=""),
    "rows of files": lambda n: datasets.synthetic_taxi_files(n),
    "rows to make": lambda n: taxi_synthetic.generate(n),
}


@pytest.mark.parametrize("name", COUNTS)
@settings(max_examples=5, deadline=None)
@given(count=st.integers(max_value=0))
def test_where_something_is_counted_nothing_and_less_are_refused(name, count):
    with pytest.raises(ValueError, match=f"{name.split()[0]} is {count}"):
        COUNTS[name](count)


@settings(max_examples=20, deadline=None)
@given(start=st.integers(-5, 5), stop=st.integers(-5, 5), seed=st.integers(-2, 2))
def test_a_table_has_the_rows_that_were_asked_for_or_says_why_not(start, stop, seed):
    for make in (synthetic.taxi_trips, lambda *rows, seed: synthetic.garments(*rows, seed=seed)[1]):
        if 0 <= start <= stop and seed >= 0:
            assert len(make(start, stop, seed=seed)) == stop - start
        else:
            with pytest.raises(ValueError, match=f"{start} to {stop}.* seed {seed}"):
                make(start, stop, seed=seed)


def test_what_cannot_be_done_right_is_refused(tmp_path):
    pq.write_table(pa.table({"x": [1]}), tmp_path / "bare", write_statistics=False)
    (tmp_path / "text").write_text("no table")
    model, said = SGDRegressor(), Outcome("f", None, printed=["hello", "step 1 loss 2.5"])
    for call, sentence in {
        lambda: taxi.sample(EMPTY, rows=5): "rows is 5 of 0 trips",
        lambda: flights.per_day(EMPTY): "data holds no flights",
        lambda: flights.late_by_hour(EMPTY): "data holds no flights",
        lambda: fashion.records([], at_most=1): "at_most is 1, of 0 files",
        lambda: stream.batches(FILE, batch_rows=1e3): "batch_rows is 1000.0: a whole number",
        lambda: stream.footer(tmp_path / "bare", "x"): "without the smallest and largest x",
        lambda: stream.footer(tmp_path / "text", "x"): "text cannot be read as Parquet",
        lambda: averaging.average([model], [1, 2], before=model): r"rows are \[1, 2\] of 1 models",
        lambda: averaging.average([model], [-1], before=model): r"rows are \[-1\]",
        lambda: tf_workers.compare(["one"], [said, said]): r"names are \['one'\], for 2 workers",
        lambda: tf_workers.compare(["one"], [said], steps=[1, 2]): "steps name 2, whose loss worker 0 has not",
        lambda: grid({"a": np.zeros((2, 5))}, caption=""): r"rows have the shapes \{'a': \(2, 5\)\}",
        lambda: grid({"a": np.zeros((0, 5, 5))}, caption=""): "there is no picture",
        lambda: plots.descents(abs, {}, best=(0, 0), xlabel="", ylabel="", caption=""): "paths have the shapes {}",
        lambda: plots.calibration({}, np.ones(3), caption=""): "forecasts is empty",
    }.items():
        with pytest.raises(ValueError, match=sentence):
            call()
    with pytest.raises(NotADirectoryError, match="folder is 'nowhere'"):
        tf_workers.copy_of("nowhere")
    assert list(tf_workers.losses(said)) == [2.5]
