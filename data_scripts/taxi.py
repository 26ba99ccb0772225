"""Get taxi trips: generate synthetic ones, or convert real ones of NYC TLC or Kaggle, to Parquet files of one schema.

Run ``python -m data_scripts.taxi --help``. The first cell of a notebook calls `prepare`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from data_scripts import arguments, files, kaggle, mirror, tables, taxi_files, taxi_synthetic
from data_scripts.values import Values
from helpers import datasets
from helpers.environment import config
from helpers.progress import bar as progress_bar
from helpers.taxi import SCHEMA

TLC = "https://d37ci6vzurychx.cloudfront.net"  # NYC Taxi and Limousine Commission; terms of use of NYC, no warranty
KAGGLE_SOURCE = "Kaggle NYC taxi fare"
FIRST_MONTH = "2009-01"
MONTH_BYTES = 500_000_000  # a large month as TLC publishes it (2009-01: 446 MiB); ours is smaller


def prepare() -> None:
    """Make sure that there are trips to work with; instant when there are.

    Real trips on disk are enough. Without any, the synthetic ones of ``WORKSHOP_SCALE`` are completed.

    Raises
    ------
    ValueError
        If ``WORKSHOP_SCALE`` names no scale.
    OSError
        If a file cannot be written.
    """
    if not datasets.real_taxi_files():
        taxi_synthetic.generate(config.rows())


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = _parser()
    args = parser.parse_args(argv)
    if not args.synthetic and (args.rows is not None or args.seed is not None):
        parser.error("--rows and --seed go with --synthetic")
    if args.disk is not None and not args.months:
        parser.error("--disk goes with --months")
    return files.exit_code(partial(_run, args))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m data_scripts.taxi", description=__doc__.splitlines()[0])
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument(
        "--months",
        nargs="+",
        type=partial(arguments.span, first=FIRST_MONTH, publisher="TLC"),
        metavar="YYYY-MM",
        help="months from NYC TLC, or spans such as 2009-01..2009-04 (55 million rows); from 2011 on the ends of a "
        "trip are places in its zones",
    )
    kind.add_argument(
        "--kaggle",
        metavar="train.csv",
        help="path of Kaggle's train.csv, also packed or as Parquet, or the word download to fetch it first",
    )
    kind.add_argument("--synthetic", action="store_true", help="generate trips, as is done when nothing else is there")
    parser.add_argument(
        "--disk",
        type=arguments.size,
        metavar="20GB",
        help="with --months: stop before all months together take more than that",
    )
    parser.add_argument(
        "--rows", type=arguments.positive, help="number of synthetic trips (default: by WORKSHOP_SCALE)"
    )
    parser.add_argument("--seed", type=arguments.natural, help="which synthetic trips (default: 0)")
    return parser


def _run(args: argparse.Namespace) -> None:
    if args.months:
        _get_months(sorted({month for span in args.months for month in span}), args.disk)
    elif args.kaggle:
        _get_kaggle(args.kaggle)
    elif args.synthetic:
        _get_synthetic(config.rows() if args.rows is None else args.rows, args.seed or 0)
    else:
        prepare()
        print(datasets.taxi_trips())


def _get_months(wanted: list[str], disk: int | None) -> None:
    started, made = time.monotonic(), 0
    with mirror.source(TLC, _folder(), pause=1) as fetch:
        for number, month in enumerate(wanted, 1):
            path = _folder() / "tlc" / f"{month}.parquet"
            if disk is not None and not path.exists() and _used() + 2 * _largest() > disk:
                print(
                    f"{number - 1} of {len(wanted)} months are there and take {_used() / 1e9:.1f} GB: another one, and "
                    f"room to convert it, may not fit {disk / 1e9:.1f} GB; a larger --disk goes on with {month}"
                )
                return
            source = (
                f"NYC TLC zones {month}" if taxi_files.layout(month) is taxi_files.TLC_ZONES else f"NYC TLC {month}"
            )
            made += _make(path, source, partial(_convert_month, fetch, month, source))
            if made and number < len(wanted):
                minutes = (time.monotonic() - started) / made * (len(wanted) - number) / 60
                print(f"  {number} of {len(wanted)} months, at most {max(1, round(minutes))} min more", flush=True)


def _used() -> int:
    """Bytes that the converted months take."""
    return sum(path.stat().st_size for path in _folder().glob("tlc/????-??.parquet"))


def _largest() -> int:
    """Bytes that a month may take at most: as published, until some are there."""
    return max((path.stat().st_size for path in _folder().glob("tlc/????-??.parquet")), default=MONTH_BYTES)


def _convert_month(fetch: Callable[..., Path], month: str, source: str, part: Path) -> None:
    raw = fetch(f"trip-data/yellow_tripdata_{month}.parquet")
    values = Values(raw, month=month)
    _convert(part, source, taxi_files.read_tlc(raw, month, values=values), values)
    raw.unlink()


def _get_kaggle(given: str) -> None:
    path = _folder() / "kaggle" / "train.parquet"
    _make(path, KAGGLE_SOURCE, partial(_convert_kaggle, given), "; delete it to convert another file")


def _convert_kaggle(given: str, part: Path) -> None:
    with mirror.source(TLC, _folder()) as fetch:
        if given != "download":
            path = Path(given).expanduser()
        elif config.mirror():
            path = fetch("kaggle/train.csv")
        else:
            path = kaggle.download()
        values = Values(path, utc_is_local=True)
        _convert(part, KAGGLE_SOURCE, taxi_files.read_kaggle(path, values), values)


def _get_synthetic(rows: int, seed: int) -> None:
    made = taxi_synthetic.generate(rows, seed)
    print(f"{rows:,} trips (synthetic, seed {seed}), {'newly made' if made else 'already there'}: {_folder()}")


def _make(path: Path, source: str, make: Callable[[Path], None], remark: str = "") -> bool:
    made = files.once(path, partial(tables.is_complete, path, SCHEMA, source=source), make=make)
    metadata = pq.read_metadata(path)
    said = f"{path}: {metadata.num_rows:,} trips ({source if made else 'already there' + remark})"
    left_out, unread = (metadata.metadata.get(key, b"").decode() for key in (b"left_out", b"unread"))
    if left_out not in ("", "0"):
        said += f"; {int(left_out):,} of other months or of none are left out"
    print(f"{said}; could not be read: {unread}" if unread else said, flush=True)
    return made


def _convert(part: Path, source: str, batches: Iterator[pa.RecordBatch], values: Values) -> None:
    with progress_bar(None, f"Converting {source}") as progress:
        taxi_files.write(part, source, batches=batches, progress=progress.update, values=values)


def _folder() -> Path:
    return config.data_dir() / "taxi"


if __name__ == "__main__":
    sys.exit(main())
