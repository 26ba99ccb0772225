"""Memory of a whole process tree, measured over time.

Used by every notebook that claims to fit a budget: the kernel, its Dask workers and whatever they
start are added up. On Linux a process counts with its proportional set size, as a container's
limit counts it (pages shared by n processes count 1/n each); elsewhere with its resident set size.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

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
    try:
        top = psutil.Process(pid)
        family = [top, *top.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    return sum(_process_memory(process) for process in family)


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
