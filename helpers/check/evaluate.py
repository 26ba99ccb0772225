"""Exercises: evaluate out of core."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.check.answer import Wrong, call, exercise, function, number


@exercise
def rmse_of_both(answer: object, reports: pd.DataFrame) -> None:
    """Exercise 1: RMSE over all trips, from the `trips` and the `RMSE` of two parts, a row each."""
    trips, rmse = reports["trips"].to_numpy("f8"), reports["RMSE"].to_numpy("f8")
    squares = trips @ rmse**2
    given = number(answer)

    def is_about(value: float) -> bool:
        return np.isclose(given, value, rtol=1e-4)

    if is_about(np.sqrt(squares / trips.sum())):
        return
    if is_about(rmse.mean()) or is_about(trips @ rmse / trips.sum()):
        raise Wrong("A mean of two RMSEs means nothing: turn each into a sum of squared errors, and add those.")
    if is_about(squares / trips.sum()):
        raise Wrong("That is the mean squared error of all: its root is wanted.")
    if is_about(squares) or is_about(np.sqrt(squares)):
        raise Wrong("The squared errors are added up; now divide by the number of all trips, before the root.")
    raise Wrong("Squared errors of a part are trips * RMSE²; add them, divide by all trips, and take the root.")


@exercise
def pinball(answer: object) -> None:
    """Exercise 2: a function of predictions, fares and a quantile that returns the mean pinball loss."""
    learners = function(answer, "prediction, fare and q")
    prediction, fare = np.array([10.0, 10.0, 8.0, 20.0, 7.0]), np.array([12.0, 9.0, 8.0, 10.0, 30.0])
    above, below = np.maximum(fare - prediction, 0), np.maximum(prediction - fare, 0)
    for q in (0.9, 0.3):
        given, wanted = number(call(learners, prediction, fare, q)), (q * above + (1 - q) * below).mean()
        if np.isclose(given, wanted):
            continue
        if np.isclose(given, ((1 - q) * above + q * below).mean()):
            raise Wrong("Sides are swapped: at q = 0.9 it costs more if the fare lies *above* the prediction.")
        if np.isclose(given, wanted * len(fare)):
            raise Wrong("That is the sum: return the mean, so that batches of any size compare.")
        if np.isclose(given, (q * above - (1 - q) * below).mean()):
            raise Wrong("A loss is never negative: what the fare lies below the prediction costs, too.")
        if np.isclose(given, (above + below).mean()):
            raise Wrong("That is the mean absolute error: let a dollar above cost q, and a dollar below 1 - q.")
        if np.isclose(given, (q * above).mean()):
            raise Wrong("Only fares above the prediction count here; a dollar below costs 1 - q.")
        raise Wrong(
            "Each dollar that a fare lies above its prediction costs q, each dollar below 1 - q; then the mean."
        )
