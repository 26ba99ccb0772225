"""What a task costs, and what came of a run of many tasks, simulated or real."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Costs:
    """What a task costs beside its own work, in seconds.

    Attributes
    ----------
    submit : float
        Of the client, before anything runs.
    scheduler : float
        Of the scheduler, which handles one task after another.
    worker : float
        Of the worker, between two tasks.
    latency : float
        A message's way between scheduler and worker.
    gather : float
        Of the client, after everything has run.
    """

    submit: float = 0.0
    scheduler: float = 0.0
    worker: float = 0.0
    latency: float = 0.0
    gather: float = 0.0


FREE = Costs()  # nothing but the tasks' own work


@dataclass(frozen=True)
class Run:
    """What came of a run, simulated or real.

    Attributes
    ----------
    seconds : float
        From the call to the last result.
    work : float
        Seconds that tasks ran, lost attempts included.
    lost : float
        Seconds of them that were in vain: cut short by a failure, or overtaken by a copy.
    workers : int
    durations : tuple of float
        Of the tasks, as they were asked for.
    gaps : tuple of float
        Real runs only: seconds between a task and the next of the same worker.
    overshoot : float
        Real runs only: by how much a task ran longer than asked for, on average.
    before, after : float
        Real runs only: seconds before the first task starts, and after the last ends.
    """

    seconds: float
    work: float
    lost: float
    workers: int
    durations: tuple[float, ...]
    gaps: tuple[float, ...] = ()
    overshoot: float = 0.0
    before: float = 0.0
    after: float = 0.0
