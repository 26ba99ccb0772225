"""Exercises: partial fit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from helpers import taxi
from helpers.check.answer import Wrong, exercise, number

RATE = 0.001  # US$ by which a fare moves the guess of the median


@exercise
def spread_of_both(answer: object, reports: Sequence[tuple[int, float, float]]) -> None:
    """Exercise 1: standard deviation of all fares, from rows, mean and standard deviation of two parts."""
    rows, means, spreads = (np.array(values, dtype="f8") for values in zip(*reports, strict=True))
    mean = rows @ means / rows.sum()
    inside, between = rows @ spreads**2, rows @ (means - mean) ** 2
    given, wanted = number(answer), np.sqrt((inside + between) / rows.sum())

    def is_about(value: float) -> bool:
        return np.isclose(given, value, rtol=1e-4)

    if is_about(wanted):
        return
    if is_about(spreads.mean()) or is_about(rows @ spreads / rows.sum()):
        raise Wrong("Spreads have no mean that means something: turn each into its M2, rows times std², and merge.")
    if is_about(np.sqrt(inside / rows.sum())):
        raise Wrong("The two means lie apart, and that spreads the fares as well: add what is between them.")
    if is_about(wanted**2):
        raise Wrong("That is the variance: its root is in dollars.")
    if is_about(inside + between):
        raise Wrong("That is the M2 of all: divide it by all rows, then take the root.")
    if is_about(np.sqrt(inside + between)):
        raise Wrong("Divide the M2 of all by all rows before you take the root.")
    raise Wrong(
        "M2 of a part is rows times std²; merge() takes (rows, mean, M2) twice, and std is the root of M2 / rows."
    )


@exercise
def rare_weight(answer: object, counts: Sequence[float]) -> None:
    """Exercise 2: weight of each long trip for which they are a quarter of the total weight."""
    short, long = (float(count) for count in counts)
    given = number(answer)
    if np.isclose(given, short / (3 * long), rtol=1e-3):
        return
    if np.isclose(given, short / long, rtol=1e-3):
        raise Wrong("With that both classes weigh the same: long trips would be half of the total.")
    if np.isclose(given, short / (4 * long), rtol=1e-3):
        raise Wrong("That makes them a quarter of what short trips weigh, not of the total.")
    if np.isclose(given, (short + long) / (4 * long), rtol=1e-3):
        raise Wrong("The total weight grows with your weight: it is not the number of trips.")
    if np.isclose(given, 3 * long / short, rtol=1e-3):
        raise Wrong("Upside down: the rare class needs the larger weight.")
    raise Wrong("Solve w · long / (w · long + short) = 1/4 for w.")


@exercise
def median_step(answer: object, batch: pa.RecordBatch) -> None:
    """Exercise 3: a step that guesses the median fare, tested on a batch before it learns from it."""
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
