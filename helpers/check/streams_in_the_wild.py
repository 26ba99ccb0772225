"""Exercises: when the stream changes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from helpers.check.answer import Wrong, exercise, number


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
