"""Exercises: why distribute."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from helpers.check.answer import Wrong, exercise, number


@exercise
def combined_gradient(answer: object, reports: Sequence[tuple[int, np.ndarray]]) -> None:
    """Exercise 1: the mean gradient over all rows, from the rows and mean gradient of each worker."""
    given = _weights(answer, len(reports[0][1]))
    rows = np.array([count for count, _ in reports], dtype="f8")
    means = np.array([gradient for _, gradient in reports], dtype="f8")
    if np.allclose(given, means.mean(axis=0)):
        raise Wrong("That counts a worker with few rows as much as one with many.")
    if np.allclose(given, means.sum(axis=0)):
        raise Wrong("Sums add up, means do not: a mean over all rows lies between the two.")
    if np.allclose(given, rows @ means):
        raise Wrong("That is the sum over all rows: divide it by how many there are.")
    if np.allclose(given, rows @ means / len(rows)):
        raise Wrong("Divide by all the rows, not by the number of workers.")
    if not np.allclose(given, rows @ means / rows.sum()):
        raise Wrong("Turn each mean back into a sum, add the sums, and divide by all the rows.")


@exercise
def workers_in_six_minutes(answer: object) -> None:
    """Exercise 2: workers that bring an hour, of which three minutes are serial, down to six minutes."""
    given = number(answer)
    if given == 10:
        raise Wrong("Ten workers would do if all of it could be shared; three minutes cannot.")
    if np.isclose(given, 57 / 6):
        raise Wrong("The three serial minutes are part of the six.")
    if given == 20:
        raise Wrong("Three minutes are left for the shared part of 57, not of 60.")
    if 0 < given < 1:
        raise Wrong("Turn the fraction over: into how many parts are the 57 minutes cut?")
    if not np.isclose(given, 19):
        raise Wrong("Three minutes stay as they are; the other 57, divided among the workers, must fit in the rest.")


def _weights(answer: object, count: int) -> np.ndarray:
    """The answer as `count` floats."""
    if hasattr(answer, "compute") or hasattr(answer, "dask"):
        raise Wrong("This is a plan, not numbers yet: compute() it.")
    try:
        given = np.asarray(answer, dtype="f8")
    except (TypeError, ValueError, OverflowError):
        raise Wrong(f"An array of {count} numbers is wanted; this is of type {type(answer).__name__}.") from None
    if given.shape != (count,):
        raise Wrong(f"One number per weight is wanted, {count} in all; this has the shape {given.shape}.")
    return given
