"""What a scheduler and its workers would do, played event by event: a discrete-event simulation of Dask.

Used by the notebook that decides and plans. One scheduler handles one message at a time; workers with a core each run
one task at a time and keep a next one waiting, as Dask's do. `simulate` plays runs that nobody can try at home: more
workers, longer tasks, stragglers, failures; ``helpers.planning.calibration`` sets its costs by real runs.
Not in it: tasks that depend on each other, memory, and cores that scheduler and workers share.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from helpers.planning.events import FAIL, Play
from helpers.planning.runs import FREE, Costs, Run

MOST_ATTEMPTS = 1_000  # expected until a task is done between two failures; beyond, a run would not end


def simulate(
    durations: Sequence[float],
    workers: int,
    costs: Costs = FREE,
    *,
    slots: int = 2,
    result_bytes: float = 0.0,
    bandwidth: float = np.inf,
    slow_share: float = 0.0,
    slow_factor: float = 10.0,
    speculate: bool = False,
    failures_per_hour: float = 0.0,
    restart: float = 60.0,
    seed: int = 0,
) -> Run:
    """Play a run of independent tasks.

    Parameters
    ----------
    durations : sequence of float
        Seconds that each task needs, in the order in which they are handed out.
    workers : int
        With a core each.
    costs : Costs
    slots : int
        Tasks a worker holds, the running one included. Dask's default for workers with one thread is 2.
    result_bytes, bandwidth : float
        Size of each result, and bytes a second of the one link through which all results travel.
    slow_share, slow_factor : float
        Share of attempts that take `slow_factor` times as long: a slow disk, a noisy neighbour.
    speculate : bool
        Whether idle workers run second copies of tasks that take too long; the first to finish counts.
    failures_per_hour : float
        Of one worker; it forgets its tasks, which run again elsewhere, and is back after `restart` seconds.
    restart : float
    seed : int
        Of what happens at random.

    Returns
    -------
    Run

    Raises
    ------
    ValueError
        If there is no worker or no slot, a number is negative or not finite, or failures come so often that a task
        would hardly ever be done between two.
    """
    _check(durations, workers, slots, result_bytes, bandwidth, slow_share, slow_factor, failures_per_hour, restart)
    play = Play(durations, workers, costs, seed)
    play.slow, play.speculate, play.restart = (slow_share, slow_factor), speculate, restart
    play.per_result = result_bytes / bandwidth
    if failures_per_hour:
        play.mean_life = 3600 / failures_per_hour
        for worker in range(workers):
            play.at(play.now + play.rng.exponential(play.mean_life), FAIL, worker)
    for _ in range(slots):
        for worker in range(workers):
            play.offer(worker, play.now)
    end = play.run()
    return Run(end + len(durations) * costs.gather, play.work, play.lost, workers, tuple(durations))


def _check(durations, workers, slots, result_bytes, bandwidth, slow_share, slow_factor, failures_per_hour, restart):
    if workers < 1 or slots < 1:
        raise ValueError(f"workers is {workers} and slots is {slots}: at least 1 of each is needed")
    if not all(0 <= duration < math.inf for duration in durations):
        raise ValueError("durations holds a negative, infinite or missing number: seconds from 0 on are needed")
    for name, value in (("result_bytes", result_bytes), ("failures_per_hour", failures_per_hour), ("restart", restart)):
        if not 0 <= value < math.inf:
            raise ValueError(f"{name} is {value}: a number from 0 on is needed")
    if not bandwidth > 0 or not slow_factor > 0 or not 0 <= slow_share <= 1:
        raise ValueError(f"{bandwidth=} and {slow_factor=} must be positive, {slow_share=} between 0 and 1")
    longest, rate = max(durations, default=0), failures_per_hour / 3600
    # Failures come at random, so an attempt of d seconds survives with a probability of exp(-rate * d).
    survives = (1 - slow_share) * math.exp(-rate * longest) + slow_share * math.exp(-rate * longest * slow_factor)
    if survives * MOST_ATTEMPTS < 1:
        raise ValueError(
            f"a task of {longest:,.0f} s would hardly ever be done between two failures at failures_per_hour="
            f"{failures_per_hour:g}: give shorter tasks or fewer failures"
        )


def speedups(workers: Sequence[int], *, task_s: float, costs: Costs, tasks_each: int = 5) -> list[float]:
    """How many times as fast as one core each number of workers is, with a few equal tasks for each of them.

    Parameters
    ----------
    workers : sequence of int
    task_s : float
        Seconds that each task needs.
    costs : Costs
        Fetching the results is not counted.
    tasks_each : int

    Returns
    -------
    list of float
    """
    found = []
    for number in workers:
        job = [task_s] * tasks_each * number
        seconds = simulate(job, number, costs).seconds - len(job) * costs.gather
        found.append(sum(job) / seconds)
    return found


def time_lost(
    intervals: Sequence[float], *, save: float, life: float, repeat: int = 1_000, seed: int = 0
) -> np.ndarray:
    """The share of time that checkpoints and failures take from machines that train one model together.

    They work for an interval, then save; at a failure, which comes at random, all go back to the last checkpoint.

    Parameters
    ----------
    intervals : sequence of float
        Time between checkpoints, each to be tried.
    save, life : float
        Time for a checkpoint, and until any machine fails in the mean, in the same unit.
    repeat : int
        Intervals of work to be done.
    seed : int
        Of when failures come.

    Returns
    -------
    array of float
        From 0 to 1, one for each interval.

    Raises
    ------
    ValueError
        If a time is not positive (`save` may be 0), or failures would hardly let an interval end.
    """
    return np.array([_time_lost(interval, save, life, repeat, seed) for interval in intervals])


def _time_lost(interval: float, save: float, life: float, intervals: int, seed: int) -> float:
    if not 0 < interval < math.inf or not 0 < life < math.inf or not 0 <= save < math.inf:
        raise ValueError(f"{interval=}, {save=} and {life=} must be positive numbers")
    if math.exp(-(interval + save) / life) * MOST_ATTEMPTS < 1:
        raise ValueError(f"{interval=} would hardly ever end between failures at {life=}: save more often")
    rng = np.random.default_rng(seed)
    done, clock, next_failure = 0, 0.0, rng.exponential(life)
    while done < intervals:
        clock += interval + save
        if next_failure < clock:  # back to the checkpoint
            clock = next_failure
            next_failure += rng.exponential(life)
        else:
            done += 1
    return 1 - intervals * interval / clock
