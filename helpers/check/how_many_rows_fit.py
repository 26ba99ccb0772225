"""Exercises: how many rows fit?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers import taxi
from helpers.check.answer import Wrong, exercise, number, refuse_other_kinds


@exercise
def rows_on_a_cluster(answer: object) -> None:
    """Exercise 1: rows of 40 features, in a fifth of 8 workers' 4 GB, at 70 bytes and 6 for each feature."""
    memory, row = 8 * 4e9, 70 + 6 * 40
    wanted = memory / 5 / row
    given = number(answer)
    if np.isclose(given, wanted, rtol=0.02):
        return
    if np.isclose(given, 5 * wanted, rtol=0.02):
        raise Wrong("All of the memory is too much: a fifth is for the rows.")
    if np.isclose(given, memory / 5 / (70 + 6), rtol=0.02):
        raise Wrong("That is for rows of one feature: these have 40.")
    if np.isclose(given, memory / 5 / (6 * 40), rtol=0.02):
        raise Wrong("Beside its features, a row needs 70 bytes.")
    if np.isclose(given, wanted / 8, rtol=0.02):
        raise Wrong("That fits one worker; there are eight.")
    if np.isclose(given, wanted / 1e6, rtol=0.02):
        raise Wrong("Give rows, not millions of rows.")
    raise Wrong("Divide bytes for rows (a fifth of 8 × 4e9) by the bytes of a row (70 + 6 × 40).")


@exercise
def deeper(answer: object, train: pd.DataFrame, test: pd.DataFrame) -> None:
    """Exercise 2: the RMSEs on `test` of trees of depth 10, from 2,000, 20,000 and 200,000 rows of `train`."""
    refuse_other_kinds(answer, (list, tuple, np.ndarray, pd.Series), "a list of three RMSEs")
    given = [number(one) for one in answer]
    if len(given) != 3:
        raise Wrong(f"Three numbers are wanted, for 2,000, 20,000 and 200,000 trips; this has {len(given)}.")
    wanted = _errors(train, test, max_depth=10)
    if np.allclose(given, wanted, rtol=0.003):
        return
    if np.allclose(given, wanted[::-1], rtol=0.003):
        raise Wrong("Upside down: begin with 2,000 trips.")
    if np.allclose(given, np.square(wanted), rtol=0.006):
        raise Wrong("These are mean squared errors: their roots are in dollars.")
    if np.allclose(given, _errors(train, test, max_depth=6), rtol=0.003):
        raise Wrong("These trees ask six questions: train anew, with max_depth=10.")
    raise Wrong(
        "Take the trips as above, few.sample(size, random_state=0), the other settings as they are, and X_test."
    )


def _errors(train: pd.DataFrame, test: pd.DataFrame, max_depth: int) -> np.ndarray:
    from sklearn.metrics import root_mean_squared_error  # these take a second to import; most notebooks need neither
    from xgboost import XGBRegressor

    errors = []
    for size in (2_000, 20_000, 200_000):
        part = train.sample(min(size, len(train)), random_state=0)
        model = XGBRegressor(n_estimators=50, learning_rate=0.2, max_depth=max_depth, min_child_weight=20)
        model.fit(part[taxi.FEATURES], part["fare_amount"])
        errors.append(root_mean_squared_error(test["fare_amount"], model.predict(test[taxi.FEATURES])))
    return np.array(errors)
