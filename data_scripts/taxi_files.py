"""Taxi trips of any origin to Parquet files of one schema, batch by batch, so memory does not grow with a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data_scripts import tables, zones
from data_scripts.values import Values
from helpers.taxi import SCHEMA

ROW_GROUP = 125_000  # rows
COMPRESSION = "none"  # coordinates are noise to a compressor: 5 % larger, and read in half the time
DICTIONARY = ["passenger_count", "fare_amount"]  # few distinct values; dictionaries of the others only cost time
FEWEST, MOST = np.iinfo("i2").min, np.iinfo("i2").max  # passengers that the schema can hold

# Where each column of SCHEMA comes from.
KAGGLE = {name: name for name in SCHEMA.names}
TLC_2009 = {
    "pickup_datetime": "Trip_Pickup_DateTime",
    "pickup_longitude": "Start_Lon",
    "pickup_latitude": "Start_Lat",
    "dropoff_longitude": "End_Lon",
    "dropoff_latitude": "End_Lat",
    "passenger_count": "Passenger_Count",
    "fare_amount": "Fare_Amt",
}
TLC_2010 = {name: name for name in SCHEMA.names}
TLC_ZONES = {  # since 2011
    "pickup_datetime": "tpep_pickup_datetime",
    "pickup_zone": "PULocationID",
    "dropoff_zone": "DOLocationID",
    "passenger_count": "passenger_count",
    "fare_amount": "fare_amount",
}


def layout(month: str) -> dict[str, str]:
    """The columns of a TLC month by what they hold: the names of SCHEMA, or zones in place of coordinates."""
    if month >= "2011":
        return TLC_ZONES
    return TLC_2009 if month < "2010" else TLC_2010


def write(
    path: Path,
    source: str,
    *,
    batches: Iterable[pa.Table | pa.RecordBatch],
    progress: Callable[[int], object],
    values: Values | None = None,
) -> int:
    """Write trips to a Parquet file.

    Parameters
    ----------
    path : Path
    source : str
        What the rows are, for captions; kept in the file under the key ``source``.
    batches : iterable of pyarrow.Table or pyarrow.RecordBatch
        With ``SCHEMA``, of any lengths.
    progress : callable
        Told the number of rows after each row group.
    values : Values, optional
        What read them; its notes are kept in the file, too.

    Returns
    -------
    int
        Rows written.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    rows, schema = 0, SCHEMA.with_metadata({"source": source})
    with pq.ParquetWriter(path, schema, compression=COMPRESSION, use_dictionary=DICTIONARY) as writer:
        for group in _row_groups(batches):
            writer.write_table(group, ROW_GROUP)
            rows += group.num_rows
            progress(group.num_rows)
        if values is not None:
            writer.add_key_value_metadata(values.notes())
    return rows


def read_tlc(path: Path, month: str, *, values: Values) -> Iterator[pa.RecordBatch]:
    """Yield the trips of a TLC month with ``SCHEMA``; a trip of another month, or of none, is counted and left out.

    Raises
    ------
    ValueError
        If the file is damaged, lacks a column, holds no trip of the month, or too much of it cannot be read.
    OSError
        If it may not be read.
    """
    columns = layout(month)
    first = np.datetime64(month)
    start, end = (pa.scalar(moment.astype("M8[us]")) for moment in (first, first + 1))
    rng = np.random.default_rng([int(part) for part in month.split("-")])  # the same file gives the same places
    kept = 0
    for batch in tables.batches(path, columns.values(), rows=ROW_GROUP):
        trips = _convert(batch.rename_columns(list(columns)), columns, values, rng)
        times = trips["pickup_datetime"]
        inside = pc.and_(pc.greater_equal(times, start), pc.less(times, end))
        month_trips = trips.filter(inside)  # a time that is missing is in no month
        values.left_out += len(trips) - len(month_trips)
        kept += len(month_trips)
        yield month_trips
    values.check()
    if not kept:
        raise ValueError(f"{path} holds no trip of {month}: check where it comes from, and get it again")


def read_kaggle(path: Path, values: Values) -> Iterator[pa.RecordBatch]:
    """Yield the trips of Kaggle's ``train.csv`` with ``SCHEMA``: as CSV or Parquet, packed or not.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is damaged, lacks a column, holds no trip, or too much of it cannot be read.
    OSError
        If it may not be read.
    """
    if not path.exists():
        raise FileNotFoundError(f"There is no file {path}: give the path of Kaggle's train.csv")
    rows = 0
    for batch in tables.batches(path, KAGGLE, rows=ROW_GROUP, member="train.csv"):
        yield _convert(batch, KAGGLE, values)
        rows += len(batch)
    values.check()
    if not rows:
        raise ValueError(f"{path} holds no trip: check where it comes from, and get it again")


def _convert(
    batch: pa.RecordBatch, names: dict[str, str], values: Values, rng: np.random.Generator | None = None
) -> pa.RecordBatch:
    """A batch with SCHEMA, of one whose columns stand in a file under these names."""
    columns = {"pickup_datetime": values.times(names["pickup_datetime"], batch["pickup_datetime"])}
    if names is TLC_ZONES:
        for end in ("pickup", "dropoff"):
            zone = f"{end}_zone"
            numbers = values.numbers(names[zone], batch[zone], low=1, high=zones.LAST)
            columns[f"{end}_longitude"], columns[f"{end}_latitude"] = zones.places(numbers, rng)
    for name in SCHEMA.names:
        if name not in columns and name != "passenger_count":
            columns[name] = values.numbers(names[name], batch[name])
    passengers = values.numbers(names["passenger_count"], batch["passenger_count"], low=FEWEST, high=MOST)
    columns["passenger_count"] = np.nan_to_num(passengers)
    with np.errstate(over="ignore"):  # too large for float32 becomes infinite, and clean() drops it
        arrays = [_array(columns[field.name], field.type) for field in SCHEMA]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def _array(values: pa.Array | np.ndarray, to: pa.DataType) -> pa.Array:
    if isinstance(values, pa.Array):
        return values
    return pa.array(values.astype(to.to_pandas_dtype()), from_pandas=True)


def _row_groups(batches: Iterable[pa.Table | pa.RecordBatch]) -> Iterator[pa.Table]:
    """The same rows in tables of ROW_GROUP rows; the last may be shorter."""
    waiting = SCHEMA.empty_table()
    for batch in batches:
        table = pa.Table.from_batches([batch]) if isinstance(batch, pa.RecordBatch) else batch
        waiting = pa.concat_tables([waiting, table])
        while waiting.num_rows >= ROW_GROUP:
            yield waiting.slice(0, ROW_GROUP)
            waiting = waiting.slice(ROW_GROUP)
    if waiting.num_rows:
        yield waiting
