"""Several processes that work together, none of which can be left hanging by another.

Used by the notebook about many workers. Each is a fresh Python process on this machine that calls one function
with arguments and environment variables of its own. All have one timeout. When one fails, the others get a little time
to notice and then are ended, too; so are all when the process that started them is gone.
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
from pathlib import Path
from typing import BinaryIO

import psutil

from helpers import processes
from helpers.processes import Outcome

LOOK = 0.1  # seconds between two looks at the workers
LAST_LINES = 20  # of a failed worker's log: what is worth reading
# gRPC, through which TensorFlow's workers talk, would ask a proxy even for this machine. Python shall write as we read.
VARIABLES = {"no_grpc_proxy": "127.0.0.1,localhost", "PYTHONIOENCODING": "utf-8", "TF_CPP_MIN_LOG_LEVEL": "2"}


def free_ports(count: int) -> list[int]:
    """Numbers of `count` different ports of this machine on which nobody listens now."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def run(
    function: Callable,
    arguments: Sequence[tuple],
    environments: Sequence[Mapping[str, str]] | None = None,
    *,
    timeout: float = 240,
    grace: float = 15,
    kill: tuple[int, str] | None = None,
) -> list[Outcome]:
    """Run a function in several processes at once, one per tuple of arguments, and wait for all of them.

    Whatever happens, a KeyboardInterrupt too, none of the processes is left.

    Parameters
    ----------
    function : callable
        Also one defined in a notebook. Functions that it calls travel with it.
    arguments : sequence of tuples
        One tuple for each worker; copies travel.
    environments : sequence of mappings, optional
        Environment variables of each worker, on top of those of this process.
    timeout : float
        Seconds after which all that still run are ended.
    grace : float
        Seconds that the others get after a worker has failed.
    kill : (int, str), optional
        For seeing what happens: this worker is killed without warning when it has printed a line that begins like
        this. It gets no further, however fast it is.

    Returns
    -------
    list of Outcome
        In the order of the arguments.

    Raises
    ------
    TypeError, pickle.PicklingError
        If the function or an argument cannot be sent to another process.
    ValueError
        If there is nothing to run, there are not as many environments as tuples of arguments, the timeout is not
        positive, or the worker to be killed does not exist.
    """
    if not arguments:
        raise ValueError("arguments is empty: a tuple of arguments for each worker is needed")
    if environments is not None and len(environments) != len(arguments):
        raise ValueError(f"{len(environments)} environments for {len(arguments)} workers: give one for each")
    if not timeout > 0 or not grace >= 0:
        raise ValueError(
            f"timeout is {timeout} s and grace {grace} s: a positive timeout and a grace from 0 on are needed"
        )
    if kill and not 0 <= kill[0] < len(arguments):
        raise ValueError(f"kill names worker {kill[0]}: there are workers 0 to {len(arguments) - 1}")
    stop = time.monotonic() + timeout
    with tempfile.TemporaryDirectory(prefix="workers-") as folder:
        environments = [{}] * len(arguments) if environments is None else environments
        team = [_Worker(Path(folder, str(number)), function, args) for number, args in enumerate(arguments)]
        if kill:
            team[kill[0]].last_line = kill[1]
        try:
            for worker, variables in zip(team, environments, strict=True):
                worker.start(variables, timeout)
            _wait(team, stop, timeout, grace)
        finally:
            for worker in team:
                worker.end("was ended")
        return [worker.outcome() for worker in team]


def values(outcomes: Sequence[Outcome]) -> list:
    """What the workers returned.

    Raises
    ------
    RuntimeError
        If one failed: its error and the last lines of its log.
    """
    for number, outcome in enumerate(outcomes):
        if outcome.error is not None:
            raise RuntimeError(f"worker {number}: {outcome.error}\n{outcome.log}".rstrip())
    return [outcome.value for outcome in outcomes]


def _wait(team: list[_Worker], stop: float, timeout: float, grace: float) -> None:
    """Come back when all have ended; end those that take too long."""
    failed, no_longer = None, math.inf
    while running := [worker for worker in team if worker.is_running()]:
        for worker in running:
            if worker.last_line and any(line.startswith(worker.last_line) for line in worker.printed()):
                worker.end(f"was killed, as asked, after it had printed {worker.last_line!r}")
            elif time.monotonic() > stop:
                worker.end(f"was ended after {timeout:g} s, the timeout")
            elif time.monotonic() > no_longer:
                worker.end(f"was ended, as it still ran {grace:g} s after worker {failed} had failed")
        broken = [number for number, worker in enumerate(team) if not worker.is_running() and worker.outcome().error]
        if broken and failed is None:
            failed, no_longer = broken[0], time.monotonic() + grace
        time.sleep(LOOK)


class _Worker:
    """One process, the files by which it reports, and why it was ended, if it was."""

    def __init__(self, path: Path, function: Callable, args: tuple) -> None:
        self.job, self.result, self.out, self.err = (
            path.with_suffix(f".{end}") for end in ("job", "back", "out", "err")
        )
        self.process, self.reason, self.children, self.last_line = None, None, {}, ""
        self.known: Outcome | None = None
        processes.write_job(self.job, function, args)

    def start(self, variables: Mapping[str, str], timeout: float) -> None:
        line = processes.command(self.job, work, self.result, os.getpid(), timeout, self.last_line)
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

    def printed(self) -> list[str]:
        return self.out.read_text(encoding="utf-8", errors="replace").splitlines()

    def end(self, reason: str) -> None:
        """End the process, if it runs, and whatever it started."""
        if self.process is None:
            return
        if self.is_running():
            self.reason = reason
            processes.end(self.top)
        processes.end(*self.children)
        self.process.wait()

    def outcome(self) -> Outcome:
        """What came of it; asked for when it has ended, and read once."""
        if self.known is None:
            value, error, trace = None, self.reason, ""
            if error is None:
                value, error, trace = processes.read_result(self.result, self.process.returncode)
            if error is None:
                self.known = Outcome(value, None, printed=self.printed())
            else:
                log = trace + self.err.read_text(encoding="utf-8", errors="replace")
                last = "\n".join(log.splitlines()[-LAST_LINES:])
                self.known = Outcome(None, error.splitlines()[0], printed=self.printed(), log=last)
        return self.known


def work(job: BinaryIO, result: str, parent: str, timeout: str, last_line: str) -> None:
    """Do the job in the child, but no longer than somebody waits for it."""
    threading.Thread(target=_end_when_alone, args=(int(parent), float(timeout)), daemon=True).start()
    if last_line:
        _freeze_after(last_line)
    processes.do(job, result)


def _freeze_after(start: str) -> None:
    """Print as before, but wait for ever after a line that begins like this."""
    write, line = sys.stdout.write, []

    def watched(text: str) -> int:
        count = write(text)
        line.append(text)
        if text.endswith("\n"):
            if "".join(line).startswith(start):
                sys.stdout.flush()
                threading.Event().wait()
            line.clear()
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
