"""Get taxi trips: generate synthetic ones, or convert real ones of NYC TLC or Kaggle, to Parquet files of one schema.

Run ``python -m data_scripts.taxi --help``. The first cell of a notebook calls `prepare`.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from data_scripts import files, mirror, months, tables, taxi_files, taxi_synthetic
from helpers import datasets
from helpers.environment import config
from helpers.environment.progress import progress_bar
from helpers.taxi import SCHEMA

TLC = "https://d37ci6vzurychx.cloudfront.net"  # NYC Taxi and Limousine Commission; terms of use of NYC, no warranty
KAGGLE = "new-york-city-taxi-fare-prediction"
KAGGLE_SOURCE = "Kaggle NYC taxi fare"
MONTHS = [f"{year}-{month:02}" for year in taxi_files.TLC for month in range(1, 13)]


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
    return files.exit_code(partial(_run, args))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m data_scripts.taxi", description=__doc__.splitlines()[0])
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument(
        "--months",
        nargs="+",
        type=_months,
        metavar="YYYY-MM",
        help="months of 2009 and 2010 from NYC TLC, or spans such as 2009-01..2009-04: these four months are "
        "the talk's 55 million rows",
    )
    kind.add_argument(
        "--kaggle", metavar="train.csv", help="path of Kaggle's train.csv, or the word download to fetch it first"
    )
    kind.add_argument("--synthetic", action="store_true", help="generate trips, as is done when nothing else is there")
    parser.add_argument("--rows", type=_positive, help="number of synthetic trips (default: by WORKSHOP_SCALE)")
    parser.add_argument("--seed", type=_natural, help="which synthetic trips (default: 0)")
    return parser


def _run(args: argparse.Namespace) -> None:
    if args.months:
        _get_months(sorted({month for span in args.months for month in span}))
    elif args.kaggle:
        _get_kaggle(args.kaggle)
    elif args.synthetic:
        _get_synthetic(config.rows() if args.rows is None else args.rows, args.seed or 0)
    else:
        prepare()
        print(datasets.taxi_trips())


def _get_months(wanted: list[str]) -> None:
    with mirror.source(TLC, _folder(), pause=1) as fetch:
        for month in wanted:
            source = f"NYC TLC {month}"
            _make(_folder() / "tlc" / f"{month}.parquet", source, partial(_convert_month, fetch, month, source))


def _convert_month(fetch: Callable[..., Path], month: str, source: str, part: Path) -> None:
    raw = fetch(f"trip-data/yellow_tripdata_{month}.parquet")
    _convert(part, source, taxi_files.read_tlc(raw, int(month[:4])))
    raw.unlink()


def _get_kaggle(csv: str) -> None:
    path = _folder() / "kaggle" / "train.parquet"
    _make(path, KAGGLE_SOURCE, partial(_convert_kaggle, csv), "; delete it to convert another file")


def _convert_kaggle(csv: str, part: Path) -> None:
    if csv != "download":
        _convert(part, KAGGLE_SOURCE, taxi_files.read_kaggle(Path(csv).expanduser()))
    elif config.mirror():
        with mirror.source(TLC, _folder()) as fetch:
            _convert(part, KAGGLE_SOURCE, taxi_files.read_kaggle(fetch("kaggle/train.csv")))
    else:
        _convert(part, KAGGLE_SOURCE, taxi_files.read_kaggle(_download_with_kagglehub()))


def _download_with_kagglehub() -> Path:
    by_hand = f"download train.csv by hand from kaggle.com/c/{KAGGLE}/data and pass its path to --kaggle"
    try:
        import kagglehub
    except ImportError as error:
        raise OSError(f"kagglehub is not installed: run `pip install kagglehub`, or {by_hand}") from error
    try:
        return Path(kagglehub.competition_download(KAGGLE, path="train.csv"))
    except Exception as error:  # its errors share no class; most often the token is missing or the rules not accepted
        reason = str(error).strip().partition("\n")[0]
        raise OSError(
            f"Kaggle gave no train.csv ({reason}): log in and accept the rules there, or {by_hand}"
        ) from error


def _get_synthetic(rows: int, seed: int) -> None:
    made = taxi_synthetic.generate(rows, seed)
    print(f"{rows:,} trips (synthetic, seed {seed}), {'newly made' if made else 'already there'}: {_folder()}")


def _make(path: Path, source: str, make: Callable[[Path], None], remark: str = "") -> None:
    made = files.once(path, partial(tables.is_complete, path, SCHEMA, source), make)
    print(f"{path}: {pq.read_metadata(path).num_rows:,} trips ({source if made else 'already there' + remark})")


def _convert(part: Path, source: str, batches: Iterable[pa.RecordBatch]) -> None:
    with progress_bar(None, f"Converting {source}") as progress:
        taxi_files.write(part, source, batches, progress.update)


def _folder() -> Path:
    return config.data_dir() / "taxi"


def _months(text: str) -> list[str]:
    wanted = months.span(text)
    if wanted[-1] > MONTHS[-1]:
        raise argparse.ArgumentTypeError(
            f"{wanted[-1]} has no coordinates: from 2011 on TLC publishes only zones; choose months of 2009 and 2010"
        )
    if wanted[0] < MONTHS[0]:
        raise argparse.ArgumentTypeError(f"{wanted[0]} does not exist: TLC's files begin with {MONTHS[0]}")
    return wanted


def _positive(text: str) -> int:
    number = _natural(text)
    if number == 0:
        raise argparse.ArgumentTypeError("0 is too few: give at least 1")
    return number


def _natural(text: str) -> int:
    if not re.fullmatch(r"[0-9][0-9_]*", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 0 on")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
