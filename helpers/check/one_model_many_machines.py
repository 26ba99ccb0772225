"""Exercises: one model, many machines."""

from __future__ import annotations

import math

import numpy as np

from helpers.check.answer import Wrong, exercise, number, refuse_known_mistakes

ROWS, WEIGHTS = [100, 300, 0], [1.0, 2.0, 4.0]


@exercise
def error_of_two(answer: object, learned: list, X_test: np.ndarray, y_test: np.ndarray) -> None:
    """Exercise 1: the RMSE of the average of the first two of `learned`, pairs of a linear model and its rows."""
    value = number(answer)

    def error(pairs):
        models, rows = zip(*pairs, strict=True)
        predictions = [X_test @ model.coef_ + model.intercept_ for model in models]
        return float(np.sqrt(np.mean((np.average(predictions, axis=0, weights=rows) - y_test) ** 2)))

    right = error(learned[:2])
    if math.isclose(value, right, rel_tol=1e-4):
        return
    hints = {
        error(learned): "This is the average of all four: take learned[:2].",
        error(learned[:1]): "This is the first model alone: average two.",
        error(learned[1:2]): "This is the second model alone: average two.",
        right**2: "This is the mean squared error: its root is in dollars.",
    }
    for wrong, hint in hints.items():
        if math.isclose(value, wrong, rel_tol=1e-4):
            raise Wrong(hint)
    raise Wrong("average(learned[:2]) is a model: compare what it predicts for X_test with y_test.")


@exercise
def averaged_weight(answer: object) -> None:
    """Exercise 2: the mean of three weights, by the rows they were learned from."""
    value = number(answer)
    total = sum(rows * weight for rows, weight in zip(ROWS, WEIGHTS, strict=True))
    hints = {
        sum(WEIGHTS) / 3: "This is the mean of three weights as if each came from as many rows.",
        sum(WEIGHTS[:2]) / 2: "One of them learned from three times as many rows: it has more to say.",
        total: "This is a sum: divide it by the rows of all.",
        total / 3: "Divide by the number of rows, not of shards.",
    }
    refuse_known_mistakes(value, total / sum(ROWS), hints)
    if not min(WEIGHTS[:2]) <= value <= max(WEIGHTS[:2]):
        raise Wrong("A mean lies between the smallest and the largest; the shard without rows counts nothing.")
    if not math.isclose(value, total / sum(ROWS), rel_tol=1e-3):
        raise Wrong("Each weight times its rows, added up; then divided by the rows of all.")
