"""Memory is measured over the whole process tree."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import numpy as np
import psutil
import pytest

from helpers import memory

HUNDRED_MB = 100_000_000
GENEROUS = 10 * HUNDRED_MB


def test_a_trace_sees_what_this_process_takes_for_a_while():
    with memory.watch(interval=0.02) as trace:
        block = np.ones(HUNDRED_MB, dtype="u1")
        seen, patience = len(trace), time.monotonic() + 60
        while len(trace) < seen + 2 and time.monotonic() < patience:  # looked at since then, on any machine
            time.sleep(0.02)
        del block
    times = [seconds for seconds, _ in trace]
    assert times == sorted(times) and trace.peak == max(used for _, used in trace)
    assert trace.added == trace.peak - trace[0][1] > 0.5 * HUNDRED_MB
    assert trace.seconds == times[-1] and memory.Trace().added == memory.Trace().seconds == 0


def test_children_count():
    before = memory.tree_memory()
    code = "x = b'x' * 100_000_000; print('ready', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        assert memory.tree_memory() - before > 0.5 * HUNDRED_MB
        assert memory.tree_memory(child.pid) > 0.5 * HUNDRED_MB
        child.communicate(b"\n")
    assert memory.tree_memory(child.pid) == 0


def grow(megabytes, hold):
    """Take that much in steps of 10 MB, slowly enough to be seen, hold it for some seconds, and say so."""
    blocks = []
    for _ in range(megabytes // 10):
        blocks.append(np.ones(10_000_000, dtype="u1"))
        time.sleep(0.02)
    time.sleep(hold)
    return sum(block.nbytes for block in blocks)


def sleeper():
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]).pid


def is_running(pid):
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_until_gone(pid):
    deadline = time.monotonic() + 60
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_running(pid)


@pytest.fixture(autouse=True)
def no_child_is_left():
    before = set(psutil.Process().children(recursive=True))
    yield
    left = set(psutil.Process().children(recursive=True)) - before
    assert not [process for process in left if is_running(process.pid)]


def test_a_value_comes_back_also_from_a_lambda_and_a_closure():
    factor = np.arange(3)
    outcome = memory.run_capped(lambda x: factor * x, 2, limit=GENEROUS)
    assert outcome.error is None and outcome.value.tolist() == [0, 2, 4]
    assert 0 < outcome.peak == outcome.trace.peak < GENEROUS
    assert memory.run_capped(sum, [1, 2], limit=GENEROUS).value == 3


def test_a_hungry_function_is_ended_near_its_budget_and_the_reason_given():
    outcome = memory.run_capped(grow, 500, 600, limit=3 * HUNDRED_MB)
    assert outcome.value is None
    assert outcome.error.startswith("needed more than the budget of 0.30 GB: ended at 0.")
    assert 3 * HUNDRED_MB < outcome.peak < 10 * HUNDRED_MB  # it takes no more, however late the look
    used = [memory for _, memory in outcome.trace]
    assert used[0] < used[-1] == max(used)


def test_a_function_that_stays_under_its_budget_is_left_alone():
    outcome = memory.run_capped(grow, 200, 2, limit=3 * HUNDRED_MB)
    assert outcome.error is None and outcome.value == 2 * HUNDRED_MB
    assert HUNDRED_MB < outcome.peak < 3 * HUNDRED_MB


def test_descendants_count_and_are_ended_too(tmp_path):
    code = (
        "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); x = b'x' * 400_000_000; time.sleep(600)"
    )
    note = tmp_path / "pid"
    outcome = memory.run_capped(subprocess.run, [sys.executable, "-c", code, str(note)], limit=3 * HUNDRED_MB)
    assert "budget of 0.30 GB" in outcome.error and outcome.peak > 3 * HUNDRED_MB
    assert wait_until_gone(int(note.read_text()))


def test_a_process_that_a_function_leaves_behind_is_ended():
    assert wait_until_gone(memory.run_capped(sleeper, limit=GENEROUS).value)


def test_an_exception_comes_back_as_a_sentence_and_a_traceback():
    outcome = memory.run_capped(lambda: {}["no such key"], limit=GENEROUS)
    assert outcome.error == "KeyError: 'no such key'" and "test_memory.py" in outcome.traceback
    assert memory.run_capped(sys.exit, 3, limit=GENEROUS).error == "SystemExit: 3"


def test_a_value_that_cannot_travel_is_an_error():
    assert "cannot" in memory.run_capped(lambda: (i for i in range(3)), limit=GENEROUS).error


def test_sudden_death_is_an_error():
    assert memory.run_capped(os._exit, 3, limit=GENEROUS).error == "ended with exit code 3 before the function returned"
    assert memory.run_capped(os.abort, limit=GENEROUS).error.startswith(("died by signal", "ended with exit code"))


def test_an_interrupt_leaves_nothing_behind(monkeypatch):
    real, calls = memory._process_memory, []

    def interrupt(process):
        calls.append(process.pid)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return real(process)

    monkeypatch.setattr(memory, "_process_memory", interrupt)
    with pytest.raises(KeyboardInterrupt):
        memory.run_capped(time.sleep, 600, limit=GENEROUS)
    assert wait_until_gone(calls[0])
