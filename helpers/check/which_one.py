"""Exercises: which tool for which data."""

from __future__ import annotations

import math

import numpy as np

from helpers.check.answer import Wrong, exercise, number
from helpers.planning import advice


@exercise
def rows_in_memory(answer: object, mine: advice.Case) -> None:
    """Exercise 1: how many rows fit the memory, by the guide's own rule."""
    row = mine.columns * advice.BYTES_PER_VALUE
    wanted = mine.usable_bytes / (advice.COPIES * row)
    given = number(answer)

    def is_about(value: float) -> bool:
        return bool(np.isclose(given, value, rtol=0.01))

    if is_about(wanted):
        return
    if is_about(wanted * advice.COPIES):
        raise Wrong("The table is not alone: what copies does it have while a model is fitted?")
    if is_about(wanted / 0.75):
        raise Wrong("A quarter of the memory belongs to the system and its libraries.")
    if is_about(wanted * advice.COPIES / 0.75):
        raise Wrong("That fills all memory with one copy: the guide leaves a quarter, and counts three copies.")
    if is_about(wanted * row):
        raise Wrong("Those are the bytes of one copy: divide them by the bytes of a row.")
    if is_about(wanted / 1e9):
        raise Wrong("A gigabyte is a billion bytes: the answer counts rows, not billions of them.")
    raise Wrong("Bytes that may be used / (copies × columns × bytes of a value) gives rows.")


@exercise
def machines_needed(answer: object, case: advice.Case) -> None:
    """Exercise 2: how many machines like the case's meet its deadline together."""
    given, alone = number(answer), case.hours / case.deadline_hours

    def is_about(value: float) -> bool:
        return bool(np.isclose(given, value, rtol=1e-3))

    if given == math.ceil(alone):
        return
    if is_about(alone) or given == math.floor(alone):
        raise Wrong("Nearly: a part of a machine cannot be bought, and one fewer would be late.")
    if is_about(alone * case.cores) or given == math.ceil(alone * case.cores):
        raise Wrong("So many cores it takes. How many does a machine have?")
    if is_about(alone * 3600) or given == math.ceil(alone * 3600):
        raise Wrong("Those are seconds: the deadline is in hours, and the speed in rows a second.")
    if is_about(1 / alone):
        raise Wrong("Upside down: that is the share of the work that one machine does in time.")
    raise Wrong("How many hours does one machine need with all its cores? And how many are allowed?")
