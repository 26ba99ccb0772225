"""Exercises: trees on a cluster."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.check.answer import Wrong, exercise, number


@exercise
def seconds_with_workers(answer: object) -> None:
    """Exercise 1: 200 trees of 3 s on 8 workers, after 2 GB have gone to each of them at 500 MB a second."""
    sending, growing = 8 * 2_000 / 500, 200 * 3 / 8
    given = number(answer)
    if np.isclose(given, sending + growing, rtol=0.01):
        return
    if np.isclose(given, growing, rtol=0.01):
        raise Wrong("The trees take that long; before, the table must go to the workers.")
    if np.isclose(given, 2_000 / 500 + growing, rtol=0.01):
        raise Wrong("The table goes to every worker, one after the other: eight times.")
    if np.isclose(given, sending + 8 * growing, rtol=0.01):
        raise Wrong("Eight workers share the 200 trees.")
    if np.isclose(given, sending, rtol=0.01):
        raise Wrong("Sending takes that long; then the trees have to grow.")
    raise Wrong("Add two times: 8 tables of 2,000 MB at 500 MB a second, and 200 trees of 3 seconds on 8 cores.")


@exercise
def forest_hour(answer: object, hourly_rmse: pd.DataFrame) -> None:
    """Exercise 2: the hour at which the forest's error is furthest above that of XGBoost on disk."""
    gap = hourly_rmse["forest"] - hourly_rmse["XGBoost on disk"]
    given = number(answer)
    if given == gap.idxmax():
        return
    if given not in gap.index:
        raise Wrong(f"An hour from 0 to 23 is wanted, not {given:g}.")
    if given == gap.idxmin():
        raise Wrong("There the forest is nearest to XGBoost.")
    if given == hourly_rmse["forest"].idxmax():
        raise Wrong("There the forest's own error is largest; subtract XGBoost's first.")
    raise Wrong("Subtract the two columns, and take idxmax of the difference.")
