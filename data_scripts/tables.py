"""What the scripts for trips and flights share: which Parquet files are complete, and how a bad file is refused."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from data_scripts import files


def is_complete(path: Path, schema: pa.Schema, source: str, rows: int | None = None) -> bool:
    """Check whether a Parquet file that a script writes is there already.

    Parameters
    ----------
    path : Path
    schema : pyarrow.Schema
        Which columns it must have.
    source : str
        What it must say its rows are.
    rows : int, optional
        How many it must have (default: any number).
    """
    try:
        metadata = pq.read_metadata(path)
        columns = metadata.schema.to_arrow_schema()
    except (pa.ArrowException, OSError):
        return False
    said = (metadata.metadata or {}).get(b"source")
    return columns.equals(schema) and said == source.encode() and rows in (None, metadata.num_rows)


def header(file: IO[bytes]) -> list[str]:
    """Names of the columns in the first line of a CSV file.

    Raises
    ------
    csv.Error
        If the line is no CSV.
    """
    return next(csv.reader([file.readline(10_000).decode("utf-8-sig", errors="replace")]), [])


def match(path: Path, found: Iterable[str], wanted: Collection[str]) -> dict[str, str]:
    """The name in a file of each wanted column; case and spaces around it do not matter.

    Raises
    ------
    ValueError
        If one is missing; the message names the file and the column.
    """
    by_plain_name = {name.strip().lower(): name for name in found if name.strip()}
    missing = [name for name in wanted if name.lower() not in by_plain_name]
    if missing:
        has = files.printable(", ".join(by_plain_name.values()))[:200] or "none"
        raise ValueError(
            f"{path} has no column {', '.join(missing)} (it has {has}): it is another kind of file, "
            "so check where it comes from"
        )
    return {name: by_plain_name[name.lower()] for name in wanted}


def unreadable(path: Path, error: Exception) -> Exception:
    """The one sentence about a file that cannot be read, to be raised: not allowed, or damaged."""
    if isinstance(error, (PermissionError, IsADirectoryError)):
        return OSError(f"{path} cannot be read ({error.strerror}): see to it that it is a file that you may read")
    reason = files.printable(str(error))[:200]
    return ValueError(f"{path} is cut short or damaged ({reason}): get it again")
