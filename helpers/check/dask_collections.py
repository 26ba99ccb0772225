"""Exercises: Dask arrays and data frames."""

from __future__ import annotations

from helpers.check.answer import Wrong, exercise, number


@exercise
def rows_per_chunk(answer: object) -> None:
    """Exercise 1: 40 MB of float64 rows, 1,000 columns wide."""
    given = number(answer)
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
    """Exercise 2: the number of trips with exactly two passengers."""
    given, counts = number(answer), df.passenger_count.value_counts(split_out=1).compute()
    if given == counts.get(2, 0):
        return
    if given == counts[counts.index >= 2].sum():
        raise Wrong("Those carried two or more: exactly two are asked for.")
    if given == 2 * counts.get(2, 0):
        raise Wrong("Those are the passengers: trips are asked for.")
    if given == counts.sum():
        raise Wrong("Those are all trips: count where the condition holds, with sum().")
    raise Wrong("Compare df.passenger_count with 2, add up the True values, and compute.")
