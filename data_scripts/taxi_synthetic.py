"""Write synthetic taxi trips to files of a million rows, in several processes where that pays."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pyarrow as pa

from data_scripts import files, tables, taxi_files
from helpers import datasets, synthetic
from helpers.progress import bar as progress_bar
from helpers.taxi import SCHEMA

FILES_PER_PROCESS = 4  # a process starts in about the time that it takes to write two files
MAX_PROCESSES = 4  # 200 MB each beside a notebook's kernel

_rows_done = _stop = None  # in a process of the pool: what it shares with the one that started it


def generate(rows: int, seed: int = 0) -> int:
    """Make sure that the first `rows` synthetic trips are on disk; files that are there already stay.

    Parameters
    ----------
    rows : int
        At least 1.
    seed : int
        Which table of trips, from 0.

    Returns
    -------
    int
        How many files were missing and are there now.

    Raises
    ------
    ValueError
        If there are no rows to make, or the seed is negative.
    OSError
        If a file cannot be written.
    """
    if rows < 1:
        raise ValueError(f"rows is {rows}: give the number of trips, at least 1")
    if seed < 0:
        raise ValueError(f"seed is {seed}: give a whole number from 0 on")
    source = f"synthetic, seed {seed}"
    missing = [path for path in datasets.synthetic_taxi_files(rows, seed) if not _is_complete(path, source)]
    processes = min(MAX_PROCESSES, len(missing) // FILES_PER_PROCESS)
    if processes > 1:
        processes = min(processes, _processors())
    if not missing:
        return 0
    with progress_bar(sum(map(_count, missing)), f"Generating trips ({source})") as progress:
        if processes > 1:
            _write_in_pool(missing, source, seed, processes, progress)
        else:
            for path in missing:
                _write(path, source, seed, progress.update)
    return len(missing)


def _range(path: Path) -> tuple[int, int]:
    """First row, and the row after the last, of a file: its name says them."""
    _, start, stop = path.stem.split("-")
    return int(start), int(stop)


def _count(path: Path) -> int:
    start, stop = _range(path)
    return stop - start


def _write(path: Path, source: str, seed: int, progress: Callable[[int], object]) -> None:
    def make(part: Path) -> None:
        taxi_files.write(part, source, batches=_trips(*_range(path), seed), progress=progress)

    files.once(path, partial(_is_complete, path, source), make=make)


def _is_complete(path: Path, source: str) -> bool:
    return tables.is_complete(path, SCHEMA, source=source, rows=_count(path))


def _trips(start: int, stop: int, seed: int) -> Iterator[pa.Table]:
    for first in range(start, stop, taxi_files.ROW_GROUP):
        yield synthetic.taxi_trips(first, min(first + taxi_files.ROW_GROUP, stop), seed=seed)


def _write_in_pool(paths: list[Path], source: str, seed: int, processes: int, progress) -> None:
    context = multiprocessing.get_context("spawn")  # forking a notebook's kernel with its threads may hang
    rows_done, stop = context.Value("q", 0), context.Event()
    with _ctrl_c_noted() as pressed:
        pool = ProcessPoolExecutor(processes, context, initializer=_start, initargs=(rows_done, stop))
        try:
            with _ctrl_c_kept_from_children():
                waiting = {pool.submit(_write_in_process, path, source, seed) for path in paths}
            while waiting and not pressed:
                finished, waiting = wait(waiting, timeout=0.1, return_when=FIRST_EXCEPTION)
                progress.update(rows_done.value - progress.n)
                for future in finished:
                    future.result()
        except BrokenProcessPool as error:
            raise OSError(
                "A process that generated trips was killed, most often for lack of memory: close other programs or "
                "choose a smaller WORKSHOP_SCALE, and run it again"
            ) from error
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)


def _processors() -> int:
    from dask.system import CPU_COUNT  # knows the limits of containers, such as Binder's

    return CPU_COUNT


@contextmanager
def _ctrl_c_noted() -> Iterator[list[int]]:
    """Yield a list that fills when Ctrl-C is pressed; the interrupt follows after the block.

    Raised in the middle of it, the interrupt could leave a lock of the pool locked for ever.
    """
    pressed = []
    if threading.current_thread() is not threading.main_thread():  # which alone is interrupted
        yield pressed
        return
    before = signal.signal(signal.SIGINT, lambda number, frame: pressed.append(number))
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed:
        raise KeyboardInterrupt


@contextmanager
def _ctrl_c_kept_from_children() -> Iterator[None]:
    """Processes started in the block are not interrupted, not even before `_start`: this one stops them in order."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # children inherit it
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start(rows_done, stop) -> None:
    """First thing that a process of the pool does."""
    global _rows_done, _stop
    _rows_done, _stop = rows_done, stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # where it is not inherited (Windows)


def _write_in_process(path: Path, source: str, seed: int) -> None:
    def progress(rows: int) -> None:
        if _stop.is_set():
            raise InterruptedError(f"{path} was not finished, as another file failed")
        with _rows_done.get_lock():
            _rows_done.value += rows

    _write(path, source, seed, progress)
