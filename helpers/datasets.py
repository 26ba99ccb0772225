"""What data is on disk, what it is, and how to open it: as a stream, or with Dask.

Used by every notebook. ``python -m data_scripts.taxi`` puts the files there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd
import pyarrow as pa

from helpers import row_groups, stream, taxi
from helpers.environment import config
from helpers.store import Address

FILE_ROWS = 1_000_000  # rows of a synthetic file, so that every scale but tiny is made of whole files
SOURCES = ("tlc", "kaggle", "synthetic")
ROW_GROUPS_PER_PARTITION = 4  # Dask partitions of half a million rows: 14 MB of trips, 36 MB of features


@dataclass(frozen=True)
class Dataset:
    """Parquet files of one schema that belong together, in reading order."""

    source: str  # what the rows are, for captions: "synthetic, seed 0" or "NYC TLC 2009-01 to 2009-04"
    files: tuple[Path, ...]
    rows: int
    noun: str = "trips"  # what a row is, in the plural
    left_out: int = 0  # rows of other months that the originals held

    @property
    def bytes(self) -> int:
        """Size on disk."""
        return sum(path.stat().st_size for path in self.files)

    def stream(
        self, columns: Sequence[str] | None = None, *, batch_rows: int = 125_000, **options
    ) -> Iterator[pa.RecordBatch]:
        """Open as record batches, in the files' order unless ``shuffle=True``; see `helpers.stream.batches`."""
        return stream.batches(self.files, columns, batch_rows=batch_rows, **options)

    def dask(self, columns: Sequence[str] | None = None):
        """Open lazily as a Dask DataFrame of partitions that hold about half a million rows."""
        import dask.dataframe as dd  # takes a second, and a stream does not need it

        paths, system = [str(path) for path in self.files], "fsspec"  # the default
        if isinstance(self.files[0], Address):
            from fsspec.implementations.arrow import ArrowFSWrapper

            paths, system = [path.place()[1] for path in self.files], ArrowFSWrapper(self.files[0].place()[0])
        return dd.read_parquet(paths, columns=columns, filesystem=system, split_row_groups=ROW_GROUPS_PER_PARTITION)

    def pandas(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Read everything into memory."""
        return pd.concat([batch.to_pandas() for batch in self.stream(columns)], ignore_index=True)

    def __str__(self) -> str:
        files = "1 file" if len(self.files) == 1 else f"{len(self.files)} files"
        said = f"{self.rows:,} {self.noun} ({self.source}) in {files}, {self.bytes / 1e6:,.1f} MB"
        return f"{said}; {self.left_out:,} {self.noun} of other months were left out" if self.left_out else said


def taxi_trips(source: str | None = None) -> Dataset:
    """The taxi trips to work with: real ones if they are on disk, else as many synthetic ones as the scale says.

    Parameters
    ----------
    source : {"tlc", "kaggle", "synthetic"}, optional
        By default the first of these that is on disk.

    Raises
    ------
    FileNotFoundError
        If there are none, or fewer synthetic ones than the scale wants.
    ValueError
        If the source is unknown, a file is no readable Parquet file or has other columns: the message names it.
    """
    if source not in (None, *SOURCES):
        raise ValueError(f"source is {source!r}: choose one of {', '.join(SOURCES)}, or leave it out")
    files = [] if source == "synthetic" else real_taxi_files(source)
    if source in ("tlc", "kaggle") and not files:
        raise FileNotFoundError(
            f"There are no trips of {source} in {config.data_dir() / 'taxi'}: `python -m data_scripts.taxi --help` "
            "says how to get them"
        )
    files = files or synthetic_taxi_files(config.rows())
    missing = [path for path in files if not path.exists()]
    if missing:
        raise FileNotFoundError(
            f"{len(missing)} of the {len(files)} files of {config.rows():,} trips (WORKSHOP_SCALE={config.scale()}) "
            f"are not in {missing[0].parent}: run `python -m data_scripts.taxi`"
        )
    return described(files, taxi.SCHEMA, noun="trips", script="data_scripts.taxi")


def described(files: Sequence[Path], schema: pa.Schema, *, noun: str, script: str) -> Dataset:
    """Put files together that a data script wrote, as their footers describe them.

    Parameters
    ----------
    files : sequence of Path
        At least one, in reading order.
    schema : pyarrow.Schema
        Whose columns they must have.
    noun, script : str
        What a row is, and what writes such files, for messages.

    Raises
    ------
    ValueError
        If a file is no readable Parquet file or has other columns: the message names it.
    """
    sources, rows, left_out = [], 0, 0
    for path in files:
        names, noted, rows_of_file = _footer(path, _version(path))
        if names != schema.names or b"source" not in noted:
            raise ValueError(f"{path} was not written by {script} (columns: {names}): move it elsewhere")
        sources.append(noted[b"source"].decode())
        rows += rows_of_file
        left_out += int(noted.get(b"left_out", 0))
    return Dataset(_together(sources), tuple(files), rows, noun, left_out)


def _together(sources: Sequence[str]) -> str:
    """One caption for all: sources that end in months become spans, "NYC TLC 2009-01 to 2009-04, 2010-12"."""
    months: dict[str, list[str]] = {}  # by what stands before the month
    for source in dict.fromkeys(sources):
        name, _, month = source.rpartition(" ")
        if re.fullmatch(r"\d{4}-\d\d", month):
            months.setdefault(name, []).append(month)
        else:
            months[source] = []
    return "; ".join(f"{name} {_spans(some)}".strip() for name, some in months.items())


def _spans(months: Sequence[str]) -> str:
    spans: list[list[pd.Period]] = []
    for month in sorted(map(pd.Period, months)):
        if spans and month == spans[-1][-1] + 1:
            spans[-1].append(month)
        else:
            spans.append([month])
    return ", ".join(str(span[0]) if len(span) == 1 else f"{span[0]} to {span[-1]}" for span in spans)


def real_taxi_files(source: str | None = None) -> list[Path]:
    """Files of real trips on disk: TLC months in order, else Kaggle's, or only those of `source`; maybe none."""
    folder = config.data_dir() / "taxi"
    tlc, kaggle = sorted(folder.glob("tlc/????-??.parquet")), sorted(folder.glob("kaggle/train.parquet"))
    return {"tlc": tlc, "kaggle": kaggle}.get(source, tlc or kaggle)


def synthetic_taxi_files(rows: int, seed: int = 0) -> list[Path]:
    """Where the first `rows` synthetic trips, at least 1, are kept; each name tells its range of rows."""
    if rows < 1 or seed < 0:
        raise ValueError(f"rows is {rows} and seed {seed}: at least 1 row, and a seed from 0 on, are needed")
    folder = config.data_dir() / "taxi" / f"synthetic-seed{seed}"
    starts = range(0, rows, FILE_ROWS)
    return [folder / f"trips-{start:09}-{min(start + FILE_ROWS, rows):09}.parquet" for start in starts]


def _version(path: Path | Address) -> object:
    """Another one when the file is another one."""
    if isinstance(path, Address):
        return path.open_with_version()[1]
    status = path.stat() if path.is_file() else None
    return status and (status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=1_000)
def _footer(path: Path, version) -> tuple[list[str], dict[bytes, bytes], int]:
    """Names of a file's columns, its notes and its rows; read again when its version is another."""
    with row_groups.named(path), row_groups.opened(path) as (file, _):
        return file.schema_arrow.names, file.metadata.metadata or {}, file.metadata.num_rows
