"""Memory is measured over the whole process tree."""

from __future__ import annotations

import subprocess
import sys
import time

import numpy as np

from helpers import memory

HUNDRED_MB = 100_000_000


def test_a_trace_sees_what_this_process_takes_for_a_while():
    with memory.watch(interval=0.02) as trace:
        block = np.ones(HUNDRED_MB, dtype="u1")
        time.sleep(0.2)
        del block
    times = [seconds for seconds, _ in trace]
    assert times == sorted(times) and trace.peak == max(used for _, used in trace)
    assert trace.peak - trace[0][1] > 0.9 * HUNDRED_MB


def test_children_count():
    before = memory.tree_memory()
    code = "x = b'x' * 100_000_000; print('ready', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        assert memory.tree_memory() - before > 0.9 * HUNDRED_MB
        assert memory.tree_memory(child.pid) > 0.9 * HUNDRED_MB
        child.communicate(b"\n")
    assert memory.tree_memory(child.pid) == 0
