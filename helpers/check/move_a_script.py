"""Exercises: move a script to a stream."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from sklearn.linear_model import SGDClassifier
from sklearn.preprocessing import StandardScaler

from helpers import taxi
from helpers.check.answer import Wrong, call, exercise, function, number, refuse_other_kinds

EXPENSIVE = 20  # US$
OPTIONS = {"loss": "log_loss", "learning_rate": "constant", "eta0": 0.01, "shuffle": False}  # of the script's model


@exercise
def expensive_stream(answer: object, path: str | Path, scaler: StandardScaler) -> None:
    """Exercise 1: a classifier of expensive trips, learned in one pass over the batches of a file."""
    given = call(function(answer, "a path"), path)
    refuse_other_kinds(given, SGDClassifier, "a function that returns an SGDClassifier")
    if not hasattr(given, "coef_"):
        raise Wrong("The model has learned nothing: call its partial_fit.")
    if any(given.get_params()[name] != value for name, value in OPTIONS.items()):
        raise Wrong("Take the model as the script has it, with the same options.")
    if list(given.classes_) != [False, True]:
        raise Wrong("The classes are False and True: whether the fare is above the limit.")

    models = {name: SGDClassifier(**OPTIONS) for name in ("right", "raw", "upside down")}
    rows = 0
    for batch in pq.ParquetFile(path).iter_batches(batch_size=50_000):  # any size: nothing is shuffled
        X, y = taxi.to_xy(batch)
        rows, X_scaled, expensive = rows + len(y), scaler.transform(X), y > EXPENSIVE
        models["right"].partial_fit(X_scaled, expensive, classes=[False, True])
        models["raw"].partial_fit(X, expensive, classes=[False, True])
        models["upside down"].partial_fit(X_scaled, ~expensive, classes=[False, True])
    seen = given.t_ - 1
    if seen < rows:
        raise Wrong("The model has not seen every usable trip, or has forgotten: fit starts over, partial_fit goes on.")
    if seen > rows:
        raise Wrong("The model has seen trips more than once: go through the file once, one partial_fit per batch.")
    if _alike(given, models["right"]):
        return
    if _alike(given, models["raw"]):
        raise Wrong("The features are not scaled: the script trains on scaler.transform(X).")
    if _alike(given, models["upside down"]):
        raise Wrong("Upside down: True stands for the expensive trips.")
    raise Wrong("Right rows, other weights: is it scaler.transform(X), and the script's limit for the fare?")


@exercise
def times_as_fast(answer: object, stages: Mapping[str, float]) -> None:
    """Exercise 2: how much faster a whole loop gets when one of its stages takes a quarter of its time."""
    total, learn = sum(dict(stages).values()), stages["learn"]
    left = total - 0.75 * learn
    given = number(answer)
    if np.isclose(given, total / left, rtol=1e-3):
        return
    if np.isclose(given, 4):
        raise Wrong("That is the one stage: the others still take their time.")
    if np.isclose(given, left, rtol=1e-3):
        raise Wrong("Those are the microseconds that are left: how many times do they go into those of today?")
    if np.isclose(given, left / total, rtol=1e-3):
        raise Wrong("Upside down: today's time, divided by the new one.")
    if np.isclose(given, total / (total - learn), rtol=1e-3):
        raise Wrong("So much if learning took no time at all; a quarter of it remains.")
    if np.isclose(given, total / (total - learn / 4), rtol=1e-3):
        raise Wrong("A quarter of learning remains; here a quarter is saved.")
    raise Wrong("The new time is that of the other stages plus a quarter of learning. Divide the time of today by it.")


def _alike(one: SGDClassifier, other: SGDClassifier) -> bool:
    """Whether two models have the same weights, up to the rounding of float32."""
    if one.coef_.shape != other.coef_.shape:
        return False
    return np.allclose(one.coef_, other.coef_, rtol=0.01, atol=0.01 * abs(other.coef_).max())
