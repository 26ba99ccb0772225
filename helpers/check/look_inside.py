"""Exercises: look inside a model."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.check.answer import Wrong, call, exercise, function


@exercise
def shuffle_together(answer: object) -> None:
    """Exercise 1: a function of X, columns and rng that shuffles the rows of some columns in one and the same order."""
    learners = function(answer, "X, columns and rng")
    X = pd.DataFrame(np.arange(400.0).reshape(100, 4), columns=list("abcd"), index=np.arange(100, 200))
    before, columns = X.copy(), ["b", "d"]
    given = call(learners, X, list(columns), np.random.default_rng(0))
    if not X.equals(before):
        raise Wrong("The DataFrame that was handed in has changed: work on a copy.")
    _like(given, X)
    if not given[["a", "c"]].equals(X[["a", "c"]]):
        raise Wrong("Columns that were not named have changed: they stay as they are.")
    if not all(sorted(given[name]) == sorted(X[name]) for name in columns):
        raise Wrong("The values of a column are not those from before: each must come back once, in another place.")
    moved = [(given[name] != X[name]).mean() > 0.5 for name in columns]
    if not any(moved):
        raise Wrong("Nothing has moved. Does pandas put the rows back by their index? `to_numpy()` forgets it.")
    if not all(moved):
        raise Wrong("Only some of the named columns have moved: all of them do.")
    if not (given["d"] - given["b"] == 2).all():
        raise Wrong("Each column has an order of its own: draw one order, and use it for all.")
    again = call(learners, X, list(columns), np.random.default_rng(1))
    if isinstance(again, pd.DataFrame) and again.equals(given):
        raise Wrong("Another `rng` gives the same order: draw it from the `rng` that is handed in.")


@exercise
def at_hour(answer: object) -> None:
    """Exercise 2: a function of X and an hour that returns X with `hour_sin` and `hour_cos` of that hour."""
    learners = function(answer, "X and hour")
    circle = 2 * np.pi * np.arange(24) / 24
    X = pd.DataFrame({"distance": np.arange(24.0), "hour_sin": np.sin(circle), "hour_cos": np.cos(circle)})
    before = X.copy()
    for hour in (7, 18):
        given = call(learners, X, hour)
        if not X.equals(before):
            raise Wrong("The DataFrame that was handed in has changed: work on a copy.")
        _like(given, X)
        if not given["distance"].equals(X["distance"]):
            raise Wrong("Columns that do not tell the hour have changed: they stay as they are.")
        angle = 2 * np.pi * hour / 24
        try:
            sine, cosine = (np.asarray(given[name], dtype="f8") for name in ("hour_sin", "hour_cos"))
        except (TypeError, ValueError) as error:
            raise Wrong(f"hour_sin and hour_cos hold numbers: {error}.") from error
        right_sine, right_cosine = np.allclose(sine, np.sin(angle)), np.allclose(cosine, np.cos(angle))
        if right_sine and right_cosine:
            continue
        if np.allclose(sine, np.cos(angle)) and np.allclose(cosine, np.sin(angle)):
            raise Wrong("Sine and cosine are swapped.")
        if np.allclose(sine, np.sin(hour)) and np.allclose(cosine, np.cos(hour)):
            raise Wrong("The hour itself was taken for the angle: a whole day is a full circle, 2π.")
        if np.allclose(sine, hour) or np.allclose(cosine, hour):
            raise Wrong("The columns hold a sine and a cosine, no hours.")
        if right_sine or right_cosine:
            raise Wrong("One of the two columns is right: an hour is in both of them.")
        raise Wrong("Neither column is that of the hour: its angle is hour / 24 of a full circle.")


def _like(given: object, X: pd.DataFrame) -> None:
    if not isinstance(given, pd.DataFrame):
        raise Wrong(f"A DataFrame should come back; this is of type {type(given).__name__}.")
    if list(given.columns) != list(X.columns):
        raise Wrong(f"The columns {', '.join(X)} went in, and should come back in that order.")
    if len(given) != len(X) or not given.index.equals(X.index):
        raise Wrong("The same rows should come back, with the same index.")
