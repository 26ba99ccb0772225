"""Set the costs of a simulated cluster by a run of real tasks on a Dask cluster.

Used by the notebook that plans, where the simulation stands. `measure` times tasks that sleep, `calibrate` turns one
such run into what a task costs beside its own work.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq


@dataclass(frozen=True)
class Costs:
    """Seconds that a task costs beside its own work: of the scheduler, one task after another, and of its worker."""

    scheduler: float = 0.0
    worker: float = 0.0


@dataclass(frozen=True)
class Run:
    """A run of real tasks.

    Attributes
    ----------
    seconds : float
        From the call to the last result.
    workers : int
    durations : tuple of float
        Seconds that each task was asked to sleep.
    pauses : tuple of float
        Seconds from the start of a task to the start of the next on the same worker, without the first one's sleep.
    """

    seconds: float
    workers: int
    durations: tuple[float, ...]
    pauses: tuple[float, ...]


def _sleep(seconds: float, _: int) -> tuple[float, float, str]:
    """A task that keeps a worker for a time and leaves the processor to others; tells since when, and where."""
    from distributed import get_worker

    start = time.time()
    time.sleep(seconds)
    return start, seconds, get_worker().address


def measure(client, durations: Sequence[float]) -> Run:
    """Run real tasks that sleep, on the workers of a Dask client, and take the times.

    Parameters
    ----------
    client : distributed.Client
        Of workers with one thread each.
    durations : sequence of float
        Seconds that each task sleeps.

    Raises
    ------
    ValueError
        If there is nothing to run, no worker, or one with several threads.
    """
    if not len(durations):
        raise ValueError("durations is empty: at least 1 task is needed")
    threads = list(client.nthreads().values())  # asks the scheduler; `scheduler_info` may answer from a bare cache
    if set(threads) != {1}:
        raise ValueError(f"client has workers with {threads} threads: one or more with threads_per_worker=1 are needed")
    called = time.perf_counter()
    futures = client.map(_sleep, list(durations), range(len(durations)), pure=False)
    started = sorted(client.gather(futures))
    seconds = time.perf_counter() - called
    due, pauses = {}, []  # when each worker would be free if a task was nothing but its sleep
    for start, slept, worker in started:
        if worker in due:
            pauses.append(start - due[worker])
        due[worker] = start + slept
    return Run(seconds, len(threads), tuple(durations), tuple(pauses))


def calibrate(run: Run, simulate: Callable[[Sequence[float], int, float, float], float]) -> Costs:
    """Costs of a task from one real run of many tiny ones, in which the scheduler is the bottleneck.

    The worker's part is the pause between two tasks when the next is there already: the lower quartile of all. The
    scheduler's part is what makes the simulation take as long as the run did.

    Parameters
    ----------
    run : Run
    simulate : callable
        ``simulate(durations, workers, scheduler_s, worker_s)``: seconds until all is done.

    Raises
    ------
    ValueError
        If no worker of the run had a second task.
    """
    if not run.pauses:
        raise ValueError(f"run has {len(run.durations)} tasks for {run.workers} workers: many for each are needed")
    worker = max(float(np.quantile(run.pauses, 0.25)), 0.0)

    def too_long(scheduler: float) -> float:
        return simulate(run.durations, run.workers, scheduler, worker) - run.seconds

    if too_long(0.0) >= 0:  # the workers alone explain it
        return Costs(0.0, worker)
    return Costs(brentq(too_long, 0.0, run.seconds / len(run.durations)), worker)
