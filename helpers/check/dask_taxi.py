"""Exercises: Dask on New York taxi trips."""

from __future__ import annotations

import dask.dataframe as dd
import numpy as np

from helpers import taxi
from helpers.check.answer import Wrong, exercise, number


@exercise
def impossible_fares(answer: object, df: dd.DataFrame) -> None:
    """Exercise 1: the percentage of trips whose fare is below 2.50 or above 250 US$."""
    wanted = 100 * (1 - df["fare_amount"].between(2.50, 250).mean().compute())
    given = number(answer)
    if np.isclose(given, wanted, atol=0.01):
        return
    if np.isclose(given, 100 - wanted, atol=0.01):
        raise Wrong("That many fares can be true: the others are wanted.")
    if np.isclose(100 * given, wanted, atol=0.01):
        raise Wrong("That is the share: 100 times that is the percentage.")
    if np.isclose(given, wanted / 100 * len(df)):
        raise Wrong("That is how many they are: divide by the number of trips, and take 100 times that.")
    raise Wrong('between(2.50, 250) of df["fare_amount"] is True for fares that can be true; its mean is their share.')


@exercise
def expensive_hour(answer: object, usable: dd.DataFrame) -> None:
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
