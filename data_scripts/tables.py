"""Open the tables that people have, CSV or Parquet, packed or not; tell which of the kit's own are complete."""

from __future__ import annotations

import csv
import lzma
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from data_scripts import files
from helpers import row_groups
from helpers.store import Unreachable

PARQUET, ZIP, XZ = b"PAR1", b"PK\x03\x04", b"\xfd7zXZ\x00"
PACKED = {b"\x1f\x8b": "gzip", b"BZh": "bz2", b"\x28\xb5\x2f\xfd": "zstd"}  # how such files begin
DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, csv.Error, pa.ArrowException, OSError, KeyError)


def is_complete(path: Path, schema: pa.Schema, *, source: str, rows: int | None = None) -> bool:
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
        metadata = row_groups.metadata(path)
        columns = metadata.schema.to_arrow_schema()
    except Unreachable:
        raise
    except (pa.ArrowException, OSError):
        return False
    said = (metadata.metadata or {}).get(b"source")
    return columns.equals(schema) and said == source.encode() and rows in (None, metadata.num_rows)


def batches(path: Path, wanted: Collection[str], *, rows: int, member: str = "") -> Iterator[pa.RecordBatch]:
    """Read columns of a table; case and spaces around their names do not matter.

    Parameters
    ----------
    path : Path
        A Parquet file; or a CSV file, as it is or packed by gzip, bzip2, xz, Zstandard or into a zip archive.
    wanted : collection of str
        Names of columns.
    rows : int
        At most so many in a batch.
    member : str
        Name of the file in a zip archive, if it holds several tables.

    Yields
    ------
    pyarrow.RecordBatch
        The columns under the names in `wanted`: of the file's own types, of a CSV file texts.

    Raises
    ------
    ValueError
        If the file is damaged, no table, or lacks a column.
    OSError
        If it may not be read.
    """
    try:
        with open(path, "rb") as file:
            is_parquet = file.read(4) == PARQUET
        if is_parquet:
            yield from _of_parquet(path, wanted, rows)
        else:
            yield from _of_csv(path, wanted, member)
    except DAMAGE as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: Exception) -> Exception:
    """The one sentence about a file that cannot be read, to be raised: not there, not allowed, or damaged."""
    if isinstance(error, FileNotFoundError):
        return FileNotFoundError(f"There is no file {path}: check the path")
    if isinstance(error, (PermissionError, IsADirectoryError)):
        return OSError(f"{path} cannot be read ({error.strerror}): see to it that it is a file that you may read")
    reason = files.printable(str(error))[:200]
    return ValueError(f"{path} is cut short or damaged ({reason}): get it again")


def _of_parquet(path: Path, wanted: Collection[str], rows: int) -> Iterator[pa.RecordBatch]:
    with pq.ParquetFile(path, pre_buffer=False) as file:
        names = _match(path, file.schema_arrow.names, wanted)
        for batch in file.iter_batches(rows, columns=list(names.values())):
            yield pa.RecordBatch.from_arrays([batch.column(name) for name in names.values()], list(names))


def _of_csv(path: Path, wanted: Collection[str], member: str) -> Iterator[pa.RecordBatch]:
    with _unpacked(path, member) as file:
        names = _match(path, _header(path, file.read(10_000)), wanted)
    options = pa_csv.ConvertOptions(
        column_types=dict.fromkeys(names.values(), pa.string()),
        include_columns=list(names.values()),
        strings_can_be_null=True,
    )
    with _unpacked(path, member) as file, pa_csv.open_csv(file, convert_options=options) as reader:
        for batch in reader:
            yield pa.RecordBatch.from_arrays(batch.columns, list(names))


@contextmanager
def _unpacked(path: Path, member: str) -> Iterator[IO[bytes] | pa.NativeFile]:
    """A file's bytes from the beginning, unpacked if it is packed."""
    with ExitStack() as stack:
        file = stack.enter_context(open(path, "rb"))
        start = file.read(6)
        file.seek(0)
        kind = next((kind for begins, kind in PACKED.items() if start.startswith(begins)), None)
        if start.startswith(ZIP):
            archive = stack.enter_context(zipfile.ZipFile(file))
            yield stack.enter_context(archive.open(_member(path, archive.namelist(), member)))
        elif start.startswith(XZ):
            yield stack.enter_context(lzma.open(file))
        elif kind:
            yield stack.enter_context(pa.CompressedInputStream(pa.PythonFile(file, "r"), kind))
        else:
            yield file


def _member(path: Path, names: list[str], member: str) -> str:
    tables = [name for name in names if name.lower().endswith(".csv")]
    named = [name for name in tables if Path(name).name == member]
    if len(named or tables) != 1:
        raise ValueError(f"{path} holds {len(tables)} CSV files instead of 1: unpack it and name one, or get it again")
    return (named or tables)[0]


def _header(path: Path, start: bytes) -> list[str]:
    """Names of the columns in the first line of a CSV file."""
    line = start.partition(b"\n")[0]
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if not text.replace("\t", "").rstrip("\r").isprintable():
        raise ValueError(f"{path} is no table (its first line is no text): give a CSV or Parquet file, packed or not")
    return next(csv.reader([text.rstrip("\r")]), [])


def _match(path: Path, found: Iterable[str], wanted: Collection[str]) -> dict[str, str]:
    """The name in a file of each wanted column."""
    by_plain_name = {name.strip().lower(): name for name in found if name.strip()}
    missing = [name for name in wanted if name.lower() not in by_plain_name]
    if missing:
        has = files.printable(", ".join(by_plain_name.values()))[:200] or "none"
        raise ValueError(
            f"{path} has no column {', '.join(missing)} (it has {has}): it is another kind of file, "
            "so check where it comes from"
        )
    return {name: by_plain_name[name.lower()] for name in wanted}
