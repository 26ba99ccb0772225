"""Exercises: Dask on New York taxi trips."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers import taxi
from helpers.check.answer import Wrong, exercise, number, refuse_other_kinds


@exercise
def second_feature(answer: object, products: pd.DataFrame) -> None:
    """Exercise 2: the feature that helps the distance most, from the products of all columns, which are named."""
    refuse_other_kinds(answer, str, 'a name in quotes, as "year"')
    names = [name for name in taxi.FEATURES if name != "distance"]
    if answer == "distance":
        raise Wrong("The distance takes part already: which other feature helps it most?")
    if answer not in names:
        raise Wrong(f"{answer!r} is a str, as wanted, but no feature; they are {', '.join(names)}.")
    errors = {name: _squared_errors(products, ["constant", "distance", name]) for name in names}
    if answer == max(errors, key=errors.get):
        raise Wrong("That one helps least: the lowest RMSE is wanted.")
    if errors[answer] > min(errors.values()):
        raise Wrong('Compute rmse_with(["constant", "distance", name]) for every name: another one is lower.')


def _squared_errors(products: pd.DataFrame, columns: list[str]) -> float:
    ATy = products.loc[columns, "fare_amount"]
    return products.loc["fare_amount", "fare_amount"] - np.linalg.solve(products.loc[columns, columns], ATy) @ ATy


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
