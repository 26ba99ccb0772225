"""Set the costs of ``helpers.planning.simulation`` by a run of real tasks on a Dask cluster.

Used by the notebook that decides and plans. `measure` times tasks that sleep, `calibrate` turns one such run into
what a task costs beside its own work, `compare` sets simulated runs beside real ones.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from distributed import Client

from helpers.planning.runs import Costs, Run
from helpers.planning.simulation import simulate


def _sleep(seconds: float, _: int) -> tuple[float, float, str]:
    """A task that keeps a worker for a time and leaves the processor to others; tells when, and where."""
    from distributed import get_worker

    start = time.time()
    time.sleep(seconds)
    return start, time.time(), get_worker().address


def measure(client, durations: Sequence[float]) -> Run:
    """Run real tasks that sleep, on the workers of a Dask client, and take the times.

    Parameters
    ----------
    client : distributed.Client
        Of workers with one thread each, on this machine, so that all clocks agree.
    durations : sequence of float
        Seconds that each task sleeps.

    Returns
    -------
    Run

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
    called = time.time()
    futures = client.map(_sleep, list(durations), range(len(durations)), pure=False)
    runs = sorted(client.gather(futures))  # by their start
    seconds = time.time() - called
    del futures
    start, end = np.array([run[:2] for run in runs]).T
    last_end, gaps = {}, []
    for begun, ended, worker in runs:
        if worker in last_end:
            gaps.append(begun - last_end[worker])
        last_end[worker] = ended
    return Run(
        seconds,
        float((end - start).sum()),
        0.0,
        len(threads),
        tuple(durations),
        tuple(gaps),
        float((end - start).mean() - np.mean(durations)),
        float(start.min() - called),
        float(called + seconds - end.max()),
    )


def calibrate(run: Run, latency: float = 0.001) -> Costs:
    """Costs of a task from one real run of many tiny ones, in which the scheduler is the bottleneck.

    What happens before the first task and after the last is spread over the tasks. The worker's part is the gap
    between two tasks when the next is there already: the lower quartile of all gaps. The scheduler's part is what
    makes the simulation take as long as the run did.

    Parameters
    ----------
    run : Run
        From `measure`.
    latency : float
        Seconds of a message's way. Assumed: Dask sends messages in bundles, at most 2 ms apart.

    Returns
    -------
    Costs

    Raises
    ------
    ValueError
        If no worker of the run had a second task.
    """
    if not run.gaps:
        raise ValueError(f"run has {len(run.durations)} tasks for {run.workers} workers: many for each are needed")
    tasks = len(run.durations)
    gap = max(float(np.quantile(run.gaps, 0.25)), 0.0)
    costs = Costs(run.before / tasks, worker=gap + max(run.overshoot, 0.0), latency=latency, gather=run.after / tasks)
    low, high = 0.0, run.seconds / tasks
    for _ in range(30):
        middle = (low + high) / 2
        longer = simulate(run.durations, run.workers, replace(costs, scheduler=middle)).seconds > run.seconds
        low, high = (low, middle) if longer else (middle, high)
    return replace(costs, scheduler=(low + high) / 2)


def compare(
    costs: Costs, *, workers: Sequence[int], jobs: Mapping[str, Sequence[float]] | None = None, repeat: int = 3
) -> pd.DataFrame:
    """Run jobs on real workers of this machine, and simulate them.

    Parameters
    ----------
    costs : Costs
        From `calibrate`.
    workers : sequence of int
        How many workers to start, with a thread each; once for each number.
    jobs : mapping of str to sequence of float, optional
        Seconds that each task sleeps, by a name. By default a second of work, in tasks of 10 and of 40 ms.
    repeat : int
        Real runs of a job, of which the median counts.

    Returns
    -------
    pandas.DataFrame
        A row for each job and number of workers: seconds in Dask, simulated, and without any overhead; and the error
        of the simulation.
    """
    if jobs is None:
        rng = np.random.default_rng(0)
        jobs = {f"tasks of {ms} ms": rng.gamma(4, ms / 4_000, 1_000 // ms) for ms in (10, 40)}
    rows = []
    for number in workers:
        with Client(n_workers=number, threads_per_worker=1, dashboard_address="127.0.0.1:0") as client:
            measure(client, [0.001] * 400)  # warm up: a new worker is slow at first
            for name, job in jobs.items():
                real = float(np.median([measure(client, job).seconds for _ in range(repeat)]))
                simulated = simulate(job, number, costs).seconds
                error = 100 * (simulated / real - 1)
                rows.append([number, name, real, simulated, sum(job) / number, error])
    return pd.DataFrame(rows, columns=["workers", "job", "Dask", "simulated", "work / workers", "error (%)"])
