"""Mix the rows of some record batches, as a dealer deals cards. Used by ``helpers.stream``.

Each batch is cut into a few stacks of neighbours. The first row of the first stack of every batch comes first, then
that of the second stack of every batch, and so on; then the second rows, until all stacks are empty. So neighbours come
from different batches, and rows that were neighbours end up about a hundred rows apart. Rows drawn one by one would
take more than twice as long: here memory is read in a few rows of neighbours, which the processor fetches in advance.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
import pyarrow as pa


def deal(batches: Sequence[pa.RecordBatch], stacks: int) -> pa.RecordBatch:
    """All rows of some batches of one schema, from `stacks` stacks of each, in an order that their lengths decide."""
    columns = [_dealt(parts, stacks) for parts in zip(*(batch.columns for batch in batches), strict=True)]
    return pa.RecordBatch.from_arrays(columns, schema=batches[0].schema)


def _dealt(parts: Sequence[pa.Array], stacks: int) -> pa.Array:
    kind = parts[0].type
    if not pa.types.is_primitive(kind) or kind.bit_width < 8:
        # Text, say, whose values have different lengths: deal the rows' numbers, and take the values by them.
        ends = np.cumsum([0, *map(len, parts)])
        numbers = [np.arange(*span, dtype="u4") for span in itertools.pairwise(ends)]
        return pa.concat_arrays(parts).take(pa.array(_deal(numbers, stacks)))
    width = f"u{kind.bit_width // 8}"
    values = [np.frombuffer(part.buffers()[1], width)[part.offset :][: len(part)] for part in parts]
    dealt, valid = _deal(values, stacks), None
    if any(part.null_count for part in parts):
        known = _deal([_validity(part) for part in parts], stacks)
        valid = pa.py_buffer(np.packbits(known, bitorder="little"))
    return pa.Array.from_buffers(kind, len(dealt), [valid, pa.py_buffer(dealt)])


def _validity(part: pa.Array) -> np.ndarray:
    """Of each value 1, or 0 for a null."""
    if not part.null_count:
        return np.ones(len(part), "u1")
    bits = np.frombuffer(part.buffers()[0], "u1")
    return np.unpackbits(bits, count=part.offset + len(part), bitorder="little")[part.offset :]


def _deal(parts: list[np.ndarray], stacks: int) -> np.ndarray:
    # Arrow's memory: what was freed before is used again, while numpy's fresh pages would cost as much as the dealing.
    dealt = np.frombuffer(pa.allocate_buffer(sum(part.nbytes for part in parts)), parts[0].dtype)
    done = 0
    while parts:  # once for nearly all rows, then for what is left over where a batch is longer than another
        shortest = min(map(len, parts))
        number = min(stacks, math.isqrt(shortest))
        height = shortest // number
        rows = number * height
        turns = dealt[done : done + rows * len(parts)].reshape(height, number, len(parts))
        for place, part in enumerate(parts):
            turns[:, :, place] = part[:rows].reshape(number, height).T
        done += turns.size
        parts = [part[rows:] for part in parts if len(part) > rows]
    return dealt
