"""Exercises: start here."""

from __future__ import annotations

import numpy as np

from helpers.check.answer import Wrong, exercise, number


@exercise
def bytes_per_trip(answer: object, trips) -> None:
    """Exercise 1: bytes of a trip on disk."""
    given, wanted = number(answer), trips.bytes / trips.rows
    if np.isclose(given, 1 / wanted, rtol=0.02):
        raise Wrong("Those are trips per byte: turn the fraction over.")
    if np.isclose(given, 8 * wanted, rtol=0.02):
        raise Wrong("Those are bits: a byte has eight.")
    if not np.isclose(given, wanted, rtol=0.02):
        raise Wrong("Divide the size of the files by the number of trips in them.")


@exercise
def trips_in_a_petabyte(answer: object, trips) -> None:
    """Exercise 2: trips in a petabyte."""
    given, wanted = number(answer), 1e15 * trips.rows / trips.bytes
    if np.isclose(given * 1000, wanted, rtol=0.02):
        raise Wrong("That fills a terabyte, 10¹² bytes.")
    if np.isclose(given, 1e15 * trips.bytes / trips.rows, rtol=0.02):
        raise Wrong("You multiplied by the bytes of a trip: how often do they fit?")
    if not np.isclose(given, wanted, rtol=0.02):
        raise Wrong("How often does the size of one trip go into 10¹⁵ bytes?")
