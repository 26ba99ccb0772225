"""Memory of a whole process tree, measured over time.

Used by every notebook that claims to fit a budget: the kernel, its Dask workers and whatever they
start are added up. On Linux a process counts with its proportional set size, as a container's
limit counts it (pages shared by n processes count 1/n each); elsewhere with its resident set size.
Notebook 02 lets pandas run into a wall with `run_capped`, which ends what needs more than its budget.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import cloudpickle  # comes with Dask
import psutil


def tree_memory(pid: int | None = None) -> int:
    """Memory of a process and all its descendants, now.

    Parameters
    ----------
    pid : int, optional
        The process at the top (default: this one).

    Returns
    -------
    int
        Bytes. Processes that end while they are being counted count as nothing.
    """
    return sum(_process_memory(process) for process in _family(pid))


def _family(pid: int | None) -> list[psutil.Process]:
    try:
        top = psutil.Process(pid)
        return [top, *top.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


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


class Trace(list):
    """Samples ``(seconds, bytes)`` in the order they were taken."""

    @property
    def peak(self) -> int:
        """The largest sample, in bytes (0 before the first)."""
        return max((memory for _, memory in self), default=0)


@contextmanager
def watch(interval: float = 0.2) -> Iterator[Trace]:
    """Sample the memory of this process tree while the ``with`` block runs.

    Parameters
    ----------
    interval : float
        Seconds between samples.

    Yields
    ------
    Trace
        A list of ``(seconds, bytes)`` that grows meanwhile; ``trace.peak`` is the largest sample in bytes.
    """
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


@dataclass(frozen=True)
class Outcome:
    """What came of a function that ran under a budget.

    Attributes
    ----------
    value : object
        What the function returned; None if it did not get that far.
    error : str or None
        Why it did not, in one sentence.
    trace : Trace
        Memory of its process and their descendants, ``(seconds, bytes)``.
    traceback : str
        Where in the function an exception arose, as Python prints it; empty without one.
    """

    value: Any
    error: str | None
    trace: Trace
    traceback: str = ""

    @property
    def peak(self) -> int:
        """The largest sample of the trace, in bytes."""
        return self.trace.peak


def run_capped(function: Callable, *args: object, limit: int) -> Outcome:
    """Run a function in a process of its own and end it once it needs more memory than its budget.

    The process starts afresh, so imports count too. It and its descendants are added up about every
    30 ms, or less often, so that looking takes a tenth of the time at most; what they need between
    two looks goes unseen. Whatever happens, all of them are ended.

    Parameters
    ----------
    function : callable
        Also one defined in a notebook, and a lambda. Functions that it calls travel with it.
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
    """
    trace = Trace()
    with tempfile.TemporaryDirectory(prefix="run-capped-") as folder:
        job, result = Path(folder, "job"), Path(folder, "result")
        with job.open("wb") as file:
            pickle.dump(sys.path, file)
            cloudpickle.dump((function, args), file)
        child = subprocess.Popen([sys.executable, "-c", _CHILD, job, result], stdin=subprocess.DEVNULL)
        error = _watch_child(child, limit, trace)
        if error:
            return Outcome(None, error, trace)
        if not result.exists():
            return Outcome(None, _how_it_died(child.returncode), trace)
        with result.open("rb") as file:
            value, error, where = pickle.load(file)
        return Outcome(value, error, trace, where)


def _watch_child(child: subprocess.Popen, limit: int, trace: Trace) -> str | None:
    """Fill the trace until the child ends or is ended; return the reason if it was ended."""
    start, seen = time.perf_counter(), {}  # a dict keeps the order: parents come before their children
    try:
        while child.poll() is None:
            seconds, worked = time.perf_counter() - start, time.thread_time()
            family = _family(child.pid)
            seen |= dict.fromkeys(family)
            used = sum(_process_memory(process) for process in family)
            trace.append((seconds, used))
            if used > limit:
                return (
                    f"needed more than the budget of {limit / 1e9:.2f} GB: "
                    f"ended at {used / 1e9:.2f} GB after {seconds:.1f} s"
                )
            looking = time.thread_time() - worked  # by the clock, a busy machine would make us look away for seconds
            with suppress(subprocess.TimeoutExpired):
                child.wait(max(0.03, 10 * looking))
        return None
    finally:  # a KeyboardInterrupt comes by here, too
        _end(*_family(child.pid)[:1], *seen)
        child.wait()


def _end(*processes: psutil.Process) -> None:
    """End processes and their descendants, parents first; a suspended parent starts no more children."""
    for process in processes:
        children = []
        with suppress(psutil.Error):
            process.suspend()
            children = process.children()
        with suppress(psutil.Error):
            process.kill()
        _end(*children)


def _how_it_died(code: int) -> str:
    if code < 0:
        return f"died by signal {-code} ({signal.Signals(-code).name}) before the function returned"
    return f"ended with exit code {code} before the function returned"


# What the child runs. It first learns where its parent finds modules, then what to do. Were it started
# by multiprocessing, it would import the parent's script again, and run it where a guard is missing.
_CHILD = """
import pickle, sys
with open(sys.argv[1], "rb") as job:
    sys.path[:] = pickle.load(job)
    from helpers.memory import _work
    _work(job, sys.argv[2])
"""


def _work(job: BinaryIO, result: str) -> None:
    """Do the job in the child; ``(value, error, traceback)`` is in the file `result` when all of it is there."""

    def send(*outcome: object) -> None:
        with open(f"{result}.part", "wb") as file:
            cloudpickle.dump(outcome, file)
        os.replace(f"{result}.part", result)

    try:
        function, args = pickle.load(job)
        send(function(*args), None, "")
    except BaseException as error:  # SystemExit, too: the parent wants to know
        send(None, f"{type(error).__name__}: {error}", traceback.format_exc())
    _end(*psutil.Process().children())
    with suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(0)  # wait for no thread that the function left behind
