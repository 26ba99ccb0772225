"""Read Parquet files as a stream of record batches, in memory that does not grow with the data.

Used by the notebooks that train on more rows than fit: a batch is read, used and forgotten.

A stream is a chain of small generators: one lists the row groups, one reads them in order or mixed, one filters, one
runs the others in a thread. How many rows a row group holds stands in the file's footer, so the number of its batches
is known before it is read: that makes a stream resumable at any batch at no cost.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import groupby, islice
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from pyarrow.fs import LocalFileSystem

MIX = 4  # row groups whose rows are shuffled together: more mix better and take more memory
RUN, RUNS_TOGETHER = 128, 32  # rows that are neighbours in a file, and how many such runs mingle

Item = TypeVar("Item")


class _Group(NamedTuple):
    path: str | Path
    metadata: pq.FileMetaData
    number: int

    @property
    def rows(self) -> int:
        return self.metadata.row_group(self.number).num_rows


def batches(
    paths: Iterable[str | Path],
    columns: Sequence[str] | None = None,
    batch_rows: int = 125_000,
    *,
    where: pc.Expression | None = None,
    shuffle: int | None = None,
    shard: tuple[int, int] = (0, 1),
    read_ahead: int = 0,
    start: int = 0,
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of Parquet files as record batches: in order, unless `shuffle` is given.

    Parameters
    ----------
    paths : iterable of str or Path
        Parquet files of one schema.
    columns : sequence of str, optional
        Columns to read (default: all). Parquet skips the others on disk.
    batch_rows : int
        Rows a batch holds at most; the last batch of a row group may be shorter.
    where : pyarrow.compute.Expression, optional
        Rows to keep, as in ``pc.field("passenger_count") > 2``; only of columns that are read. Row groups whose
        statistics rule out every row are skipped; a batch of any other may become short, even empty.
    shuffle : int, optional
        Seed of an order: row groups are drawn at random, and the rows of every ``MIX`` of them mixed. Rows that lie
        far apart in the files thus meet, but it is no uniform shuffle. Use another seed for another pass.
    shard : (int, int)
        Shard `i` of `n`: every `n`-th row group, so `n` processes get each row once between them.
    read_ahead : int
        Batches that a thread holds ready while the caller works on another; 0 reads without a thread. A shuffled
        stream has the next ``MIX`` row groups ready instead.
    start : int
        Batches to skip: a stream opened with the same arguments goes on after its first `start` batches.

    Yields
    ------
    pyarrow.RecordBatch

    Raises
    ------
    ValueError
        If a file is no readable Parquet file or lacks a column: the message names it, after the rows before it
        were yielded. Also if `shard`, `start` or `batch_rows` make no sense.
    """
    shard_number, shards = shard
    if not 0 <= shard_number < shards or start < 0 or batch_rows < 1 or read_ahead < 0:
        raise ValueError(
            "need 0 <= i < n for shard=(i, n), batch_rows >= 1, read_ahead >= 0 and start >= 0; "
            f"got {shard=}, {batch_rows=}, {read_ahead=}, {start=}"
        )
    groups = islice(_row_groups(paths, columns, where), shard_number, None, shards)
    if shuffle is None:
        stream = _in_order(groups, columns, batch_rows, start)
        stream = prefetch(stream, read_ahead) if read_ahead else stream
    else:
        blocks = _mixed_blocks(groups, columns, batch_rows, start, shuffle)
        blocks = prefetch(blocks, 1) if read_ahead else blocks
        stream = (block.slice(low, batch_rows) for block in blocks for low in range(0, len(block), batch_rows))
    return stream if where is None else (batch.filter(where) for batch in stream)


def _row_groups(paths, columns, where) -> Iterator[_Group]:
    """The row groups of all files that may hold rows to keep."""
    for path in paths:
        with _named(path):
            metadata = pq.read_metadata(path)
            schema = metadata.schema.to_arrow_schema()
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
            yield _Group(path, metadata, number)


def _in_order(groups, columns, batch_rows: int, start: int) -> Iterator[pa.RecordBatch]:
    for _, groups_of_file in groupby(groups, key=lambda group: group.path):
        for group in groups_of_file:
            count = -(-group.rows // batch_rows)
            if start < count:
                yield from islice(_read(group, columns, batch_rows), start, None)
            start = max(start - count, 0)


def _mixed_blocks(groups, columns, batch_rows: int, start: int, seed: int) -> Iterator[pa.RecordBatch]:
    groups = list(groups)
    order = np.random.default_rng(seed).permutation(len(groups))
    for first in range(0, len(order), MIX):
        block = [groups[number] for number in order[first : first + MIX]]
        rows = sum(group.rows for group in block)
        count = -(-rows // batch_rows)
        if start < count:
            parts = (batch for group in block for batch in _read(group, columns, max(group.rows, 1)))
            # The order is known to lie within the block; combining the chunks first would take half as long again.
            table = pc.take(pa.Table.from_batches(parts), _mixed_order(rows, seed), boundscheck=False).combine_chunks()
            yield table.to_batches()[0].slice(start * batch_rows)
            del table  # before the next block is read
        start = max(start - count, 0)


@lru_cache(maxsize=2)  # most blocks hold as many rows as the one before
def _mixed_order(rows: int, seed: int) -> pa.Array:
    """Row numbers of a block: runs of neighbours in random order, and the rows of runs that come together jumbled.

    So a few thousand rows are taken from a few dozen places, which the processor's cache holds; rows drawn one by one
    from all over the block would take three times as long.
    """
    rng = np.random.default_rng(seed)
    place_of_run = rng.permutation(-(-rows // RUN))
    order = np.argsort(place_of_run[np.arange(rows) // RUN] + RUNS_TOGETHER * rng.random(rows))
    return pa.array(order.astype("u4"))


def _read(group: _Group, columns, batch_rows: int) -> Iterator[pa.RecordBatch]:
    # pre_buffer would hold a whole row group's raw bytes beside the batches made from them.
    with (
        _named(group.path, f"row group {group.number} of "),
        pq.ParquetFile(group.path, metadata=group.metadata, pre_buffer=False) as file,
    ):
        yield from file.iter_batches(batch_rows, row_groups=[group.number], columns=columns)


@contextmanager
def _named(path, part: str = "") -> Iterator[None]:
    """Let errors of Arrow name the file, in one sentence."""
    try:
        yield
    except FileNotFoundError:
        raise
    except (pa.ArrowException, OSError) as error:
        reason = " ".join(str(error).split())
        raise ValueError(f"{part}{path} cannot be read as Parquet ({reason}): delete it and make it again") from error


def prefetch(items: Iterable[Item], depth: int = 2) -> Iterator[Item]:
    """Make items in a thread while the caller uses earlier ones.

    Arrow, numpy and numba release Python's lock while they work, so both sides run at once. An exception of
    `items` is raised here, after the items before it. When the caller stops early, the thread ends as well.

    Parameters
    ----------
    items : iterable
        Used up by the thread; a generator is closed there.
    depth : int
        Items that wait at most.

    Yields
    ------
    object
        The items, in order.
    """
    ready, free, stopped = queue.SimpleQueue(), threading.Semaphore(depth), threading.Event()

    def fill() -> None:
        iterator = iter(items)
        try:
            while True:
                free.acquire()  # first a free place, then the work: never more than `depth` items wait
                if stopped.is_set():
                    break
                ready.put((next(iterator), None))
        except StopIteration:
            ready.put((None, StopIteration))
        except BaseException as error:
            ready.put((None, error))
        finally:
            if hasattr(iterator, "close"):
                iterator.close()

    thread = threading.Thread(target=fill, name="prefetch", daemon=True)
    thread.start()
    try:
        while True:
            item, error = ready.get()
            if error is StopIteration:
                return
            if error is not None:
                raise error
            free.release()
            yield item
            del item  # the caller may have dropped it: do not keep it while waiting for the next
    finally:
        stopped.set()
        free.release()
        thread.join()
