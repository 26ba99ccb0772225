"""Exercises: Dask on New York taxi trips."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers import taxi
from helpers.check.answer import Wrong, exercise, number


@exercise
def distance_only(answer: object, products: pd.DataFrame) -> None:
    """Exercise 2: RMSE of the best line over the distance alone, from the products of all columns, which are named."""
    inputs = ["constant", "distance"]
    n, squares = products.loc["constant", "constant"], products.loc["fare_amount", "fare_amount"]
    ATA, ATy = products.loc[inputs, inputs], products.loc[inputs, "fare_amount"]
    wanted = np.sqrt((squares - np.linalg.solve(ATA, ATy) @ ATy) / n)
    given = number(answer)
    if np.isclose(given, wanted**2, rtol=1e-3):
        raise Wrong("That is the mean squared error: its root is in dollars.")
    if np.isclose(given, wanted * np.sqrt(n), rtol=1e-3):
        raise Wrong("That is the root of the sum: divide by the number of trips, n_train, before you take the root.")
    if np.isclose(given, np.sqrt(squares / n - (ATy["constant"] / n) ** 2), rtol=1e-3):
        raise Wrong("That is the error of the mean fare: let the distance take part.")
    if not np.isclose(given, wanted, rtol=1e-3):
        raise Wrong("Solve for two weights w, as above for all; the squared errors then add up to yᵀy - w·Aᵀy.")


@exercise
def expensive_hour(answer: object, usable) -> None:
    """Exercise 1: the hour of pick-up with the most dollars per kilometre, over all usable trips."""
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
