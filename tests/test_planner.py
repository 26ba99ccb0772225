"""The planner: arithmetic by hand, limits, and a prediction for rows it has not seen."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from benchmarks.planner import fit_line
from helpers.planning import planner

MEASURED = planner.Measured(rows_per_second=1e6, bytes_per_row=25)
ASSUME = planner.Assumptions(
    cores_per_machine=10, price_usd_per_hour=2, read_gb_per_s=1, network_gbit_per_s=8, message_s=0, model_mb=1,
    rows_between_syncs=1e6, step_spread=0, task_mb=100, file_mb=100, open_s=0, failures_per_hour=0, restart_min=5,
    checkpoint_min=30, save_s=0,
)  # fmt: skip


def given(machines, **changes):
    return {"machines": machines, "measured": MEASURED, "assumptions": replace(ASSUME, **changes)}


def test_parts_by_hand():
    hours = planner.parts(25e12, **given(10))  # 1e12 rows
    assert hours["compute"] == pytest.approx(1e12 / 1e8 / 3600)
    assert hours["read"] == pytest.approx(25e12 / 1e10 / 3600)
    assert hours["all-reduce"] == pytest.approx(1e5 * 2 * 0.9 * 0.001 / 3600)  # each sends 1.8 MB at 1 GB/s
    assert hours["scheduler"] == pytest.approx(250_000 * 0.001 / 3600)
    assert hours["stragglers"] == hours["open files"] == hours["failures"] == 0


def test_a_plan_by_hand_without_friction():
    found = planner.plan(25e12, **given(10))
    hours = (1e4 + 180) / 3600
    assert found["hours"] == pytest.approx(hours) and found["cost (US$)"] == pytest.approx(hours * 20)
    assert found["TB sent"] == pytest.approx(2 * 9 * 1e5 * 1e6 / 1e12) and found["failures"] == 0


def test_one_machine_talks_to_nobody():
    hours = planner.parts(1e9, **given(1, step_spread=0.1, message_s=1))
    assert hours["all-reduce"] == hours["stragglers"] == 0


def test_failures_cost_work_and_too_many_all_of_it():
    calm = planner.plan(25e12, **given(10))["hours"]
    rough = planner.plan(25e12, **given(10, failures_per_hour=0.1))
    assert rough["hours"] == pytest.approx(calm / (1 - 20 / 60)) and rough["failures"] == pytest.approx(rough["hours"])
    assert rough["bound by"] == "compute"
    hours = planner.parts(25e12, **given(10, failures_per_hour=0.1))
    assert hours["failures"] == pytest.approx(hours["compute"] * 20 / 60)
    assert math.isinf(planner.plan(25e12, **given(10, failures_per_hour=1))["hours"])


def test_machines_are_as_few_as_will_do():
    count = planner.machines_for(25e12, hours=1, measured=MEASURED, assumptions=ASSUME)
    assert planner.plan(25e12, **given(count))["hours"] <= 1
    assert planner.plan(25e12, **given(count - 1))["hours"] > 1
    assert (
        planner.machines_for(25e12, hours=0.01, measured=MEASURED, assumptions=ASSUME) is None
    )  # the scheduler alone takes four minutes


def test_a_line_tells_starting_from_going_on():
    def marks(start, per_row):
        return [(rows, start + per_row * rows) for rows in (1_000, 2_000, 3_000)]

    start, per_row = fit_line([marks(1, 2e-3), marks(3, 1e-3), marks(2, 9e-3)])
    assert (start, per_row) == (pytest.approx(2), pytest.approx(2e-3))
    for runs in ([], [[(10, 1)]], [[(10, 1), (10, 2)]]):
        with pytest.raises(ValueError, match="two counts"):
            fit_line(runs)


@pytest.mark.parametrize(
    ("nonsense", "said"),
    [
        (lambda: replace(ASSUME, checkpoint_min=0), "checkpoint_min is 0"),
        (lambda: replace(ASSUME, failures_per_hour=-1), "failures_per_hour is -1"),
        (lambda: replace(ASSUME, read_gb_per_s=math.nan), "read_gb_per_s is nan"),
        (lambda: planner.Measured(rows_per_second=0, bytes_per_row=25), "rows_per_second is 0"),
        (lambda: planner.plan(25e12, **given(0)), "on 0 machines"),
        (lambda: planner.plan(0, **given(1)), "0 bytes"),
        (lambda: planner.machines_for(1e9, hours=0, measured=MEASURED, assumptions=ASSUME), "hours is 0"),
    ],
)
def test_numbers_that_cannot_be_are_refused_by_name(nonsense, said):
    with pytest.raises(ValueError, match=said):
        nonsense()


def test_a_plan_is_for_whole_machines_and_what_is_free_stays_free():
    with pytest.raises(ValueError, match="whole number of machines"):
        planner.plan(1e12, **given(1.5))
    never = planner.plan(25e12, **given(10, failures_per_hour=1, price_usd_per_hour=0))
    assert math.isinf(never["hours"]) and never["cost (US$)"] == 0


def test_shares_are_of_the_hours_that_the_work_takes():
    shares = planner.shares([25e12, 250e12], hours=1, measured=MEASURED, assumptions=ASSUME)
    assert set(shares) == {"all-reduce", "failures", "files of 1 MB", "scheduler", "shuffle", "stragglers"}
    assert shares["scheduler"] == pytest.approx([100 * 250_000 * 0.001 / 3600, 100 * 2_500_000 * 0.001 / 3600])
    assert shares["stragglers"] == [0, 0]
    slow = planner.shares([25e12], hours=1, measured=MEASURED, assumptions=replace(ASSUME, open_s=0.1))
    machines = 28  # of 10 million rows a second, for 1e12 rows in an hour
    assert slow["files of 1 MB"] == pytest.approx([100 * 25e6 * 0.1 / machines / 10 / 3600])


def test_the_example_is_what_a_plan_assumes_unless_it_is_told():
    assert planner.plan(1e15, machines=20, measured=MEASURED) == planner.plan(
        1e15, machines=20, measured=MEASURED, assumptions=planner.EXAMPLE
    )
