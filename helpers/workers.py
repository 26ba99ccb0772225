"""Several processes that work together, none of which can be left hanging by another.

Each is a fresh Python process on this machine that calls one function with arguments and environment variables of its
own. All have one timeout. When one fails, the others get a little time to notice and then are ended, too; so are all
when the process that started them is gone.
"""

from __future__ import annotations

import math
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

import psutil

from helpers import processes
from helpers.processes import Outcome

LOOK = 0.1  # seconds between two looks at the workers
GRACE = 15  # seconds that the others get after a worker has failed
LAST_LINES = 20  # of a failed worker's log: what is worth reading
KILLED = 137  # exit code of a worker that was to be killed
VARIABLES = {  # of every worker; its own go first
    "no_grpc_proxy": "127.0.0.1,localhost",  # gRPC, through which TensorFlow's talk, would ask a proxy even for here
    "PYTHONIOENCODING": "utf-8",  # as we read
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "KERAS_BACKEND": "tensorflow",  # whatever the user has set for other programs
}


def free_ports(count: int) -> list[int]:
    """Numbers of `count` different ports of this machine, at least 1, on which nobody listens now."""
    if count < 1:
        raise ValueError(f"count is {count}: at least 1 port is needed")
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [probe.getsockname()[1] for probe in probes]


def run(
    function: Callable,
    arguments: Sequence[tuple],
    *,
    environments: Sequence[Mapping[str, str]] | None = None,
    timeout: float = 240,
    kill: tuple[int, str] | None = None,
) -> list[Outcome]:
    """Run a function, also one of a notebook, in several processes at once, one per tuple of arguments; wait for all.

    Whatever happens, a KeyboardInterrupt too, none of the processes is left.

    Parameters
    ----------
    environments : sequence of mappings, optional
        Variables of each worker, on top of those of this process.
    timeout : float
        Seconds after which all that still run are ended.
    kill : (int, str), optional
        This worker ends without a goodbye as soon as it has printed a line that begins like this.

    Raises
    ------
    TypeError, pickle.PicklingError, ValueError
        If the function or an argument cannot be sent to another process, or the rest makes no sense.
    """
    if not arguments:
        raise ValueError("arguments is empty: a tuple of arguments for each worker is needed")
    if environments is not None and len(environments) != len(arguments):
        raise ValueError(f"{len(environments)} environments for {len(arguments)} workers: give one for each")
    if not timeout > 0:
        raise ValueError(f"timeout is {timeout} s: give a positive one")
    if kill and not 0 <= kill[0] < len(arguments):
        raise ValueError(f"kill names worker {kill[0]}: there are workers 0 to {len(arguments) - 1}")
    stop, team = time.monotonic() + timeout, []
    with tempfile.TemporaryDirectory(prefix="workers-") as folder:
        try:
            for number, args in enumerate(arguments):
                last_line = kill[1] if kill and kill[0] == number else ""
                variables = environments[number] if environments else {}
                team.append(_Worker(Path(folder, str(number)), function, args, variables, timeout, last_line))
            _wait(team, stop, timeout)
        finally:
            for worker in team:
                worker.end("was ended")
        return [worker.outcome for worker in team]


def values(outcomes: Sequence[Outcome]) -> list:
    """What the workers returned; RuntimeError if one failed, with its error and the last lines of its log."""
    for number, outcome in enumerate(outcomes):
        if outcome.error is not None:
            raise RuntimeError(f"worker {number}: {outcome.error}\n{outcome.log}".rstrip())
    return [outcome.value for outcome in outcomes]


def _wait(team: list[_Worker], stop: float, timeout: float) -> None:
    """Come back when all have ended; end those that take too long."""
    failed, no_longer = None, math.inf
    while running := [worker for worker in team if worker.is_running()]:
        for worker in running:
            if time.monotonic() > stop:
                worker.end(f"was ended after {timeout:g} s, the timeout")
            elif time.monotonic() > no_longer:
                worker.end(f"was ended, as it still ran {GRACE:g} s after worker {failed} had failed")
        broken = [number for number, worker in enumerate(team) if not worker.is_running() and worker.outcome.error]
        if broken and failed is None:
            failed, no_longer = broken[0], time.monotonic() + GRACE
        time.sleep(LOOK)


class _Worker:
    """One process, the files by which it reports, and why it was ended, if it was."""

    def __init__(
        self, path: Path, function: Callable, args: tuple, variables: Mapping[str, str], timeout: float, last_line: str
    ) -> None:
        self.result, self.out, self.err = (path.with_suffix(f".{end}") for end in ("back", "out", "err"))
        self.reason, self.children, self.last_line = None, {}, last_line
        processes.write_job(path, function, args=args)
        line = processes.command(path, _work, self.result, os.getpid(), timeout, last_line)
        environment = os.environ | VARIABLES | variables
        with self.out.open("wb") as out, self.err.open("wb") as err:
            self.process = subprocess.Popen(line, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        self.top = psutil.Process(self.process.pid)

    def is_running(self) -> bool:
        if self.process.poll() is not None:
            return False
        with suppress(psutil.Error):
            self.children |= dict.fromkeys(self.top.children(recursive=True))
        return True

    def end(self, reason: str) -> None:
        """End the process, if it runs, and whatever it started."""
        if self.is_running():
            self.reason = reason
            processes.end(self.top)
        processes.end(*self.children)
        self.process.wait()

    @cached_property
    def outcome(self) -> Outcome:
        """What came of it; asked for when it has ended."""
        printed, log = (path.read_text(encoding="utf-8", errors="replace") for path in (self.out, self.err))
        value, error, trace = None, self.reason, ""
        if error is None:
            value, error, trace = processes.read_result(self.result, self.process.returncode)
        if self.last_line and self.process.returncode == KILLED:
            error = f"was killed, as asked, after it had printed {self.last_line!r}"
        if error is None:
            return Outcome(value, None, printed=printed.splitlines())
        last = (trace + log).splitlines()[-LAST_LINES:]
        return Outcome(None, error.splitlines()[0], printed=printed.splitlines(), log="\n".join(last))


def _work(job: BinaryIO, result: str, parent: str, timeout: str, last_line: str) -> None:
    """Do the job in the child, but no longer than somebody waits for it."""
    threading.Thread(target=_end_when_alone, args=(int(parent), float(timeout)), daemon=True).start()
    if last_line:
        _die_after(last_line)
    processes.do(job, result)


def _die_after(start: str) -> None:
    """Print as before, but end at once, as if killed, after a line that begins like this."""
    write, line = sys.stdout.write, ""

    def watched(text: str) -> int:
        nonlocal line
        count, line = write(text), line + text
        if line.startswith(start) and line.endswith("\n"):
            sys.stdout.flush()
            os._exit(KILLED)
        line = "" if line.endswith("\n") else line
        return count

    sys.stdout.write = watched


def _end_when_alone(parent: int, timeout: float) -> None:
    """End this process when the one that started it is gone, or should long have ended it."""
    stop = time.monotonic() + timeout + 10
    with suppress(psutil.Error):
        waiting = psutil.Process(parent)
        while waiting.is_running() and waiting.status() != psutil.STATUS_ZOMBIE and time.monotonic() < stop:
            time.sleep(1)
    processes.end(*psutil.Process().children())
    os._exit(1)
