"""Exercises of notebook 02, out of core."""

from __future__ import annotations

import numpy as np

from helpers.check.answer import Wrong, exercise, number


@exercise
def rows_that_fit(answer: object, budget: int) -> None:
    """02, exercise 1: rows of 17 float32 features in a budget of bytes."""
    given, wanted = number(answer), budget // (17 * 4)
    if abs(given - budget / (17 * 8)) < 1:
        raise Wrong("A float32 takes 4 bytes; 8 are those of a float64.")
    if abs(given - budget / 4) < 1:
        raise Wrong("That many numbers fit; a row has 17 of them.")
    if abs(given - budget / 17) < 1:
        raise Wrong("That would be right for numbers of one byte; a float32 takes 4.")
    if abs(given - wanted) > 1:
        raise Wrong("Bytes of a row: 17 numbers of 4 bytes. How often do they go into the budget?")


@exercise
def batches_of_a_pass(answer: object, trips, batch_rows: int) -> None:
    """02, exercise 2: batches that a pass over all trips makes, if all but the last are full."""
    given, wanted = number(answer), -(-trips.rows // batch_rows)
    if given == batch_rows / trips.rows:
        raise Wrong("Turn the fraction over: how many batches, not what part is a batch?")
    if given == wanted - 1 or given != int(given):
        raise Wrong("Some trips are left over after the full batches: they make a batch, too. Round up.")
    if given == trips.rows:
        raise Wrong("Those are the trips: how many batches do they fill?")
    if given != wanted:
        raise Wrong("Divide all trips by the rows of a batch and round up.")


@exercise
def rows_of_a_batch(answer: object, budget: int, base: int, row_bytes: float) -> None:
    """02, exercise 3: rows that a batch may hold, if `base` bytes are taken before the first row."""
    given, wanted = number(answer), (budget - base) / row_bytes
    if np.isclose(given, budget / row_bytes, rtol=0.01):
        raise Wrong("Python and its libraries take their share before the first row: subtract base.")
    if np.isclose(given, budget - base, rtol=0.01):
        raise Wrong("Those are the bytes left for a batch: how many rows do they hold?")
    if np.isclose(given, (budget - base) * row_bytes, rtol=0.01):
        raise Wrong("You multiplied by the bytes of a row: how often do they fit?")
    if not np.isclose(given, wanted, rtol=0.01):
        raise Wrong("Subtract base from the budget, and see how often the bytes of a row go into the rest.")
