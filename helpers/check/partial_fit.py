"""Exercises: partial fit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from helpers.check.answer import Wrong, call, exercise, function, number

GAIN = 0.01  # US$ by which an error must fall to be better
RATE = 0.001  # US$ by which a fare moves the guess of the median


@exercise
def median_step(answer: object, fares: np.ndarray) -> None:
    """Exercise 1: a step that moves a guess towards the median of the fares, US$."""
    step = function(answer, "guess and fares")
    for guess in (10.0, 4.0):
        moved = number(call(step, guess, fares.copy())) - guess
        apart = fares.astype("f8") - guess
        wanted = RATE * np.sign(apart).sum()
        if np.isclose(moved, wanted, rtol=1e-3, atol=1e-6):
            continue
        if moved == 0:
            raise Wrong("The guess has not moved: return the new one.")
        if np.isclose(moved + guess, wanted, rtol=1e-3, atol=1e-6):
            raise Wrong("That is only how far the guess moves: return the guess as it is then.")
        if np.isclose(moved, -wanted, rtol=1e-3):
            raise Wrong("The guess moves away from the fares: up where they are above it.")
        if np.isclose(moved, RATE * apart.sum(), rtol=1e-3):
            raise Wrong("A far fare pulls no harder than a near one: count them (np.sign), do not add distances.")
        if np.isclose(moved, wanted / RATE, rtol=1e-3):
            raise Wrong("Each fare moves the guess by 0.001, not by a dollar.")
        raise Wrong("The guess moves by 0.001 times (fares above it minus fares below it).")


@exercise
def stopped_after(answer: object, errors: Sequence[float], patience: int) -> None:
    """Exercise 2: after how many batches early stopping would have ended a run, from its errors."""
    given = number(answer)
    stop, best_at = _stop(errors, patience, GAIN)
    if given == stop:
        return
    if given == stop - 1:
        raise Wrong("One too few: count batches from one, as in enumerate(errors, start=1).")
    if given == best_at:
        raise Wrong("There it was best. It stops only when its patience is at an end, some batches later.")
    if given == _stop(errors, patience, 0)[0]:
        raise Wrong("That counts any gain as better: a cent at least is wanted.")
    if given == len(errors):
        raise Wrong("That is the whole pass: it would have stopped earlier.")
    raise Wrong("Go through the errors: note the best and where it was, stop when it is too long ago.")


def _stop(errors: Sequence[float], patience: int, gain: float) -> tuple[int, int]:
    """Where a run ends (its length, if patience lasts), and where its best error was; both count from 1."""
    best, best_at, batch = np.inf, 0, 0
    for batch, error in enumerate(errors, start=1):
        if error < best - gain:
            best, best_at = error, batch
        if batch - best_at >= patience:
            break
    return batch, best_at
