"""What a scheduler and its workers would do, played event by event: a discrete-event simulation of Dask.

Used by notebook 12. One scheduler handles one message at a time; workers with a core each run one task at a time and
keep a next one waiting, as Dask's do. `measure` times real tasks on a cluster, `calibrate` turns one such run into the
costs of a task, and `simulate` plays other runs: more workers, longer tasks, stragglers, failures.
Not in it: tasks that depend on each other, memory, and cores that scheduler and workers share.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import count

import numpy as np

FINISH, FAIL, RETURN, LOOK = range(4)  # what may happen
TOO_LONG = 1.5  # a task that has run this many times the median is worth a second copy


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


def simulate(
    durations: Sequence[float],
    workers: int,
    costs: Costs = Costs(),
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
        If there is no worker or no slot, or a duration is negative.
    """
    if workers < 1 or slots < 1 or (len(durations) and min(durations) < 0):
        raise ValueError(f"need workers and slots of at least 1 and no negative duration; got {workers=}, {slots=}")
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
        self.lost += seconds * in_vain

    def offer(self, worker: int, now: float) -> None:
        """Give a free slot of a worker a task, or note that it is idle."""
        task = self.waiting.popleft() if self.waiting else self.late_task(now)
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

    def late_task(self, now: float) -> int | None:
        """A task that has run for too long and has no copy yet; if there is none, look again later."""
        if not self.speculate or self.looking or len(self.finished) < len(self.durations) / 2:
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


def _sleep(seconds: float, _: int) -> tuple[float, float, int]:
    """A task that keeps a worker for a time and leaves the processor to others; tells when, and where."""
    from distributed import get_worker

    start = time.time()
    time.sleep(seconds)
    return start, time.time(), hash(get_worker().address)


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
    """
    workers = len(client.scheduler_info(n_workers=-1)["workers"])
    called = time.time()
    futures = client.map(_sleep, list(durations), range(len(durations)), pure=False)
    times = np.array(sorted(client.gather(futures)))
    seconds = time.time() - called
    del futures
    start, end, where = times.T
    gaps = [gap for one in set(where) for gap in start[where == one][1:] - end[where == one][:-1]]
    return Run(
        seconds,
        float((end - start).sum()),
        0.0,
        workers,
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
    """
    tasks = len(run.durations)
    gap = max(float(np.quantile(run.gaps, 0.25)), 0.0)
    costs = Costs(run.before / tasks, worker=gap + max(run.overshoot, 0.0), latency=latency, gather=run.after / tasks)
    low, high = 0.0, run.seconds / tasks
    for _ in range(30):
        middle = (low + high) / 2
        longer = simulate(run.durations, run.workers, replace(costs, scheduler=middle)).seconds > run.seconds
        low, high = (low, middle) if longer else (middle, high)
    return replace(costs, scheduler=(low + high) / 2)
