"""Row groups of Parquet files: where they are, what the footer knows of them, and their rows as record batches.

Used by ``helpers.stream``. A row group is the part of a file that can be read by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from pyarrow.fs import LocalFileSystem


class Group(NamedTuple):
    """One row group of one file."""

    path: str | Path
    metadata: pq.FileMetaData
    number: int

    @property
    def rows(self) -> int:
        """How many rows it holds; the footer says so."""
        return self.metadata.row_group(self.number).num_rows


def of_files(paths: Iterable[str | Path], columns, where) -> Iterator[Group]:
    """The row groups of all files that may hold rows to keep; arguments as in `helpers.stream.batches`."""
    for path in paths:
        if Path(path).is_dir():
            raise ValueError(f"{path} is a folder: give the Parquet files in it")
        with _named(path), pq.ParquetFile(path) as file:
            # file.metadata.schema would keep the footer until the next garbage collection
            metadata, schema = file.metadata, file.schema_arrow
            numbers = range(metadata.num_row_groups)
        missing = [name for name in columns or () if name not in schema.names]
        if missing:
            raise ValueError(f"{path} has no column {', '.join(missing)}; it has {schema.names}")
        if where is not None:
            read = schema if columns is None else pa.schema([schema.field(name) for name in columns])
            read.empty_table().filter(where)  # a predicate of other columns fails here, and says so
            fragment = ds.ParquetFileFormat().make_fragment(str(path), filesystem=LocalFileSystem())
            numbers = [part.row_groups[0].id for part in fragment.split_by_row_group(where)]
        for number in numbers:
            yield Group(path, metadata, number)


def read(group: Group, columns, batch_rows: int, *, use_threads: bool = True) -> Iterator[pa.RecordBatch]:
    """The rows of one row group, in order, at most `batch_rows` at a time; with threads, some columns at once."""
    # pre_buffer would hold a whole row group's raw bytes beside the batches made from them.
    with (
        _named(group.path, f"row group {group.number} of "),
        pq.ParquetFile(group.path, metadata=group.metadata, pre_buffer=False) as file,
    ):
        options = {"row_groups": [group.number], "columns": columns, "use_threads": use_threads}
        yield from file.iter_batches(batch_rows, **options)


def footer(path: str | Path, column: str) -> pd.DataFrame:
    """What the footer of a Parquet file knows of a column; no row is read.

    Returns
    -------
    pandas.DataFrame
        A row for each row group: the column's ``smallest`` and ``largest`` value, and its ``bytes`` on the disk.

    Raises
    ------
    ValueError
        If there is no such column.
    """
    metadata = pq.read_metadata(path)
    if column not in metadata.schema.names:
        raise ValueError(f"{path} has no column {column}; it has {metadata.schema.names}")
    number = metadata.schema.names.index(column)
    rows = []
    for group in range(metadata.num_row_groups):
        found = metadata.row_group(group).column(number)
        rows.append([found.statistics.min, found.statistics.max, found.total_compressed_size])
    return pd.DataFrame(rows, columns=["smallest", "largest", "bytes"])


@contextmanager
def _named(path, part: str = "") -> Iterator[None]:
    """Let errors of Arrow name the file, in one sentence."""
    try:
        yield
    except FileNotFoundError:
        raise
    except PermissionError as error:
        raise PermissionError(
            f"{path} may not be read by this user: ask its owner for permission to read it"
        ) from error
    except (pa.ArrowException, OSError) as error:
        reason = " ".join(str(error).split())
        raise ValueError(f"{part}{path} cannot be read as Parquet ({reason}): delete it and make it again") from error
