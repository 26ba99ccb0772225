"""Exercises: out of core."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from helpers import taxi
from helpers.check.answer import Wrong, exercise, number


@exercise
def rows_that_fit(answer: object, peaks: Mapping[int, int], budget: int) -> None:
    """Exercise 1: rows whose processing needs a budget of bytes, on the line through two measured peaks."""
    (few, low), (many, high) = sorted(peaks.items())
    row_bytes = (high - low) / (many - few)
    given, wanted = number(answer), many + (budget - high) / row_bytes
    if np.isclose(given, wanted, rtol=0.01):
        return
    if np.isclose(given, wanted - many, rtol=0.001):
        raise Wrong("That many rows more would fit: add those of the larger run.")
    if np.isclose(given, budget / row_bytes, rtol=0.001):
        raise Wrong("Python and its libraries take their share before the first row: the line does not start at zero.")
    if np.isclose(given, budget / high * many, rtol=0.001) or np.isclose(given, budget / low * few, rtol=0.001):
        raise Wrong("Twice the rows take less than twice the memory: use how much the peak grows from run to run.")
    if np.isclose(given, row_bytes, rtol=0.001):
        raise Wrong("Those are the bytes of a row: how many rows fit into what the larger run left of the budget?")
    raise Wrong("Bytes of a row: the difference of the peaks over that of the rows. Then see what the budget leaves.")


@exercise
def different_fares(answer: object, trips) -> None:
    """Exercise 2: how many different fares, in whole cents, the usable trips have."""
    exact, cents, dirty, rows = set(), set(), set(), 0
    for batch in trips.stream():
        usable, every = (part["fare_amount"].to_numpy(zero_copy_only=False) for part in (taxi.clean(batch), batch))
        exact.update(np.unique(usable).tolist())
        cents.update(np.unique(np.round(100 * usable)).tolist())
        dirty.update(np.unique(np.round(100 * every)).tolist())
        rows += batch.num_rows
    given = number(answer)
    if given == len(cents):
        return
    if given == len(dirty):
        raise Wrong("Fares of unusable trips are among them: taxi.clean each batch first.")
    if given == len(exact):
        raise Wrong("Some fares differ by less than a cent: round 100 * fare to whole numbers first.")
    if given >= rows / 2:
        raise Wrong("That is nearly a fare per trip; most fares occur again and again.")
    if given > len(cents):
        raise Wrong("Too many: a fare that occurs in two batches is one fare. Counts do not add up here, but sets do.")
    raise Wrong("Too few: what earlier batches have shown must not be forgotten. Keep one set for all of them.")
