"""Exercises: which settings are best."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from helpers.check.answer import Wrong, exercise, number


@exercise
def stopped_above(answer: object, errors: Sequence[float]) -> None:
    """Exercise 1: the error above which the median rule stops a trial."""
    given = number(answer)

    def is_about(value: float) -> bool:
        return bool(np.isclose(given, value, rtol=1e-3))

    if is_about(np.median(errors)):
        return
    if is_about(np.mean(errors)):
        raise Wrong("That is the mean, which one bad trial pulls up. The rule takes the median.")
    if is_about(min(errors)) or is_about(max(errors)):
        raise Wrong("That is the best or the worst of them. The median lies in the middle.")
    if any(is_about(error) for error in errors):
        raise Wrong("There is an even number of errors, so the median lies between the two in the middle.")
    raise Wrong("Sort the errors. What lies in the middle?")


@exercise
def epochs_trained(answer: object, trials: int, epochs: int, share: float, after: int) -> None:
    """Exercise 2: epochs of all trials together, where a share of them is stopped early."""
    given = number(answer)

    def is_about(value: float) -> bool:
        return bool(np.isclose(given, value, rtol=1e-6))

    stopped, finished = trials * share * after, trials * (1 - share) * epochs
    if is_about(stopped + finished):
        return
    if is_about(trials * epochs):
        raise Wrong("So many it would be if no trial was stopped.")
    if is_about(stopped):
        raise Wrong("Those are the epochs of the stopped trials. The others run to the end.")
    if is_about(finished):
        raise Wrong("Those are the epochs of the finished trials. The stopped ones cost something, too.")
    if is_about(trials * epochs - stopped - finished):
        raise Wrong("Those are the epochs that were saved.")
    if is_about(trials * (1 - share) * after + trials * share * epochs):
        raise Wrong("The shares are the wrong way round: more than half of the trials are stopped.")
    raise Wrong("Count both kinds of trials, and multiply each by its epochs.")
