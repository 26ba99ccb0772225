"""Functions in fresh processes, and processes that are ended for sure, with all that they started.

Used by ``helpers.memory``, which watches one process, and ``helpers.workers``, which lets several work together.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import cloudpickle  # comes with Dask
import psutil


@dataclass(frozen=True)
class Outcome:
    """What came of a function that ran in a process of its own."""

    value: Any  # what it returned; None if it did not get that far
    error: str | None  # why it did not, in one sentence
    trace: Sequence[tuple[float, int]] = ()  # seconds and bytes: memory of its processes, where that was watched
    traceback: str = ""  # where in the function an exception arose, as Python prints it
    printed: list[str] = field(default_factory=list)  # its lines, also those before a failure, where they were kept
    log: str = ""  # after a failure, the last lines of its traceback and of its libraries, where they were kept

    @property
    def peak(self) -> int:
        """The most memory that was seen, in bytes; 0 where nobody looked."""
        return max((used for _, used in self.trace), default=0)


# What a child runs. It first learns where its parent finds modules, then what to do. Were it started by
# multiprocessing, it would import the parent's script again, and run it where a guard is missing.
CHILD = """
import pickle, sys
from importlib import import_module
with open(sys.argv[1], "rb") as job:
    sys.path[:] = pickle.load(job)
    getattr(import_module(sys.argv[2]), sys.argv[3])(job, *sys.argv[4:])
"""


def write_job(path: Path, function: Callable, *, args: tuple) -> None:
    """Write down what a child shall do; TypeError or PicklingError if it cannot be sent to another process."""
    with path.open("wb") as file:
        pickle.dump(sys.path, file)
        cloudpickle.dump((function, args), file)


def command(job: Path, work: Callable, *args: object) -> list[str]:
    """The command line of a child that calls ``work(job, *args)``; `work` is a function of a module, such as `do`."""
    return [sys.executable, "-u", "-c", CHILD, str(job), work.__module__, work.__name__, *map(str, args)]


def do(job: BinaryIO, result: str) -> None:
    """Do a job in the child; ``(value, error, traceback)`` is in the file `result` when all of it is there."""

    def send(*outcome: object) -> None:
        with open(f"{result}.part", "wb") as file:
            cloudpickle.dump(outcome, file)
        os.replace(f"{result}.part", result)

    try:
        function, args = pickle.load(job)
        send(function(*args), None, "")
    except BaseException as error:  # SystemExit, too: the parent wants to know
        send(None, f"{type(error).__name__}: {error}", traceback.format_exc())
    end(*psutil.Process().children())
    with suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(0)  # wait for no thread that the function left behind


def read_result(result: Path, exit_code: int) -> tuple[Any, str | None, str]:
    """Value, error and traceback of a child that has ended; its exit code speaks if it left none."""
    if result.exists():
        with result.open("rb") as file:
            return pickle.load(file)
    how = f"ended with exit code {exit_code}"
    if exit_code < 0:
        how = f"died by signal {-exit_code} ({signal.Signals(-exit_code).name})"
    return None, f"{how} before the function returned", ""


def family(pid: int | None) -> list[psutil.Process]:
    """A process and all its descendants, parents first; nothing if it is gone."""
    try:
        top = psutil.Process(pid)
        return [top, *top.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def end(*processes: psutil.Process) -> None:
    """End processes and their descendants, parents first; a suspended parent starts no more children."""
    for process in processes:
        children = []
        with suppress(psutil.Error):
            process.suspend()
            children = process.children()
        with suppress(psutil.Error):
            process.kill()
        end(*children)
