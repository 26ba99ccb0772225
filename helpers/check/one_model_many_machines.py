"""Exercises: one model, many machines."""

from __future__ import annotations

import math

from helpers.check.answer import Wrong, exercise, number

ROWS, WEIGHTS = [100, 300, 0], [1.0, 2.0, 4.0]
SHARDS, MODEL_MB, NETWORK_MB_PER_S, BUSY = 64, 100, 1_250, 0.1


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
    _compare(value, total / sum(ROWS), hints)
    if not min(WEIGHTS[:2]) <= value <= max(WEIGHTS[:2]):
        raise Wrong("A mean lies between the smallest and the largest; the shard without rows counts nothing.")
    if not math.isclose(value, total / sum(ROWS), rel_tol=1e-3):
        raise Wrong("Each weight times its rows, added up; then divided by the rows of all.")


@exercise
def seconds_between_averages(answer: object) -> None:
    """Exercise 2: how seldom 64 shards must average so that the network is busy a tenth of the time."""
    value = number(answer)
    sending = 2 * SHARDS * MODEL_MB / NETWORK_MB_PER_S
    hints = {
        sending: "So long does the network take. It may be busy only a tenth of the time.",
        sending / 2: "So long does it take one way, and without any pause.",
        sending / 2 / BUSY: "This is one way: each shard gets the model, and sends one back.",
        sending * BUSY: "The pause must be longer than the sending, not shorter.",
        sending / SHARDS: "This is for one shard: there are 64.",
        sending / SHARDS / BUSY: "This is for one shard. There are 64.",
        2 * SHARDS * MODEL_MB: "These are MB: how long does the network take for them?",
    }
    right = sending / BUSY
    _compare(value, right, hints)
    if not math.isclose(value, right, rel_tol=0.01):
        direction = "longer" if value < right else "shorter"
        raise Wrong(f"It is {direction}: MB there and back for all shards, divided by MB a second, ten times as long.")


def _compare(value: float, right: float, hints: dict[float, str]) -> None:
    """Say what went wrong if the value is one that is got by a known mistake."""
    for wrong, hint in hints.items():
        if math.isclose(value, wrong, rel_tol=0.01) and not math.isclose(value, right, rel_tol=1e-3):
            raise Wrong(hint)
