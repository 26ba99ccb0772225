"""Exercises: the benchmark."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from helpers import stream, taxi
from helpers.check.answer import Wrong, exercise, function, refuse_other_kinds


@exercise
def trees_within(answer: object, table: pd.DataFrame, gigabytes: float) -> None:
    """Exercise 1: names of the contenders that trained trees and stayed within a budget."""
    refuse_other_kinds(answer, (list, tuple, set, np.ndarray, pd.Series, pd.Index), "a list of names")
    given = {str(name) for name in answer}
    fits = table[table.peak_MB <= 1_000 * gigabytes]
    if given == set(fits.contender[fits.model == "trees"]):
        return
    if not given <= set(table.contender):
        raise Wrong("Give names as they stand in the column contender.")
    if given == set(fits.contender):
        raise Wrong("Some of these trained a linear model: select by the column model as well.")
    if given == set(table.contender[table.model == "trees"]):
        raise Wrong(f"All of these trained trees, but some needed more than {gigabytes:g} GB; 1 GB is 1,000 MB.")
    if not given:
        raise Wrong("Nobody? peak_MB counts in MB, not in GB.")
    raise Wrong(f'Two conditions, joined by &: model is "trees", and peak_MB at most {1_000 * gigabytes:,.0f}.')


@exercise
def least_squares(answer: object, files: Sequence[Path]) -> None:
    """Exercise 2: a contender's ``train(files)``, exact least squares in one pass over a stream."""
    train = function(answer, "files")
    x, y = (np.concatenate(parts) for parts in zip(*map(taxi.to_xy, stream.batches(files)), strict=True))
    x, y = x.astype("f8"), y.astype("f8")
    with_one = np.column_stack([x, np.ones(len(x))])
    some = x[:1_000]
    given = _predictions(train, files, some)
    if _close(given, with_one[:1_000] @ _solve(with_one, y)):
        return
    if _close(given, some @ _solve(x, y)):
        raise Wrong("This line runs through zero: give every row a 1 more, for the constant.")
    first_x, first_y = taxi.to_xy(next(stream.batches(files)))
    first = np.column_stack([first_x, np.ones(len(first_x))]).astype("f8")
    if _close(given, with_one[:1_000] @ _solve(first, first_y)):
        raise Wrong("It has learned from the first batch only: add up the products of all batches, then solve.")
    if np.ptp(given) < 1e-9:
        raise Wrong("It predicts the same fare for every trip.")
    raise Wrong("The predictions are not those of least squares: solve (AᵀA) w = Aᵀy, both summed in float64.")


def _solve(a: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.linalg.lstsq(a, y, rcond=None)[0]


def _close(given: np.ndarray, wanted: np.ndarray) -> bool:
    return np.allclose(given, wanted, atol=0.02)  # US$


def _predictions(train, files: Sequence[Path], x: np.ndarray) -> np.ndarray:
    try:
        predict = train(files)
    except Exception as error:  # whatever the learner's function raises
        raise Wrong(f"train(files) failed: {error!r}.") from error
    if not callable(predict):
        raise Wrong(f"train(files) should return a function that predicts, not {type(predict).__name__}.")
    try:
        given = np.asarray(predict(x), "f8")
    except Exception as error:
        raise Wrong(f"What train(files) returns should take features (n, 17); it failed: {error!r}.") from error
    if given.shape != (len(x),):
        raise Wrong(f"For {len(x):,} trips it predicts an array of shape {given.shape}, not ({len(x):,},).")
    return given
