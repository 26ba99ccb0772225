"""Memory of a whole process tree over time, and functions that are ended when they need more than their budget.

Used by every notebook that claims to fit a budget: the kernel, its Dask workers and whatever they start are added up.
On Linux a process counts with its proportional set size, as a container's limit counts it (pages shared by n processes
count 1/n each); elsewhere with its resident set size.
"""

from __future__ import annotations

import ctypes
import math
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from helpers import processes
from helpers.processes import Outcome


def tree_memory(pid: int | None = None) -> int:
    """Bytes of a process (default: this one) and all its descendants; those that end meanwhile count as nothing."""
    return sum(_process_memory(process) for process in processes.family(pid))


def _process_memory(process: psutil.Process) -> int:
    try:
        if psutil.LINUX:
            try:
                return process.memory_full_info().pss
            except psutil.AccessDenied:
                pass  # somebody else's process: its resident size is public
        return process.memory_info().rss
    except psutil.Error:
        return 0


def trim() -> None:
    """Give back to the system what this process has freed, and Arrow and the C library keep for the next time.

    A Dask worker counts it as used: after some large partitions it may wait for memory that nobody holds.
    """
    import pyarrow as pa  # here, so that a process that is only measured does not pay for it

    pa.default_memory_pool().release_unused()
    with suppress(OSError, AttributeError):  # not glibc
        ctypes.CDLL("libc.so.6").malloc_trim(0)


class Trace(list):
    """Samples ``(seconds, bytes)`` in the order they were taken."""

    @property
    def peak(self) -> int:
        """The largest sample, in bytes (0 before the first)."""
        return max((memory for _, memory in self), default=0)

    @property
    def added(self) -> int:
        """How far the largest sample lies above the first, in bytes: what the work took beside what was there."""
        return self.peak - self[0][1] if self else 0

    @property
    def seconds(self) -> float:
        """When the last sample was taken: how long the work went on."""
        return self[-1][0] if self else 0.0


@contextmanager
def watch(interval: float = 0.2) -> Iterator[Trace]:
    """Sample the memory of this process tree, every `interval` seconds, above 0, while the ``with`` block runs."""
    if not 0 < interval < math.inf:
        raise ValueError(f"interval is {interval} s: a positive number of seconds is needed")
    trace, done, start = Trace(), threading.Event(), time.perf_counter()

    def sample() -> None:
        trace.append((time.perf_counter() - start, tree_memory()))

    def keep_sampling() -> None:
        while not done.wait(interval):
            sample()

    sample()
    thread = threading.Thread(target=keep_sampling, name="memory-watch", daemon=True)
    thread.start()
    try:
        yield trace
    finally:
        done.set()
        thread.join()
        sample()


def run_capped(function: Callable, *args: object, limit: int) -> Outcome:
    """Run a function in a process of its own and end it once it needs more memory than its budget.

    The process starts afresh, so imports count too. It and its descendants are added up about every 30 ms, or less
    often, so that looking takes a tenth of the time at most; what they need between two looks goes unseen. Whatever
    happens, all of them are ended.

    Parameters
    ----------
    function : callable
        Also one of a notebook, and a lambda. Functions that it calls travel with it.
    *args : object
        Its arguments; copies travel.
    limit : int
        Budget in bytes.

    Returns
    -------
    Outcome
        The value, or an error if the budget was crossed, an exception arose or the process died.

    Raises
    ------
    TypeError, pickle.PicklingError
        If the function or an argument cannot be sent to another process.
    ValueError
        If the limit is not positive.
    """
    if limit <= 0:
        raise ValueError(f"limit is {limit}: a budget of some bytes is needed")
    trace = Trace()
    with tempfile.TemporaryDirectory(prefix="run-capped-") as folder:
        job, result = Path(folder, "job"), Path(folder, "result")
        processes.write_job(job, function, args=args)
        child = subprocess.Popen(processes.command(job, processes.do, result), stdin=subprocess.DEVNULL)
        error = _watch_child(child, limit, trace)
        if error:
            return Outcome(None, error, trace)
        value, error, where = processes.read_result(result, child.returncode)
        return Outcome(value, error, trace, where)


def _watch_child(child: subprocess.Popen, limit: int, trace: Trace) -> str | None:
    """Fill the trace until the child ends or is ended; return the reason if it was ended."""
    start, seen = time.perf_counter(), {}  # a dict keeps the order: parents come before their children
    try:
        while child.poll() is None:
            seconds, worked = time.perf_counter() - start, time.thread_time()
            found = processes.family(child.pid)
            seen |= dict.fromkeys(found)
            used = sum(_process_memory(process) for process in found)
            trace.append((seconds, used))
            if used > limit:
                budget, ended = f"{limit / 1e9:.2f} GB", f"{used / 1e9:.2f} GB after {seconds:.1f} s"
                return f"needed more than the budget of {budget}: ended at {ended}"
            looking = time.thread_time() - worked  # by the clock, a busy machine would make us look away for seconds
            with suppress(subprocess.TimeoutExpired):
                child.wait(max(0.03, 10 * looking))
        return None
    finally:  # a KeyboardInterrupt comes by here, too
        if child.returncode is None:  # else its number may be another's by now
            processes.end(*processes.family(child.pid)[:1])
        processes.end(*seen)
        child.wait()
