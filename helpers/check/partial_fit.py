"""Exercises: partial fit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from helpers import taxi
from helpers.check.answer import Wrong, exercise, number

GAIN = 0.01  # US$ by which an error must fall to be better
RATE = 0.001  # US$ by which a fare moves the guess of the median


@exercise
def stopped_after(answer: object, errors: Sequence[float], patience: int) -> None:
    """Exercise 1: after how many batches early stopping would have ended a run, from its errors."""
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
    raise Wrong(
        "Go through the errors as the loop above does: note the best and where it was, stop when it is too long ago."
    )


def _stop(errors: Sequence[float], patience: int, gain: float) -> tuple[int, int]:
    """Where a run ends (its length, if patience lasts), and where its best error was; both count from 1."""
    best, best_at, batch = np.inf, 0, 0
    for batch, error in enumerate(errors, start=1):
        if error < best - gain:
            best, best_at = error, batch
        if batch - best_at >= patience:
            break
    return batch, best_at


@exercise
def median_step(answer: object, batch: pa.RecordBatch) -> None:
    """Exercise 2: a step that guesses the median fare, tested on a batch before it learns from it."""
    if hasattr(answer, "compute") or hasattr(answer, "dask"):
        raise Wrong("This is a plan; not even compute() makes it a function of model and batch.")
    if not callable(answer):
        raise Wrong(f"A function of model and batch is wanted; this is of type {type(answer).__name__}.")
    fares = taxi.to_xy(batch)[1].astype("f8")
    for guess in (10.0, 4.0):
        model = {"guess": guess}
        _check_report(_run(answer, model, batch), fares, guess, model)
        moved, wanted = model["guess"] - guess, RATE * np.sign(fares - guess).sum()
        if np.isclose(moved, wanted, rtol=1e-3, atol=1e-6):
            continue
        if moved == 0:
            raise Wrong('The guess has not moved: change model["guess"], so that the next batch meets a better one.')
        if np.isclose(moved, -wanted, rtol=1e-3):
            raise Wrong("The guess moves away from the fares: up where they are above it.")
        if np.isclose(moved, RATE * (fares - guess).sum(), rtol=1e-3):
            raise Wrong("A far fare pulls no harder than a near one: count them (np.sign), do not add distances.")
        if np.isclose(moved, 1_000 * wanted, rtol=1e-3):
            raise Wrong("Each fare moves the guess by 0.001, not by a dollar.")
        raise Wrong("The guess moves by 0.001 times (fares above it minus fares below it).")


def _run(step, model: dict, batch: pa.RecordBatch) -> tuple[int, float]:
    try:
        rows, loss = step(model, batch)
        return int(rows), float(loss)
    except Exception as error:  # whatever the learner's function raises
        raise Wrong(f"It should return two numbers, rows and loss; it failed: {error!r}.") from error


def _check_report(report: tuple[int, float], fares: np.ndarray, guess: float, model: dict) -> None:
    rows, loss = report
    if rows != len(fares):
        raise Wrong(f"Of {len(fares):,} usable trips, it reports {rows:,}: taxi.to_xy drops the others.")
    if np.isclose(loss, abs(fares - guess).sum(), rtol=1e-3):
        return
    if np.isclose(loss, abs(fares - model["guess"]).sum(), rtol=1e-3):
        raise Wrong("It learns before it is tested: the error is that of the guess as it was.")
    if np.isclose(loss, abs(fares - guess).mean(), rtol=1e-3):
        raise Wrong("That is the mean error: return the sum, so that batches of any size add up.")
    if np.isclose(loss, ((fares - guess) ** 2).sum(), rtol=1e-3):
        raise Wrong("Those are squared errors: the median belongs to absolute ones.")
    raise Wrong("The loss is the sum of abs(fare - guess) over the usable trips, with the guess as it was before.")
