"""Exercises: which one, and how far."""

from __future__ import annotations

import numpy as np

from helpers.check.answer import Wrong, exercise, number
from helpers.planning import advice
from helpers.planning.simulation import Costs


@exercise
def rows_in_memory(answer: object, mine: advice.Case) -> None:
    """Exercise 1: how many rows fit the memory, by the guide's own rule."""
    row = mine.columns * mine.bytes_per_value
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
def workers_kept_busy(answer: object, task_seconds: float, costs: Costs) -> None:
    """Exercise 2: how many workers one scheduler keeps busy with tasks of this length."""
    given, wanted = number(answer), (task_seconds + costs.worker) / costs.scheduler

    def is_about(value: float) -> bool:
        return bool(np.isclose(given, value, rtol=0.03))

    if is_about(wanted) or is_about(task_seconds / costs.scheduler):
        return
    if is_about(costs.scheduler / task_seconds):
        raise Wrong("Upside down: the longer the tasks, the more workers one scheduler can serve.")
    if is_about(1 / costs.scheduler):
        raise Wrong("So many tasks it hands out in a second. How long does a task keep its worker busy?")
    if is_about(task_seconds / (costs.scheduler + costs.worker)) or is_about(task_seconds / costs.worker):
        raise Wrong("Workers pause side by side: only the scheduler's own time is spent for one task after another.")
    if is_about(wanted / 1_000):
        raise Wrong("Mind the units: both times are in seconds.")
    raise Wrong("While one task runs, how many others can the scheduler hand out?")


@exercise
def best_interval(answer: object, save_s: float, failures_per_hour: float, machines: int) -> None:
    """Exercise 3: minutes between checkpoints that lose the least time."""
    given, life = number(answer), 60 / (failures_per_hour * machines)  # minutes between failures of any machine
    save = save_s / 60
    wanted = np.sqrt(2 * save * life)

    def is_about(value: float) -> bool:
        return bool(np.isclose(given, value, rtol=0.05))

    if is_about(wanted):
        return
    if is_about(wanted * np.sqrt(machines)):
        raise Wrong("That suits a single machine: here any machine's failure stops them all.")
    if is_about(wanted / np.sqrt(2)):
        raise Wrong("Close: a failure loses half an interval on average, not a whole one.")
    if is_about(wanted / 60):
        raise Wrong("Those are hours: minutes are wanted.")
    if is_about(wanted * 60):
        raise Wrong("Those are seconds: minutes are wanted.")
    if is_about(life):
        raise Wrong("That is how often something fails: by then half of the work is lost again and again.")
    raise Wrong("Lost per minute: save / interval + interval / 2 / (minutes between failures). Where is it least?")
