"""What a change gains: a way to do something before and after it, timed in turns on the same trips.

Used by the notebook about the choice of a tool. `times_as_fast` compares two functions, `measure` does so for the
changes that this course recommends. Each changes one thing and leaves the result as it is.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import dask
import dask.dataframe as dd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from sklearn.linear_model import SGDRegressor
from sklearn.preprocessing import StandardScaler

from helpers import fused, taxi

ROWS, LEARNED_ROWS = 100_000, 50_000  # trips in the files, and those that models learn from
TURNS = 4


def times_as_fast(before: Callable[[], object], after: Callable[[], object]) -> float:
    """How many times as fast `after` is: they take turns, and the fastest of each counts, as others may disturb."""
    times = [(_seconds(before), _seconds(after)) for _ in range(TURNS)]
    slow, fast = np.min(times, axis=0)
    return float(slow / fast)


def _seconds(way: Callable[[], object]) -> float:
    start = time.perf_counter()
    way()
    return time.perf_counter() - start


def measure(trips, client) -> dict[str, float]:
    """How many times as fast each change makes its step, the largest gain first.

    Parameters
    ----------
    trips : helpers.datasets.Dataset
        Of which some 100,000 are used.
    client : distributed.Client
        With workers on this machine.

    Returns
    -------
    dict of float
        By a name that says what was changed into what.
    """
    table = pa.Table.from_batches(list(trips.stream(shuffle=True, stop=ROWS)))
    with tempfile.TemporaryDirectory(prefix="gains-", ignore_cleanup_errors=True) as folder:
        gains = _files(table, Path(folder)) | _arithmetic(table) | _dask(Path(folder), client)
    return dict(sorted(gains.items(), key=lambda gain: -gain[1]))


def _files(table: pa.Table, folder: Path) -> dict[str, float]:
    csv, plain, packed = str(folder / "trips.csv"), str(folder / "plain.parquet"), str(folder / "packed.parquet")
    tiny = str(folder / "tiny.parquet")
    pa.csv.write_csv(table, csv)
    pq.write_table(table, plain, compression="none", row_group_size=50_000)
    pq.write_table(table, packed, compression="gzip", row_group_size=50_000)
    pq.write_table(table, tiny, compression="none", row_group_size=500)
    two = ["pickup_longitude", "fare_amount"]
    return {
        "CSV → Parquet": times_as_fast(
            lambda: pd.read_csv(csv, parse_dates=["pickup_datetime"]), lambda: pd.read_parquet(plain)
        ),
        "7 columns → 2": times_as_fast(lambda: pq.read_table(plain), lambda: pq.read_table(plain, columns=two)),
        "gzip → no compression": times_as_fast(lambda: pq.read_table(packed), lambda: pq.read_table(plain)),
        "row groups of 500 → 50,000": times_as_fast(lambda: pq.read_table(tiny), lambda: pq.read_table(plain)),
    }


def _arithmetic(table: pa.Table) -> dict[str, float]:
    X, _ = taxi.to_xy(table)
    scaler = StandardScaler().fit(X)
    single = scaler.transform(X)
    double = single.astype("f8")
    some = table.slice(0, LEARNED_ROWS)

    def learn(size: int) -> None:
        model = SGDRegressor(penalty=None, shuffle=False)
        for batch in some.to_batches(size):
            model.partial_fit(*taxi.to_xy(batch, scaler=scaler))

    def learn_compiled() -> None:
        model = SGDRegressor(penalty=None, shuffle=False)
        for batch in some.to_batches(10_000):
            fused.partial_fit(model, batch, scaler=scaler)

    return {
        "float64 → float32": times_as_fast(lambda: double.T @ double, lambda: single.T @ single),
        "batches of 500 → 10,000": times_as_fast(lambda: learn(500), lambda: learn(10_000)),
        "numpy → compiled loop": times_as_fast(lambda: learn(10_000), learn_compiled),
    }


def _dask(folder: Path, client) -> dict[str, float]:
    tiny = str(folder / "tiny.parquet")
    small, large = (dd.read_parquet(tiny, split_row_groups=groups) for groups in (5, 200))
    fresh = taxi.features(taxi.clean(large)).sum()
    kept = taxi.features(taxi.clean(large)).persist()
    python, numpy = ([dask.delayed(job)() for _ in range(4)] for job in (_pure_python, _numpy))
    return {
        "numpy: 1 thread → all": times_as_fast(
            lambda: dask.compute(*numpy, scheduler="sync"), lambda: dask.compute(*numpy, scheduler="threads")
        ),
        "Python: threads → processes": times_as_fast(
            lambda: dask.compute(*python, scheduler="threads"), lambda: client.compute(python, sync=True)
        ),
        "partitions of 2,500 → 100,000": times_as_fast(
            small["fare_amount"].sum().compute, large["fare_amount"].sum().compute
        ),
        "read again → persist": times_as_fast(fresh.compute, kept.sum().compute),
    }


def _pure_python() -> int:
    """Python's own arithmetic, which threads do one after another."""
    return sum(number % 7 for number in range(3_000_000))


def _numpy() -> float:
    """numpy's arithmetic, which threads do side by side."""
    return float(np.sin(np.arange(5_000_000.0)).sum())
