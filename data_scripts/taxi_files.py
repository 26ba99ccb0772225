"""Taxi trips of any origin to Parquet files of one schema, batch by batch, so memory does not grow with a file."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from data_scripts import tables
from helpers.taxi import SCHEMA

ROW_GROUP = 125_000  # rows
COMPRESSION = "none"  # coordinates are noise to a compressor: 5 % larger, and read in half the time
DICTIONARY = ["passenger_count", "fare_amount"]  # few distinct values; dictionaries of the others only cost time
TIME_FORMAT = "%Y-%m-%d %H:%M:%S"

# Where each column of SCHEMA comes from.
KAGGLE = {name: name for name in SCHEMA.names}
TLC = {
    2009: {
        "pickup_datetime": "Trip_Pickup_DateTime",
        "pickup_longitude": "Start_Lon",
        "pickup_latitude": "Start_Lat",
        "dropoff_longitude": "End_Lon",
        "dropoff_latitude": "End_Lat",
        "passenger_count": "Passenger_Count",
        "fare_amount": "Fare_Amt",
    },
    2010: {name: name for name in SCHEMA.names},
}


def write(
    path: Path, source: str, batches: Iterable[pa.Table | pa.RecordBatch], progress: Callable[[int], object]
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
    return rows


def read_tlc(path: Path, year: int) -> Iterator[pa.RecordBatch]:
    """Yield a TLC month's trips with ``SCHEMA``.

    Raises
    ------
    ValueError
        If the file is damaged or lacks a column.
    OSError
        If it may not be read.
    """
    try:
        with pq.ParquetFile(path, pre_buffer=False) as file:
            names = _match(file.schema_arrow.names, TLC[year], path)
            for batch in file.iter_batches(ROW_GROUP, columns=list(names.values())):
                yield _convert(batch, names)
    except (pa.ArrowException, OSError) as error:
        raise tables.unreadable(path, error) from error


def read_kaggle(path: Path) -> Iterator[pa.RecordBatch]:
    """Yield the trips of Kaggle's ``train.csv`` with ``SCHEMA``.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is damaged, still packed, or lacks a column.
    OSError
        If it may not be read.
    """
    if not path.is_file():
        raise FileNotFoundError(f"There is no file {path}: give the path of Kaggle's train.csv")
    if zipfile.is_zipfile(path):
        raise ValueError(f"{path} is a zip archive: unpack it and give the path of the train.csv in it")
    try:
        with open(path, "rb") as file:
            names = _match(tables.header(file), KAGGLE, path)
    except (OSError, csv.Error) as error:
        raise tables.unreadable(path, error) from error
    types = {old: pa.string() if new == "pickup_datetime" else pa.float64() for new, old in names.items()}
    options = pa_csv.ConvertOptions(column_types=types, include_columns=list(types))
    try:
        with pa_csv.open_csv(path, convert_options=options) as reader:
            for batch in reader:
                yield _convert(batch, names)
    except (pa.ArrowException, OSError, KeyError) as error:
        raise tables.unreadable(path, error) from error


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


def _match(found: list[str], wanted: Mapping[str, str], path: Path) -> dict[str, str]:
    """The names in `found` that stand for SCHEMA's columns."""
    names = tables.match(path, found, wanted.values())
    return {ours: names[theirs] for ours, theirs in wanted.items()}


def _convert(batch: pa.RecordBatch, names: Mapping[str, str]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        [_cast(batch.column(names[field.name]), field.type) for field in SCHEMA], schema=SCHEMA
    )


def _cast(column: pa.Array, to: pa.DataType) -> pa.Array:
    """Values that cannot be read become null, passenger counts that cannot be read 0."""
    if pa.types.is_timestamp(to):
        return _times(column)
    numbers = pd.to_numeric(column.to_pandas(), errors="coerce").to_numpy("f8", na_value=np.nan)
    if pa.types.is_floating(to):
        with np.errstate(over="ignore"):  # too large for float32 becomes infinite, and clean() drops it
            return pa.array(numbers.astype("f4"), from_pandas=True)
    limits = np.iinfo("i2")
    fits = (numbers >= limits.min) & (numbers <= limits.max)  # NaN, a missing count, does not
    return pa.array(np.where(fits, numbers, 0).astype("i2"))


def _times(column: pa.Array) -> pa.Array:
    """Local times. The type differs between files, and Kaggle writes "UTC" behind what is New York time."""
    to = SCHEMA.field("pickup_datetime").type
    if pa.types.is_timestamp(column.type) or pa.types.is_null(column.type):
        return column.cast(to, safe=False)
    text = column.cast(pa.string())
    try:
        return pc.utf8_slice_codeunits(text, 0, 19).cast(to)
    except pa.ArrowInvalid:  # at least one is no time: the slower way makes it null
        times = pd.to_datetime(text.to_pandas().str.slice(0, 19), format=TIME_FORMAT, errors="coerce")
        return pa.array(times.astype("datetime64[us]"), to, from_pandas=True)
