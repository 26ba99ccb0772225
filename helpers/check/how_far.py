"""Exercises: how far does it go."""

from __future__ import annotations

import numpy as np

from helpers.check.answer import Wrong, exercise, number
from helpers.planning.calibration import Costs


@exercise
def workers_kept_busy(answer: object, task_seconds: float, costs: Costs) -> None:
    """Exercise 1: how many workers one scheduler keeps busy with tasks of this length."""
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
    if is_about(wanted / 1_000) or is_about(wanted * 1_000):
        raise Wrong("Mind the units: both times are in seconds.")
    raise Wrong("While one task runs, how many others can the scheduler hand out?")


@exercise
def best_interval(answer: object, save: float, life: float, machines: int) -> None:
    """Exercise 2: minutes between checkpoints that lose the least time; `life` is from one failure to the next."""
    given, wanted = number(answer), np.sqrt(2 * save * life)

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
