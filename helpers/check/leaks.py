"""Exercises: leaks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.check.answer import Wrong, call, exercise, function


@exercise
def in_training(answer: object) -> None:
    """Exercise 1: a function of two DataFrames that says for each test row whether it stands in the training rows."""
    learners = function(answer, "train_rows and test_rows")
    train = pd.DataFrame({"km": [1.5, 2.5, 2.5, 4.0], "fare": [6.0, 9.0, 9.0, 12.5]})
    test = pd.DataFrame(
        {"km": [4.0, 1.5, 7.0, 7.0, 2.5, 2.5, 8.0, 2.5], "fare": [12.5, 9.0, 20.0, 20.0, 9.0, 9.0, 6.0, 30.0]}
    )
    wanted = np.array([True, False, False, False, True, True, False, False])
    given = np.asarray(call(learners, train.copy(), test.copy()), dtype=object)
    if given.shape == () or given.shape == (1,):
        raise Wrong(f"One answer for each test row is wanted, {len(test)} in all; this gave a single value.")
    given = given.ravel()
    if len(given) != len(test):
        raise Wrong(f"{len(test)} test rows went in, {len(given)} answers came back: one for each, in their order.")
    if not all(isinstance(value, (bool, np.bool_)) for value in given):
        raise Wrong("Each answer is True or False.")
    given = given.astype(bool)
    if (given == wanted).all():
        return
    if (given == ~wanted).all():
        raise Wrong("The other way round: True means that the row is among the training rows.")
    both = pd.concat([train, test])
    if (given == both.duplicated()[len(train) :]).all() or (given == both.duplicated(keep=False)[len(train) :]).all():
        raise Wrong("Two equal test rows were taken for copies, although no training row is like them.")
    if any((given == test[name].isin(train[name])).all() for name in test):
        raise Wrong("One column alone decided: a copy agrees in all columns.")
    if (given == test.isin(train.to_numpy().ravel()).all(axis=1)).all():
        raise Wrong("Each column was looked up by itself: a copy has all its values in one and the same training row.")
    raise Wrong("A test row is True if all its values stand in one training row; try `merge` with `indicator=True`.")


@exercise
def past_mean(answer: object, routes: Sequence[int], fares: Sequence[float]) -> None:
    """Exercise 2: for trips in order of time, the mean fare of *earlier* trips on the same route (none: 0)."""
    learners = function(answer, "routes and fares")
    routes, fares = np.asarray(routes), np.asarray(fares, "f8")
    trips = pd.DataFrame({"route": routes, "fare": fares})
    group = trips.groupby("route").fare
    total, count = group.cumsum(), group.cumcount()
    wanted = ((total - trips.fare) / count.clip(lower=1)).to_numpy()
    try:
        given = np.asarray(call(learners, trips["route"], trips["fare"]), dtype="f8").ravel()
    except (TypeError, ValueError, OverflowError) as error:
        raise Wrong(f"A column of numbers should come back: {error}.") from error
    if given.shape != wanted.shape:
        raise Wrong(f"{len(fares):,} trips went in, {given.size:,} numbers came back: one per trip, in their order.")

    def is_about(values) -> bool:
        return np.allclose(given, values, rtol=1e-3, atol=1e-3, equal_nan=True)

    if is_about(wanted):
        return
    if is_about(group.transform("mean")):
        raise Wrong("This mean knows the route's whole future: a trip may only see what came before it.")
    if is_about(total / (count + 1)):
        raise Wrong("Nearly: each trip's own fare is in its mean, and that fare is the answer. Take it out.")
    if is_about(total - trips.fare):
        raise Wrong("Those are sums: divide each by the number of earlier trips on that route.")
    if is_about(trips.fare.shift(fill_value=0).cumsum() / np.maximum(np.arange(len(fares)), 1)):
        raise Wrong("That is the mean of all earlier trips: keep to those on the same route.")
    if np.isnan(given).any():
        raise Wrong("Some are NaN: the first trip on a route has no earlier ones, and gets 0.")
    raise Wrong("Per route: (running sum of fares, less the trip's own) / (number of earlier trips, at least 1).")
