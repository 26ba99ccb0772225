"""Exercises: evaluate out of core."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.check.answer import Wrong, call, exercise, function, number


@exercise
def r2_of_both(answer: object, reports: pd.DataFrame) -> None:
    """Exercise 1: R² over all trips, from the `trips`, `mean_fare`, `RMSE` and `R2` of two parts, a row each."""
    rows, means, rmse, r2 = (reports[name].to_numpy("f8") for name in ("trips", "mean_fare", "RMSE", "R2"))
    squares = rows * rmse**2
    inside = (squares / (1 - r2)).sum()
    between = rows @ (means - rows @ means / rows.sum()) ** 2
    given = number(answer)
    ratio = squares.sum() / (inside + between)

    def is_about(value: float) -> bool:
        return np.isclose(given, value, rtol=1e-4)

    if is_about(1 - ratio):
        return
    if is_about(r2.mean()) or is_about(rows @ r2 / rows.sum()):
        raise Wrong("An R² has no mean that means something: take it apart into two sums, and merge those.")
    if is_about(1 - squares.sum() / inside):
        raise Wrong("The mean fares lie apart, and that spreads the fares as well: add what is between them.")
    if is_about(ratio):
        raise Wrong("That is the share of the spread which the model does not explain: R² is 1 minus that.")
    if is_about(np.sqrt(squares.sum() / rows.sum())):
        raise Wrong("That is the RMSE of all, in dollars; for R², divide squared errors by the spread of the fares.")
    raise Wrong(
        "Squared errors of a part are rows · RMSE²; its fares' squared distances from their mean are that / (1 - R²)."
    )


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
