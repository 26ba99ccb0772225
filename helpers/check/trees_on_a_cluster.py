"""Exercises: trees on a cluster."""

from __future__ import annotations

import dask
import dask.dataframe as dd
import numpy as np
import pandas as pd

from helpers import taxi
from helpers.check.answer import Wrong, exercise, refuse_other_kinds


@exercise
def grid_search(answer: object) -> None:
    """Exercise 1: a search for `min_samples_leaf` among 2, 10 and 50, fitted to the 17 features."""
    from sklearn.model_selection import GridSearchCV  # takes a second to import, and most notebooks do not need it

    refuse_other_kinds(answer, GridSearchCV, "the search itself, a GridSearchCV")
    if not hasattr(answer, "cv_results_"):
        raise Wrong("The search is not fitted: call fit(X, y) inside the with block.")
    if answer.n_features_in_ != len(taxi.FEATURES):
        raise Wrong(
            f"It has learned from {answer.n_features_in_} features: fit it to X, which has {len(taxi.FEATURES)}."
        )
    tried = {given.get("min_samples_leaf") for given in answer.cv_results_["params"]}
    if tried != {2, 10, 50}:
        raise Wrong('It has to try three values: {"min_samples_leaf": [2, 10, 50]}.')
    if answer.n_splits_ != 3:
        raise Wrong(f"It has cut the trips into {answer.n_splits_} parts: cv=3 makes three.")


@exercise
def long_rmse(answer: object, fares: dd.DataFrame) -> None:
    """Exercise 2: the RMSE of each model on the trips over 8 km; `fares` has km, hour, fare, and a column a model."""
    if hasattr(answer, "compute"):
        raise Wrong("This is a plan, not numbers yet: compute() it.")
    refuse_other_kinds(answer, pd.Series, "a Series, one number for each model")
    models = [name for name in fares.columns if name not in ("hour", "km", "fare")]
    if set(answer.index) != set(models):
        raise Wrong(
            f"One number is wanted for each of {', '.join(models)}; this has {', '.join(map(str, answer.index))}."
        )
    squared = fares[models].sub(fares["fare"], axis="index") ** 2
    wanted, everywhere = (
        np.sqrt(mean)[models].to_numpy() for mean in dask.compute(squared[fares["km"] > 8].mean(), squared.mean())
    )
    given = answer[models].to_numpy(dtype="f8")
    if np.allclose(given, wanted, rtol=1e-3):
        return
    if np.allclose(given, everywhere, rtol=1e-3):
        raise Wrong("That is the RMSE on all trips: keep those with more than 8 km.")
    if np.allclose(given, wanted**2, rtol=1e-3):
        raise Wrong("That is the mean squared error: its root is in dollars.")
    raise Wrong(
        "Keep the rows with more than 8 km; subtract the fare from each model, square, take the mean and its root."
    )
