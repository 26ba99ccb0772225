"""Exercises: one model, many machines."""

from __future__ import annotations

import math

from helpers.check.answer import Wrong, exercise, number, refuse_known_mistakes

ROWS, WEIGHTS = [100, 300, 0], [1.0, 2.0, 4.0]


@exercise
def averaged_weight(answer: object) -> None:
    """Exercise 1: the mean of three weights, by the rows they were learned from."""
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
