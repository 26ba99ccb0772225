"""Exercises: instances."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from helpers.check.answer import Wrong, exercise, number


@exercise
def fare_of_full_cars(answer: object, file: Path, cutoff: datetime) -> None:
    """Exercise 1: mean fare of the trips with five passengers or more since `cutoff`, from a Parquet file."""
    if isinstance(answer, float) and np.isnan(answer):
        raise Wrong("A batch without such trips has no mean: add up fares and count trips, then divide.")
    trips = pq.read_table(file, columns=["pickup_datetime", "passenger_count", "fare_amount"]).to_pandas()
    late, many = trips.pickup_datetime >= cutoff, trips.passenger_count >= 5
    fares, given = trips.fare_amount.astype("f8"), number(answer)

    def is_mean_of(rows) -> bool:
        return np.isclose(given, fares[rows].mean(), rtol=1e-5)

    if is_mean_of(late & many):
        return
    if np.isclose(given, fares[late & many].sum(), rtol=1e-5):
        raise Wrong("That is the sum of the fares: divide by the number of trips.")
    if given == (late & many).sum():
        raise Wrong("That is the number of trips: what do they pay on average?")
    if is_mean_of(late):
        raise Wrong("Those are all trips since then: join the predicate of passengers with &.")
    if is_mean_of(many):
        raise Wrong("Those are full cars of all times: join the predicate of time, `late`, with &.")
    if is_mean_of(late & (trips.passenger_count > 5)):
        raise Wrong("Five passengers count, too: >= 5.")
    if is_mean_of(late & (trips.passenger_count == 5)):
        raise Wrong("Six passengers count, too: >= 5.")
    if is_mean_of(late | many):
        raise Wrong("Both must hold: & joins them, | takes trips of which one holds.")
    raise Wrong(
        "Read passenger_count and fare_amount, too; add up fares and count trips over all batches, then divide."
    )


@exercise
def bits_needed(answer: object, pairs: int) -> None:
    """Exercise 2: the fewest bits for which at most a tenth of the pairs is expected to share a column."""
    given, wanted = number(answer), 1
    while 1 - (1 - 1 / 2**wanted) ** (pairs - 1) > 0.1:
        wanted += 1
    if given == wanted:
        return
    if given != int(given):
        raise Wrong("Bits come whole: round up.")
    if given == 2**wanted:
        raise Wrong("That many columns, yes. How many bits are that?")
    if given == int(np.ceil(np.log2(pairs))):
        raise Wrong("That gives each pair a column if they were dealt out in turn; hashes fall at random.")
    if given < 1 or given > 64:
        raise Wrong("Give the bits, a small whole number: there are 2 to that power columns.")
    if given < wanted:
        raise Wrong("More than a tenth would share a column. The expected share is 1 - (1 - 1/columns)^(pairs - 1).")
    raise Wrong("Enough, but not the fewest: would one bit less do?")
