"""Row groups of Parquet files: where they are, what the footer knows of them, and their rows as record batches.

Used by ``helpers.stream``. A row group is the part of a file that can be read by itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from pyarrow.fs import LocalFileSystem

from helpers import store

FOOTERS = 64  # that are held: one of a large month takes 0.7 MB, and 3 ms to read


class Group(NamedTuple):
    """One row group of one file, and how many rows it holds."""

    path: str | Path
    number: int
    rows: int
    version: str = ""  # of an object in a store


def of_files(paths: Iterable[str | Path], columns, *, where) -> Iterator[Group]:
    """The row groups of all files that may hold rows to keep; arguments as in `helpers.stream.batches`."""
    for path in paths:
        with named(path), opened(path) as (file, version):
            # file.metadata.schema would keep the footer until the next garbage collection
            metadata, schema = file.metadata, file.schema_arrow
            rows = [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]
            numbers = range(len(rows))
        missing = [name for name in columns or () if name not in schema.names]
        if missing:
            raise ValueError(f"{path} has no column {', '.join(missing)}; it has {schema.names}")
        if where is not None:
            read = schema if columns is None else pa.schema([schema.field(name) for name in columns])
            read.empty_table().filter(where)  # a predicate of other columns fails here, and says so
            files, name = path.place() if isinstance(path, store.Address) else (LocalFileSystem(), str(path))
            fragment = ds.ParquetFileFormat().make_fragment(name, filesystem=files)
            numbers = [part.row_groups[0].id for part in fragment.split_by_row_group(where)]
        for number in numbers:
            yield Group(path, number, rows[number], version)


def drawn(groups: Iterable[Group], seed: int) -> list[Group]:
    """Row groups in random order; of more than ``FOOTERS`` files, those of so many files after those of so many."""
    groups, rng = list(groups), np.random.default_rng(seed)
    order = rng.permutation(len(groups))
    files = list(dict.fromkeys(group.path for group in groups))
    turn = {files[number]: place // FOOTERS for place, number in enumerate(rng.permutation(len(files)))}
    return sorted((groups[number] for number in order), key=lambda group: turn[group.path])


def read(group: Group, columns, *, batch_rows: int) -> Iterator[pa.RecordBatch]:
    """The rows of one row group, in order, at most `batch_rows` at a time."""
    if isinstance(group.path, store.Address):
        yield from _fetched(group, columns, batch_rows)
        return
    # pre_buffer would hold a whole row group's raw bytes beside the batches made from them. Threads would decode no
    # faster here, and take a third more of the processor, from whoever mixes and learns meanwhile.
    with (
        named(group.path, f"row group {group.number} of "),
        pq.ParquetFile(group.path, metadata=_footer(group.path, _on_disk(group.path)), pre_buffer=False) as file,
    ):
        yield from file.iter_batches(batch_rows, row_groups=[group.number], columns=columns, use_threads=False)


def _fetched(group: Group, columns, batch_rows: int) -> list[pa.RecordBatch]:
    """A row group of an object in a store, whole: no row is given out before it is sure to be of the same object."""
    with named(group.path, f"row group {group.number} of "):
        file, version = group.path.open_with_version()
        footer = _footer(group.path, group.version)
        try:
            with pq.ParquetFile(file, metadata=footer, pre_buffer=True) as parquet:  # few and large requests
                rows = parquet.iter_batches(batch_rows, row_groups=[group.number], columns=columns, use_threads=False)
                return list(rows)
        finally:
            if {version, group.path.open_with_version()[1]} != {group.version}:
                raise _changed(group.path)


def _changed(path: store.Address) -> store.Unreachable:
    return store.Unreachable(f"{path} was written anew while it was read: begin the pass again")


@contextmanager
def opened(path: str | Path | store.Address) -> Iterator[tuple[pq.ParquetFile, str]]:
    """A Parquet file with its footer, which is read once, and the version of an object in a store."""
    file, version = path.open_with_version() if isinstance(path, store.Address) else (path, "")
    with pq.ParquetFile(file, metadata=_footer(path, version or _on_disk(path))) as parquet:
        yield parquet, version


def _on_disk(path: str | Path) -> tuple[int, int]:
    """Of a file that is written anew, at least one of these is another."""
    found = os.stat(path)
    return found.st_size, found.st_mtime_ns


def metadata(path: str | Path | store.Address) -> pq.FileMetaData:
    """The footer of a Parquet file; errors as those of `footer`."""
    with named(path), opened(path) as (file, _):
        return file.metadata


@lru_cache(maxsize=FOOTERS)
def _footer(path: str | Path, version) -> pq.FileMetaData:
    """A file's footer, which a mixed pass comes back to; read again when the file's size or time is another."""
    file, found = path.open_with_version() if isinstance(path, store.Address) else (path, version)
    if found != version:
        raise _changed(path)
    return pq.read_metadata(file)


def footer(path: str | Path, column: str) -> pd.DataFrame:
    """What the footer of a Parquet file knows of a column; no row is read.

    Returns
    -------
    pandas.DataFrame
        A row for each row group: the column's ``smallest`` and ``largest`` value, and its ``bytes`` on the disk.

    Raises
    ------
    ValueError
        If it is no Parquet file, there is no such column, or the footer knows no values of it.
    """
    known = metadata(path)
    if column not in known.schema.names:
        raise ValueError(f"{path} has no column {column}; it has {known.schema.names}")
    number = known.schema.names.index(column)
    rows = []
    for group in range(known.num_row_groups):
        found = known.row_group(group).column(number)
        if found.statistics is None or not found.statistics.has_min_max:
            raise ValueError(f"{path} was written without the smallest and largest {column}: write it with statistics")
        rows.append([found.statistics.min, found.statistics.max, found.total_compressed_size])
    return pd.DataFrame(rows, columns=["smallest", "largest", "bytes"])


@contextmanager
def named(path: str | Path, part: str = "") -> Iterator[None]:
    """Let errors of Arrow and of the disk name the file, and blame the right one, in one sentence."""
    try:
        yield
    except (FileNotFoundError, store.Unreachable):
        raise
    except PermissionError as error:
        raise PermissionError(
            f"{path} may not be read by this user: ask its owner for permission to read it"
        ) from error
    except (pa.ArrowException, OSError) as error:
        if isinstance(path, store.Address) and isinstance(error, OSError):
            raise store.explained(path, error) from error
        if Path(path).is_dir():
            raise ValueError(f"{path} is a folder: give the Parquet files in it") from error
        reason = " ".join(str(error).split())
        raise ValueError(f"{part}{path} cannot be read as Parquet ({reason}): delete it and make it again") from error
