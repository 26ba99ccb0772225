"""What a scheduler and its workers would do, played event by event: a discrete-event simulation of Dask.

Used by the notebook that decides and plans. One scheduler handles one message at a time; workers with a core each run
one task at a time and keep a next one waiting, as Dask's do. `simulate` plays runs that nobody can try at home: more
workers, longer tasks, stragglers, failures; ``helpers.planning.calibration`` sets its costs by real runs.
Not in it: tasks that depend on each other, memory, and cores that scheduler and workers share.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from heapq import heappop, heappush
from itertools import count

import numpy as np

from helpers.planning.runs import FREE, Costs, Run

FINISH, FAIL, RETURN, LOOK = range(4)  # what may happen
MOST_ATTEMPTS = 1_000  # expected until a task is done between two failures; beyond, a run would not end
TOO_LONG = 1.5  # a task that has run this many times the median is worth a second copy


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
    play = _Play(durations, workers, costs, seed)
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
    longest = max(durations, default=0)
    # Failures come at random, so an attempt of d seconds survives with a probability of exp(-rate * d).
    if failures_per_hour * longest / 3600 > math.log(MOST_ATTEMPTS):
        raise ValueError(
            f"a task of {longest:,.0f} s would hardly ever be done between two failures at failures_per_hour="
            f"{failures_per_hour:g}: give shorter tasks or fewer failures"
        )


class _Play:
    """The state of a simulation: what waits, what runs where, and what happens next."""

    def __init__(self, durations: Sequence[float], workers: int, costs: Costs, seed: int):
        self.durations, self.costs, self.rng = durations, costs, np.random.default_rng(seed)
        self.now = self.scheduler_free = self.link_free = len(durations) * costs.submit
        self.waiting, self.done = deque(range(len(durations))), [False] * len(durations)
        self.left, self.finished = len(durations), []
        self.worker_free = [0.0] * workers
        self.holds = [{} for _ in range(workers)]  # attempt: (task, start, end)
        self.idle, self.copied, self.looking = deque(), set(), False
        self.events, self.number = [], count()
        self.work = self.lost = self.per_result = 0.0
        self.speculate, self.slow, self.mean_life = False, (0.0, 1.0), np.inf

    def at(self, when: float, what: int, worker: int = -1, attempt: int = -1) -> None:
        heappush(self.events, (when, next(self.number), what, worker, attempt))

    def run(self) -> float:
        handle = {FINISH: self.finish, FAIL: self.fail, RETURN: self.come_back, LOOK: self.look}
        while self.left and self.events:
            self.now, _, what, worker, attempt = heappop(self.events)
            handle[what](worker, attempt)
        for held in self.holds:  # copies that were overtaken
            for _, start, end in held.values():
                self.spend(min(max(self.now - start, 0), end - start), in_vain=True)
        return max(self.now, self.link_free)

    def spend(self, seconds: float, in_vain: bool) -> None:
        self.work += seconds
        if in_vain:
            self.lost += seconds

    def offer(self, worker: int, now: float) -> None:
        """Give a free slot of a worker a task, or note that it is idle."""
        task = self.waiting.popleft() if self.waiting else self.late_task(worker, now)
        if task is None:
            self.idle.append(worker)
            return
        self.scheduler_free = max(self.scheduler_free, now) + self.costs.scheduler
        arrives = self.scheduler_free + self.costs.latency
        start = max(arrives, self.worker_free[worker]) + self.costs.worker
        share, factor = self.slow
        slowed = factor if share and self.rng.random() < share else 1.0
        end = self.worker_free[worker] = start + slowed * self.durations[task]
        attempt = next(self.number)
        self.holds[worker][attempt] = task, start, end
        self.at(end + self.costs.latency, FINISH, worker, attempt)

    def finish(self, worker: int, attempt: int) -> None:
        if attempt not in self.holds[worker]:
            return  # lost in a failure
        task, start, end = self.holds[worker].pop(attempt)
        self.spend(end - start, in_vain=self.done[task])
        if not self.done[task]:
            self.done[task] = True
            self.left -= 1
            self.link_free = max(self.link_free, self.now) + self.per_result
            if self.speculate:
                self.finished.append(end - start)
        self.offer(worker, self.now)

    def fail(self, worker: int, _: int) -> None:
        for task, start, end in self.holds[worker].values():
            self.spend(min(max(self.now - start, 0), end - start), in_vain=True)
            if not self.done[task]:
                self.waiting.appendleft(task)
        slots = len(self.holds[worker]) + self.idle.count(worker)
        self.holds[worker].clear()
        self.idle = deque(other for other in self.idle if other != worker)
        self.at(self.now + self.restart, RETURN, worker, slots)
        for _ in range(min(len(self.idle), len(self.waiting))):
            self.offer(self.idle.popleft(), self.now)

    def come_back(self, worker: int, slots: int) -> None:
        self.worker_free[worker] = self.now
        self.at(self.now + self.rng.exponential(self.mean_life), FAIL, worker)
        for _ in range(slots):
            self.offer(worker, self.now)

    def late_task(self, worker: int, now: float) -> int | None:
        """A task that has run for too long and has no copy yet; if there is none, look again later.

        Not for a worker that is at something: the copy would wait behind it, perhaps behind the late task itself.
        """
        if not self.speculate or self.looking or self.holds[worker] or len(self.finished) < len(self.durations) / 2:
            return None
        running = [held for holds in self.holds for held in holds.values() if held[0] not in self.copied]
        if not running:
            return None
        task, start, _ = min(running, key=lambda held: held[1])
        due = start + TOO_LONG * float(np.median(self.finished))
        if now >= due:
            self.copied.add(task)
            return task
        self.looking = True
        self.at(due, LOOK)
        return None

    def look(self, *_: int) -> None:
        self.looking = False
        for _ in range(len(self.idle)):
            self.offer(self.idle.popleft(), self.now)
            if self.looking:  # nothing late was left
                break
