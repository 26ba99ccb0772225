"""The events of a simulated cluster: who finishes, fails and comes back when, and what follows from it.

Used by ``helpers.planning.simulation``, which says what is played.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from heapq import heappop, heappush
from itertools import count

import numpy as np

from helpers.planning.runs import Costs

FINISH, FAIL, RETURN, LOOK = range(4)  # what may happen
TOO_LONG = 1.5  # a task that has run this many times the median is worth a second copy


class Play:
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
        while self.waiting and self.done[self.waiting[0]]:  # its copy was faster
            self.waiting.popleft()
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
        """A task that another holds for too long and that has no copy yet; if there is none, look again later.

        Not for a worker that is at something: the copy would wait behind it, perhaps behind the late task itself.
        What waits behind a late task is late with it.
        """
        if not self.speculate or self.looking or self.holds[worker] or len(self.finished) < len(self.durations) / 2:
            return None
        held = []  # since when a worker has been at its first task, and what it holds
        for holds in self.holds:
            since = min((start for _, start, _ in holds.values()), default=now)
            held += [(since, start, task) for task, start, _ in holds.values() if task not in self.copied]
        if not held or not self.finished:
            return None
        since, _, task = min(held)
        due = since + TOO_LONG * float(np.median(self.finished))
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
