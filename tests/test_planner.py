"""The planner: arithmetic by hand, limits, and a prediction for rows it has not seen."""

from __future__ import annotations

import math

import pytest

from helpers.planning import planner

MEASURED = planner.Measured(rows_per_second=1e6, bytes_per_row=25, scheduler_s=0.001)
ASSUME = {
    "cores_per_machine": 10, "price_per_hour": 2.0, "read_gb_per_s": 1.0, "network_gbit_per_s": 8.0, "message_s": 0.0,
    "model_mb": 1.0, "rows_between_syncs": 1e6, "spread": 0.0, "task_mb": 100.0, "file_mb": 100.0, "open_s": 0.0,
    "failures_per_hour": 0.0, "restart_min": 5.0, "checkpoint_min": 30.0, "save_s": 0.0,
}  # fmt: skip


def test_the_assumptions_are_those_that_are_explained():
    assert set(ASSUME) == set(planner.ASSUMPTIONS)


def test_parts_by_hand():
    hours = planner.parts(25e12, 10, MEASURED, ASSUME)  # 1e12 rows
    assert hours["compute"] == pytest.approx(1e12 / 1e8 / 3600)
    assert hours["read"] == pytest.approx(25e12 / 1e10 / 3600)
    assert hours["all-reduce"] == pytest.approx(1e5 * 2 * 0.9 * 0.001 / 3600)  # each sends 1.8 MB at 1 GB/s
    assert hours["scheduler"] == pytest.approx(250_000 * 0.001 / 3600)
    assert hours["stragglers"] == hours["open files"] == hours["failures"] == 0


def test_a_plan_by_hand_without_friction():
    found = planner.plan(25e12, 10, MEASURED, ASSUME)
    hours = (1e4 + 180) / 3600
    assert found["hours"] == pytest.approx(hours) and found["cost (US$)"] == pytest.approx(hours * 20)
    assert found["TB sent"] == pytest.approx(2 * 9 * 1e5 * 1e6 / 1e12) and found["failures"] == 0


def test_one_machine_talks_to_nobody():
    hours = planner.parts(1e9, 1, MEASURED, ASSUME | {"spread": 0.1, "message_s": 1})
    assert hours["all-reduce"] == hours["stragglers"] == 0


def test_failures_cost_work_and_too_many_all_of_it():
    calm = planner.plan(25e12, 10, MEASURED, ASSUME)["hours"]
    rough = planner.plan(25e12, 10, MEASURED, ASSUME | {"failures_per_hour": 0.1})
    assert rough["hours"] == pytest.approx(calm / (1 - 20 / 60)) and rough["failures"] == pytest.approx(rough["hours"])
    assert rough["bound by"] == "compute"
    hours = planner.parts(25e12, 10, MEASURED, ASSUME | {"failures_per_hour": 0.1})
    assert hours["failures"] == pytest.approx(hours["compute"] * 20 / 60)
    assert math.isinf(planner.plan(25e12, 10, MEASURED, ASSUME | {"failures_per_hour": 1})["hours"])


def test_machines_are_as_few_as_will_do():
    count = planner.machines_for(1, 25e12, MEASURED, ASSUME)
    assert planner.plan(25e12, count, MEASURED, ASSUME)["hours"] <= 1
    assert planner.plan(25e12, count - 1, MEASURED, ASSUME)["hours"] > 1
    assert planner.machines_for(0.01, 25e12, MEASURED, ASSUME) is None  # the scheduler alone takes four minutes


def test_what_breaks_first():
    found = planner.breaks_at([1, 10, 100], {"a": [0, 0.2, 0.3], "b": [0, 0, 0], "c": [1, 2, 3], "d": [0, 0.01, 1]})
    assert found == {"a": 10, "b": None, "c": 1, "d": pytest.approx(10**1.5)}


def test_a_line_tells_starting_from_going_on():
    def marks(start, per_row):
        return [(rows, start + per_row * rows) for rows in (1_000, 2_000, 3_000)]

    start, per_row = planner.fit_line([marks(1, 2e-3), marks(3, 1e-3), marks(2, 9e-3)])
    assert (start, per_row) == (pytest.approx(2), pytest.approx(2e-3))
    for runs in ([], [[(10, 1)]], [[(10, 1), (10, 2)]]):
        with pytest.raises(ValueError, match="two counts"):
            planner.fit_line(runs)
