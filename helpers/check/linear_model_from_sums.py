"""Exercises: a linear model from sums."""

from __future__ import annotations

import dask.dataframe as dd
import numpy as np
import pandas as pd

from helpers import taxi
from helpers.check.answer import Wrong, exercise, refuse_other_kinds


@exercise
def second_feature(answer: object, products: pd.DataFrame) -> None:
    """Exercise 1: the feature that helps the distance most, from the products of all columns, which are named."""
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
def rmse_by_length(answer: object, fares: dd.DataFrame) -> None:
    """Exercise 2: the linear model's RMSE on the trips up to 8 km (False) and over 8 km (True)."""
    if hasattr(answer, "compute"):
        raise Wrong("This is a plan, not numbers yet: compute() it.")
    refuse_other_kinds(answer, pd.Series, "a Series of two RMSEs, that of False and that of True")
    if set(answer.index) != {False, True}:
        raise Wrong(f"Its index should be False and True, as of the groups; it is {', '.join(map(str, answer.index))}.")
    groups = fares.assign(
        line=(fares["linear model"] - fares["fare"]) ** 2, mean=(fares["mean"] - fares["fare"]) ** 2
    ).groupby("over 8 km")
    errors = groups[["line", "mean"]].mean().compute().sort_index()
    wanted, mean = errors["line"].to_numpy(), errors["mean"].to_numpy()
    given = answer.sort_index().to_numpy(dtype="f8")
    if np.allclose(given, np.sqrt(wanted), rtol=1e-3):
        return
    if np.allclose(given, wanted, rtol=1e-3):
        raise Wrong("These are mean squared errors: their roots are in dollars.")
    if np.allclose(given, np.sqrt(mean), rtol=1e-3):
        raise Wrong("These are the errors of the mean fare: take the linear model.")
    raise Wrong("Take the mean of squared errors in each group first, then its root.")
