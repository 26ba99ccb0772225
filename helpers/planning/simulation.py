"""What a scheduler and its workers would do: a discrete-event simulation of a cluster in eight lines.

Used by the notebook that plans; ``helpers.planning.calibration`` sets its costs by a real run. Not in it: tasks that
depend on each other, memory, the network, and a next task that waits at each worker, as Dask's do.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapreplace


@dataclass(frozen=True)
class Costs:
    """Seconds that a task costs beside its own work: of the scheduler, one task after another, and of its worker."""

    scheduler: float = 0.0
    worker: float = 0.0


def simulate(durations: Sequence[float], workers: int, scheduler_s: float, worker_s: float) -> float:
    """Seconds until independent tasks are done, each given to the worker that is free first.

    Parameters
    ----------
    durations : sequence of float
        Seconds that each task needs, in the order in which they are handed out.
    workers : int
        Each runs one task at a time.
    scheduler_s, worker_s : float
        What each task costs the scheduler and its worker, as in `Costs`.

    Raises
    ------
    ValueError
        If there is no worker, or a time is negative or not finite.
    """
    if workers < 1:
        raise ValueError(f"workers is {workers}: at least 1 is needed")
    if not all(0 <= seconds < math.inf for seconds in (*durations, scheduler_s, worker_s)):
        raise ValueError("a time is negative, infinite or missing: seconds from 0 on are needed")
    free_at, now = [0.0] * workers, 0.0
    for duration in durations:
        now = max(now, free_at[0]) + scheduler_s
        heapreplace(free_at, now + worker_s + duration)
    return max(free_at)
