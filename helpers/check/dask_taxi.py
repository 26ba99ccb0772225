"""Exercises: Dask on New York taxi trips."""

from __future__ import annotations

import numpy as np

from helpers import taxi
from helpers.check.answer import Wrong, exercise, number


@exercise
def distance_only(answer: object, products: np.ndarray) -> None:
    """Exercise 1: RMSE of the best line over the distance alone, from the products of all features."""
    n, corner, target, squares = products[0, 0], products[:2, :2], products[:2, -1], products[-1, -1]
    wanted = np.sqrt((squares - np.linalg.solve(corner, target) @ target) / n)
    given = number(answer)
    if np.isclose(given, wanted**2, rtol=1e-3):
        raise Wrong("That is the mean squared error: its root is in dollars.")
    if np.isclose(given, wanted * np.sqrt(n), rtol=1e-3):
        raise Wrong("That is the root of the sum: divide by the number of trips, products[0, 0], first.")
    if np.isclose(given, np.sqrt(squares / n - (target[0] / n) ** 2), rtol=1e-3):
        raise Wrong("That is the error of the mean fare: let the distance, row and column 1, take part.")
    if not np.isclose(given, wanted, rtol=1e-3):
        raise Wrong("Solve the 2 × 2 corner for two weights w; the squared errors are then yᵀy - wᵀAᵀy.")


@exercise
def dearest_hour(answer: object, usable) -> None:
    """Exercise 2: the hour of pick-up with the most dollars per kilometre, over all usable trips."""
    table = taxi.features(usable).assign(hour=usable.pickup_datetime.dt.hour)
    sums = table.groupby("hour")[["fare_amount", "distance"]].sum().compute()
    rate = sums.fare_amount / sums.distance
    given = number(answer)
    if given == rate.idxmax():
        return
    if given not in rate.index:
        raise Wrong(f"An hour from 0 to 23 is wanted, not {given:g}.")
    if given == rate.idxmin():
        raise Wrong("That is the cheapest hour, when the streets are empty.")
    if given == sums.fare_amount.idxmax():
        raise Wrong("That hour earns most in all; divide by the distance driven in it.")
    raise Wrong("Sum fares and distances per hour first, divide then; a mean of ratios is ruled by tiny distances.")
