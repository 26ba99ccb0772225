"""The simulation: by hand where that is possible, by theory where it is not, and against Dask itself."""

from __future__ import annotations

from heapq import heapify, heapreplace
from itertools import pairwise

import numpy as np
import pytest
from distributed import Client

from helpers.planning import simulation
from helpers.planning.simulation import Costs, simulate


def plain(durations, workers, costs):
    """The whole idea: a heap of when workers become free, and a scheduler that hands out one task at a time."""
    free, scheduler = [0.0] * workers, 0.0
    heapify(free)
    for duration in durations:
        scheduler = max(scheduler, free[0]) + costs.scheduler
        heapreplace(free, scheduler + costs.worker + duration)
    return max(free)


@pytest.mark.parametrize("workers", [1, 2, 7, 100])
def test_without_waiting_places_it_equals_the_plain_loop(workers):
    durations = np.random.default_rng(0).gamma(2, 0.05, 300)
    costs = Costs(scheduler=0.004, worker=0.002)
    run = simulate(durations, workers, costs, slots=1)
    assert run.seconds == pytest.approx(plain(durations, workers, costs))
    assert run.work == pytest.approx(durations.sum()) and run.lost == 0


def test_by_hand():
    assert simulate([1, 1, 1, 1], 2).seconds == 2
    assert simulate([], 2).seconds == 0
    assert simulate([1, 1], 1, Costs(submit=1, gather=2, worker=0.5)).seconds == 2 + 3 + 4
    assert simulate([1], 1, Costs(latency=0.1)).seconds == pytest.approx(1.2)
    waits = simulate([1, 1], 1, Costs(latency=0.1), slots=1).seconds  # there and back, twice
    assert waits == pytest.approx(2.4) and simulate([1, 1], 1, Costs(latency=0.1)).seconds == pytest.approx(2.2)
    assert simulate([1, 1], 2, result_bytes=10, bandwidth=10).seconds == 3  # one link, a second each


def test_a_busy_scheduler_is_the_limit():
    runs = [simulate([1.0] * 5_000, workers, Costs(scheduler=0.002)).seconds for workers in (100, 1_000, 2_000)]
    assert runs[0] == pytest.approx(50, rel=0.05) and runs[1] == pytest.approx(11, rel=0.1)
    assert runs[2] == pytest.approx(runs[1], rel=0.02)


def test_copies_overtake_stragglers_at_a_price():
    settings = {"slots": 1, "slow_share": 0.01, "slow_factor": 10}
    patient = simulate([1.0] * 2_000, 500, **settings)
    eager = simulate([1.0] * 2_000, 500, speculate=True, **settings)
    assert eager.seconds < 0.7 * patient.seconds and 0 == patient.lost < eager.lost < 0.2 * eager.work


@pytest.mark.parametrize("slots", [1, 2])
def test_after_failures_every_task_is_done(slots):
    calm = simulate([10.0] * 400, 20, slots=slots)
    rough = simulate([10.0] * 400, 20, slots=slots, failures_per_hour=20, restart=30)
    assert rough.seconds > calm.seconds and rough.lost > 0
    assert rough.work - rough.lost == pytest.approx(calm.work)


def test_more_workers_never_take_longer():
    durations = np.random.default_rng(1).gamma(4, 0.1, 1_000)
    times = [simulate(durations, workers, Costs(scheduler=0.001)).seconds for workers in (1, 2, 4, 8, 16)]
    assert all(few > many for few, many in pairwise(times))


def test_nonsense_is_refused():
    for durations, workers, slots in (([1], 0, 1), ([1], 1, 0), ([-1], 1, 1)):
        with pytest.raises(ValueError, match="at least 1"):
            simulate(durations, workers, slots=slots)


def test_it_agrees_with_dask_after_one_run_of_tiny_tasks():
    """Within 15 % at 1 and 2 workers and two task sizes. Others may be using this machine, so it may try again."""
    rng = np.random.default_rng(0)
    jobs = [list(rng.gamma(4, mean / 4, count)) for mean, count in ((0.01, 100), (0.04, 30))]
    settings = {"threads_per_worker": 1, "dashboard_address": "127.0.0.1:0", "host": "127.0.0.1"}
    with Client(n_workers=2, **settings) as two, Client(n_workers=1, **settings) as one:
        for client in (one, two):
            simulation.measure(client, [0.001] * 50)  # warm
        for _ in range(4):
            costs = simulation.calibrate(simulation.measure(two, [0.001] * 400))
            errors = []
            for workers, client in ((1, one), (2, two)):
                for job in jobs:
                    real = np.median([simulation.measure(client, job).seconds for _ in range(3)])
                    errors.append(simulate(job, workers, costs).seconds / real - 1)
            if max(map(abs, errors)) <= 0.15:
                return
    pytest.fail(f"simulated / real - 1: {np.round(errors, 3)}, costs {costs}")
