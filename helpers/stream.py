"""Read Parquet files as a stream of record batches, in memory that does not grow with the data.

Used by the notebooks that train on more rows than fit: a batch is read, used and forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def batches(
    paths: Iterable[str | Path], columns: Sequence[str] | None = None, batch_rows: int = 125_000
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of Parquet files, in order, as record batches.

    Parameters
    ----------
    paths : iterable of str or Path
        Parquet files of one schema.
    columns : sequence of str, optional
        Columns to read (default: all). Parquet skips the others on disk.
    batch_rows : int
        Rows a batch holds at most; the last batch of a row group may be shorter.

    Yields
    ------
    pyarrow.RecordBatch

    Raises
    ------
    ValueError
        If a file is no readable Parquet file or lacks a column: the message names it.
    """
    for path in paths:
        try:
            # pre_buffer would hold a whole row group's raw bytes beside the batches made from them.
            with pq.ParquetFile(path, pre_buffer=False) as file:
                missing = [name for name in columns or () if name not in file.schema_arrow.names]
                if missing:
                    raise ValueError(f"{path} has no column {', '.join(missing)}; it has {file.schema_arrow.names}")
                yield from file.iter_batches(batch_rows, columns=columns)
        except (pa.ArrowException, OSError) as error:
            if isinstance(error, FileNotFoundError):
                raise
            raise ValueError(f"{path} cannot be read as Parquet ({error}): delete it and make it again") from error
