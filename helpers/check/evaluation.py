"""Exercises: evaluate and inspect."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from helpers.check.answer import Wrong, exercise, number


@exercise
def r2_of_both(answer: object, reports: Sequence[tuple[int, float, float, float]]) -> None:
    """Exercise 1: R² over all trips, from rows, mean fare, RMSE and R² of two parts."""
    rows, means, rmse, r2 = (np.array(values, dtype="f8") for values in zip(*reports, strict=True))
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
    """Exercise 2: a function of guesses, fares and a quantile that returns the mean pinball loss."""
    call = _function(answer, "guess, fare and q")
    guess, fare = np.array([10.0, 10.0, 8.0, 20.0, 7.0]), np.array([12.0, 9.0, 8.0, 10.0, 30.0])
    above, below = np.maximum(fare - guess, 0), np.maximum(guess - fare, 0)
    for q in (0.9, 0.3):
        given, wanted = number(_result(call, guess, fare, q)), (q * above + (1 - q) * below).mean()
        if np.isclose(given, wanted):
            continue
        if np.isclose(given, ((1 - q) * above + q * below).mean()):
            raise Wrong("Sides are swapped: at q = 0.9 it costs more if the fare lies *above* the guess.")
        if np.isclose(given, wanted * len(fare)):
            raise Wrong("That is the sum: return the mean, so that batches of any size compare.")
        if np.isclose(given, (q * above - (1 - q) * below).mean()):
            raise Wrong("A loss is never negative: what the fare lies below the guess costs, too.")
        if np.isclose(given, (above + below).mean()):
            raise Wrong("That is the mean absolute error: let a dollar above cost q, and a dollar below 1 - q.")
        if np.isclose(given, (q * above).mean()):
            raise Wrong("Only fares above the guess count here; a dollar below costs 1 - q.")
        raise Wrong("Each dollar that a fare lies above its guess costs q, each dollar below 1 - q; then the mean.")


@exercise
def past_mean(answer: object, routes: Sequence[int], fares: Sequence[float]) -> None:
    """Exercise 3: for trips in order of time, the mean fare of *earlier* trips on the same route (none: 0)."""
    call = _function(answer, "routes and fares")
    routes, fares = np.asarray(routes), np.asarray(fares, "f8")
    trips = pd.DataFrame({"route": routes, "fare": fares})
    group = trips.groupby("route").fare
    total, count = group.cumsum(), group.cumcount()
    wanted = ((total - trips.fare) / count.clip(lower=1)).to_numpy()
    try:
        given = np.asarray(_result(call, routes, fares), dtype="f8").ravel()
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


def _function(answer: object, arguments: str) -> Callable:
    if hasattr(answer, "compute") or hasattr(answer, "dask"):
        raise Wrong(f"This is a plan; not even compute() makes it a function of {arguments}.")
    if not callable(answer):
        raise Wrong(f"A function of {arguments} is wanted; this is of type {type(answer).__name__}.")
    return answer


def _result(call: Callable, *arguments: object) -> object:
    try:
        return call(*arguments)
    except Exception as error:  # whatever the learner's function raises
        raise Wrong(f"It failed: {error!r}.") from error
