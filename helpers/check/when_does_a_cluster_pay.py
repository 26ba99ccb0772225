"""Exercises: when does a cluster pay?"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pyarrow as pa

from helpers.check.answer import Wrong, exercise, number, refuse_known_mistakes, refuse_other_kinds

SHARDS, MODEL_MB, NETWORK_MB_PER_S, BUSY = 64, 100, 1_250, 0.1


@exercise
def mean_fares(answer: object, trips: pa.Table) -> None:
    """Exercise 1: the mean fares of four shards of trips that are sorted by the time of the pick-up."""
    refuse_other_kinds(answer, (list, tuple, np.ndarray, pd.Series), "a list of four mean fares")
    given = [number(one) for one in answer]
    if len(given) != 4:
        raise Wrong(f"Four numbers are wanted, one for each shard; this has {len(given)}.")

    def means(table):
        return [part.mean() for part in np.array_split(table["fare_amount"].to_numpy(), 4)]

    if np.allclose(given, means(trips.sort_by("pickup_datetime")), rtol=1e-3):
        return
    if np.allclose(given, means(trips.sort_by("fare_amount")), rtol=1e-3):
        raise Wrong("These are sorted by fare, as above: sort by pickup_datetime.")
    if np.allclose(given, means(trips), rtol=1e-3):
        raise Wrong("These are not sorted: take some.sort_by(...).")
    if np.allclose(given, means(trips.sort_by([("pickup_datetime", "descending")])), rtol=1e-3):
        raise Wrong("From late to early: begin with the earliest.")
    raise Wrong('Sort by "pickup_datetime", take the fares, np.array_split them into 4, and take the mean of each.')


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
    refuse_known_mistakes(value, right, hints)
    if not math.isclose(value, right, rel_tol=0.01):
        direction = "longer" if value < right else "shorter"
        raise Wrong(f"It is {direction}: MB there and back for all shards, divided by MB a second, ten times as long.")
