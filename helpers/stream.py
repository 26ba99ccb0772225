"""Read Parquet files as a stream of record batches, in memory that does not grow with the data.

Used by the notebooks that train on more rows than fit: a batch is read, used and forgotten.

A stream is a chain of small generators: one lists the row groups, one reads them in order or mixed, one filters, one
runs the others in a thread. How many rows a row group holds stands in the file's footer, so the number of its batches
is known before it is read: that makes a stream resumable at any row at no cost.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from numbers import Integral
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from helpers import row_groups, store
from helpers.prefetch import prefetch as prefetch  # part of this module's own vocabulary, as is footer
from helpers.row_groups import Group
from helpers.row_groups import footer as footer

MIX = 4  # row groups whose rows are shuffled together: more mix better and take more memory
FETCH_AHEAD = 2  # batches that wait at least where a request takes its time: in an object store
RUN, RUNS_TOGETHER = 128, 32  # rows that are neighbours in a file, and how many such runs mingle


class _Block(NamedTuple):
    groups: list[Group]

    @property
    def rows(self) -> int:
        return sum(group.rows for group in self.groups)


def batches(
    paths: str | Path | Iterable[str | Path],
    columns: Sequence[str] | None = None,
    *,
    batch_rows: int = 125_000,
    where: pc.Expression | None = None,
    shuffle: bool = False,
    seed: int = 0,
    shard: tuple[int, int] = (0, 1),
    read_ahead: int = 0,
    start: int = 0,
    stop: int | None = None,
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of Parquet files as record batches.

    Parameters
    ----------
    paths : str, Path or iterable of them
        One Parquet file, or several of one schema; also addresses in an object store, such as
        ``s3://bucket/trips.parquet``.
    columns : sequence of str, optional
        Columns to read (default: all). Parquet skips the others on disk.
    batch_rows : int
        Rows a batch holds at most; the last batch of a row group may be shorter.
    where : pyarrow.compute.Expression, optional
        Rows to keep, as in ``pc.field("passenger_count") > 2``; only of columns that are read. Row groups whose
        statistics rule out every row are skipped; a batch of any other may become short, even empty.
    shuffle : bool
        Draw row groups at random and mix the rows of every ``MIX`` of them (default: rows come in the files' order).
        Rows that lie far apart in the files thus meet, but it is no uniform shuffle.
    seed : int
        Of the random order, from 0. Use another one for another pass.
    shard : (int, int)
        Shard `i` of `n`: every `n`-th row group, so `n` processes get each row once between them.
    read_ahead : int
        Batches that a thread holds ready while the caller works on another; 0 reads without a thread. A shuffled
        stream has the next ``MIX`` row groups ready instead.
    start, stop : int
        The rows of the stream to yield, counted as they are read, before `where`: those from `start` on, up to and
        without `stop` (default: all). A stream that is opened again with the same arguments and the number of rows
        read so far as `start` goes on where it was left.

    Yields
    ------
    pyarrow.RecordBatch

    Raises
    ------
    ValueError
        If an argument makes no sense. If a file is no readable Parquet file or lacks a column: the message names it,
        after the rows before it were yielded.
    OSError
        If a file may not be read, a store does not answer, or an object there changed since the stream was opened.
    """
    paths = store.listed(paths)
    _check(paths, columns, batch_rows, seed, shard, read_ahead, start, stop)
    groups = islice(row_groups.of_files(paths, columns, where=where), shard[0], None, shard[1])
    rows = start, math.inf if stop is None else stop
    if any(isinstance(path, store.Address) for path in paths):
        read_ahead = read_ahead or FETCH_AHEAD
    if shuffle:
        blocks = _blocks(groups, columns, rows, seed)
        if read_ahead:  # one thread reads, one mixes
            blocks = prefetch(_mixed(prefetch(blocks, 1), seed), 1)
        else:
            blocks = _mixed(blocks, seed)
        stream = (part for block, low, high in blocks for part in _cut(block, low, high, batch_rows))
    else:
        stream = _in_order(groups, columns, rows, batch_rows)
        stream = prefetch(stream, read_ahead) if read_ahead else stream
    return stream if where is None else (batch.filter(where) for batch in stream)


def _check(paths, columns, batch_rows, seed, shard, read_ahead, start, stop) -> None:
    if not paths:
        raise ValueError("paths is empty: there is no file to read")
    if isinstance(columns, str) or (columns is not None and not len(columns)):
        raise ValueError(f"columns is {columns!r}: give a list of names, or leave it out for all columns")
    for name, value, least in (("batch_rows", batch_rows, 1), ("seed", seed, 0), ("read_ahead", read_ahead, 0)):
        if not isinstance(value, Integral) or value < least:
            raise ValueError(f"{name} is {value!r}: a whole number of at least {least} is needed")
    if len(shard) != 2 or not 0 <= shard[0] < shard[1]:
        raise ValueError(f"shard is {shard}: (i, n) is wanted, with 0 <= i < n")
    if start < 0 or (stop is not None and stop < start):
        raise ValueError(f"rows from start={start} to stop={stop} do not exist: 0 <= start <= stop is needed")


def _in_order(groups: Iterable[Group], columns, rows: tuple[int, float], batch_rows: int) -> Iterator[pa.RecordBatch]:
    for group, low, high in _wanted(groups, rows):
        skipped = low // batch_rows  # batches of this row group
        offset = skipped * batch_rows
        for batch in islice(row_groups.read(group, columns, batch_rows=batch_rows), skipped, None):
            first, last = max(low - offset, 0), min(high - offset, len(batch))
            offset += len(batch)
            yield batch.slice(first, last - first)
            if offset >= high:
                break


def _wanted(groups: Iterable[Group], rows: tuple[int, float]) -> Iterator[tuple[Group | _Block, int, int]]:
    """The row groups, or blocks of them, that hold some of the rows asked for; and which of their rows these are."""
    start, stop = rows
    seen = 0
    for group in groups:
        low, high = max(start - seen, 0), min(stop - seen, group.rows)
        seen += group.rows
        if low < high:
            yield group, low, high
        if seen >= stop:
            return


def _blocks(
    groups: Iterable[Group], columns, rows: tuple[int, float], seed: int
) -> Iterator[tuple[pa.Table, int, int]]:
    """Blocks of ``MIX`` row groups drawn at random, and which of a block's rows are asked for."""
    groups = row_groups.drawn(groups, seed)
    blocks = [_Block(groups[first : first + MIX]) for first in range(0, len(groups), MIX)]
    for block, low, high in _wanted(blocks, rows):
        parts = (
            batch for group in block.groups for batch in row_groups.read(group, columns, batch_rows=max(group.rows, 1))
        )
        yield pa.Table.from_batches(parts), low, high


def _mixed(blocks: Iterable[tuple[pa.Table, int, int]], seed: int) -> Iterator[tuple[pa.RecordBatch, int, int]]:
    for table, low, high in blocks:
        # The order is known to lie within the block; combining the chunks first would take half as long again.
        table = pc.take(table, _mixed_order(len(table), seed), boundscheck=False).combine_chunks()
        yield table.to_batches()[0], low, high
        del table  # before the next block is read


def _cut(block: pa.RecordBatch, low: int, high: int, batch_rows: int) -> Iterator[pa.RecordBatch]:
    """Rows `low` to `high` of a block in batches that end where those of the whole block do."""
    while low < high:
        end = min((low // batch_rows + 1) * batch_rows, high)
        yield block.slice(low, end - low)
        low = end


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
