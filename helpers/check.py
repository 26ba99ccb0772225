"""Exercises that answer back: "not yet" while the dots stand, a hint for a wrong answer, a word for a right one.

Used by every notebook. One function per exercise, named after its notebook and number; none prints
the answer. They check values, never how they were computed or how long it took.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from numbers import Real

import numpy as np
import pandas as pd


class Wrong(Exception):
    """An answer is wrong; the message is the hint."""


def exercise(check: Callable[..., None]) -> Callable[..., None]:
    """Turn a function that raises `Wrong` into one that tells the learner where they stand."""

    @wraps(check)
    def answer_back(answer: object, *context: object) -> None:
        if answer is ...:
            print("Not yet: replace the dots with your answer and run the cell again.")
            return
        try:
            check(answer, *context)
        except Wrong as hint:
            print(f"Not quite. {hint}")
        else:
            print("Right!")

    return answer_back


def _number(answer: object) -> float:
    if hasattr(answer, "compute") or hasattr(answer, "dask"):
        raise Wrong("This is a plan, not a number yet: compute() it.")
    if isinstance(answer, (np.ndarray, pd.Series, pd.Index, pd.DataFrame, list, tuple)) and np.size(answer) == 1:
        answer = np.asarray(answer).item()
    if isinstance(answer, bool) or not isinstance(answer, Real):
        raise Wrong(f"A number is wanted; this is of type {type(answer).__name__}.")
    return float(answer)


@exercise
def bytes_per_trip(answer: object, trips) -> None:
    """00, exercise 1."""
    given, wanted = _number(answer), trips.bytes / trips.rows
    if np.isclose(given, 1 / wanted, rtol=0.02):
        raise Wrong("Those are trips per byte: turn the fraction over.")
    if np.isclose(given, 8 * wanted, rtol=0.02):
        raise Wrong("Those are bits: a byte has eight.")
    if not np.isclose(given, wanted, rtol=0.02):
        raise Wrong("Divide the size of the files by the number of trips in them.")


@exercise
def trips_in_a_petabyte(answer: object, trips) -> None:
    """00, exercise 2."""
    given, wanted = _number(answer), 1e15 * trips.rows / trips.bytes
    if np.isclose(given * 1000, wanted, rtol=0.02):
        raise Wrong("That fills a terabyte, 10¹² bytes.")
    if np.isclose(given, 1e15 * trips.bytes / trips.rows, rtol=0.02):
        raise Wrong("You multiplied by the bytes of a trip: how often do they fit?")
    if not np.isclose(given, wanted, rtol=0.02):
        raise Wrong("How often does the size of one trip go into 10¹⁵ bytes?")


@exercise
def rows_per_chunk(answer: object) -> None:
    """04, exercise 1: 40 MB of float64 rows, 1,000 columns wide."""
    given = _number(answer)
    if given == 40_000:
        raise Wrong("A float64 takes 8 bytes, not one.")
    if given == 40_000_000 / 8:
        raise Wrong("That many numbers fit; each row has 1,000 of them.")
    if given == 40 * 2**20 // 8_000:
        raise Wrong("Close: here a MB is a million bytes.")
    if given != 5_000:
        raise Wrong("Bytes of a row: 1,000 numbers of 8 bytes. How many rows make 40 million bytes?")


@exercise
def two_passengers(answer: object, df) -> None:
    """04, exercise 2: the number of trips with exactly two passengers."""
    given, counts = _number(answer), df.passenger_count.value_counts().compute()
    if given == counts.get(2, 0):
        return
    if given == counts[counts.index >= 2].sum():
        raise Wrong("Those carried two or more: exactly two are asked for.")
    if given == 2 * counts.get(2, 0):
        raise Wrong("Those are the passengers: trips are asked for.")
    if given == counts.sum():
        raise Wrong("Those are all trips: count where the condition holds, with sum().")
    raise Wrong("Compare df.passenger_count with 2, add up the True values, and compute.")


@exercise
def distance_only(answer: object, products: np.ndarray) -> None:
    """05, exercise 1: RMSE of the best line over the distance alone, from the products of all features."""
    n, corner, target, squares = products[0, 0], products[:2, :2], products[:2, -1], products[-1, -1]
    wanted = np.sqrt((squares - np.linalg.solve(corner, target) @ target) / n)
    given = _number(answer)
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
    """05, exercise 2: the hour of pick-up with the most dollars per kilometre, over all usable trips."""
    from helpers import taxi

    table = taxi.features(usable).assign(hour=usable.pickup_datetime.dt.hour)
    sums = table.groupby("hour")[["fare_amount", "distance"]].sum().compute()
    rate = sums.fare_amount / sums.distance
    given = _number(answer)
    if given == rate.idxmax():
        return
    if given not in rate.index:
        raise Wrong(f"An hour from 0 to 23 is wanted, not {given:g}.")
    if given == rate.idxmin():
        raise Wrong("That is the cheapest hour, when the streets are empty.")
    if given == sums.fare_amount.idxmax():
        raise Wrong("That hour earns most in all; divide by the distance driven in it.")
    raise Wrong("Sum fares and distances per hour first, divide then; a mean of ratios is ruled by tiny distances.")


@exercise
def rows_that_fit(answer: object, budget: int) -> None:
    """02, exercise 1: rows of 17 float32 features in a budget of bytes."""
    given, wanted = _number(answer), budget // (17 * 4)
    if abs(given - budget / (17 * 8)) < 1:
        raise Wrong("A float32 takes 4 bytes; 8 are those of a float64.")
    if abs(given - budget / 4) < 1:
        raise Wrong("That many numbers fit; a row has 17 of them.")
    if abs(given - budget / 17) < 1:
        raise Wrong("That would be right for numbers of one byte; a float32 takes 4.")
    if abs(given - wanted) > 1:
        raise Wrong("Bytes of a row: 17 numbers of 4 bytes. How often do they go into the budget?")


@exercise
def batches_of_a_pass(answer: object, trips, batch_rows: int) -> None:
    """02, exercise 2: batches that a pass over all trips makes, if all but the last are full."""
    given, wanted = _number(answer), -(-trips.rows // batch_rows)
    if given == batch_rows / trips.rows:
        raise Wrong("Turn the fraction over: how many batches, not what part is a batch?")
    if given == wanted - 1 or given != int(given):
        raise Wrong("Some trips are left over after the full batches: they make a batch, too. Round up.")
    if given == trips.rows:
        raise Wrong("Those are the trips: how many batches do they fill?")
    if given != wanted:
        raise Wrong("Divide all trips by the rows of a batch and round up.")


@exercise
def rows_of_a_batch(answer: object, budget: int, base: int, row_bytes: float) -> None:
    """02, exercise 3: rows that a batch may hold, if `base` bytes are taken before the first row."""
    given, wanted = _number(answer), (budget - base) / row_bytes
    if np.isclose(given, budget / row_bytes, rtol=0.01):
        raise Wrong("Python and its libraries take their share before the first row: subtract base.")
    if np.isclose(given, budget - base, rtol=0.01):
        raise Wrong("Those are the bytes left for a batch: how many rows do they hold?")
    if np.isclose(given, (budget - base) * row_bytes, rtol=0.01):
        raise Wrong("You multiplied by the bytes of a row: how often do they fit?")
    if not np.isclose(given, wanted, rtol=0.01):
        raise Wrong("Subtract base from the budget, and see how often the bytes of a row go into the rest.")
