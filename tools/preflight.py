"""Is this machine ready? ``python -m tools.preflight`` looks at what a workshop needs, in half a minute.

Each check is a function that returns what it found, or raises an error whose message says what to do. Packages are
imported inside the checks, so that a missing one is a line of the report and not the end of it.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Mapping, Sequence
from importlib import metadata
from pathlib import Path

from tools import rehearsal

ROOT = Path(__file__).resolve().parents[1]
SETUP = "run `make setup` (without make: the commands of README.md)"
GB = 1e9
TRIP_BYTES = 27  # of a synthetic trip on disk, rounded up
SPARE = 1e9  # bytes of disk that notebooks write while they run, with room to breathe
PORTS = {"JupyterLab": 8888, "Dask's dashboard": 8787}


class NotReady(Exception):
    """A check failed; the message says what to do."""


def python_version(version: Sequence[int] = sys.version_info[:3]) -> str:
    found = ".".join(map(str, version))
    if tuple(version) < (3, 11):
        raise NotReady(f"{found} is too old: install Python 3.11, 3.12 or 3.13, delete .venv and {SETUP}")
    return found


def packages(project: Path = ROOT / "pyproject.toml") -> str:
    """Every dependency of the project is installed, in a version that the project allows."""
    from packaging.requirements import Requirement

    wanted = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["dependencies"]
    wanted = [need for need in map(Requirement, wanted) if need.marker is None or need.marker.evaluate()]
    wrong = []
    for need in wanted:
        try:
            version = metadata.version(need.name)
        except metadata.PackageNotFoundError:
            wrong.append(f"{need.name} is missing")
            continue
        if not need.specifier.contains(version, prereleases=True):
            wrong.append(f"{need.name} is {version}, not {need.specifier}")
    if wrong:
        raise NotReady(f"{', '.join(wrong)}: {SETUP}")
    return f"{len(wanted)}, all in the versions that this course takes"


def disk(needed: float | None = None) -> str:
    """There is room for the trips of this scale, and for what notebooks write while they run."""
    from helpers.environment import config

    needed = config.rows() * TRIP_BYTES + SPARE if needed is None else needed
    folder = config.data_dir()
    if not isinstance(folder, Path):
        return f"data lies in {folder}, whose room is not known"
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise NotReady(
            f"{free / GB:.1f} GB free in {folder}, {needed / GB:.1f} GB needed: make room, or set WORKSHOP_DATA to a "
            "folder on another disk"
        )
    return f"{free / GB:,.0f} GB free, {needed / GB:.1f} GB needed"


def temporary_folder() -> str:
    try:
        with tempfile.TemporaryFile() as file:
            file.write(b"\0" * 1_000_000)
    except OSError as error:
        raise NotReady(
            f"cannot write to it ({error}): make room there, or set TMPDIR (Windows: TEMP) to another folder"
        ) from error
    return f"can be written to: {tempfile.gettempdir()}"


def memory(needed: float | None = None) -> str:
    import psutil
    from distributed.system import MEMORY_LIMIT  # a container's limit, if that is lower

    from helpers.environment import config

    needed = config.MEMORY_BUDGET if needed is None else needed
    free = min(psutil.virtual_memory().available, MEMORY_LIMIT)
    if free < needed:
        raise NotReady(f"{free / GB:.1f} GB free, a notebook may take {needed / GB:.0f} GB: close other programs")
    return f"{free / GB:.1f} GB free, a notebook takes {needed / GB:.0f} GB at most"


def processors(count: int | None = None) -> str:
    from dask.system import CPU_COUNT

    count = count or CPU_COUNT
    return f"{count}" if count > 1 else "1: everything works, but two workers will not be faster than one"


def ports(wanted: Mapping[str, int] = PORTS) -> str:
    """Which of the usual ports are free; programs find others, but those who look at the usual ones should know."""
    from helpers.workers import free_ports

    said = []
    for name, port in wanted.items():
        with socket.socket() as probe:
            taken = probe.connect_ex(("127.0.0.1", port)) == 0
        said.append(f"{port} is taken, so {name} takes another" if taken else f"{port} is free for {name}")
    return f"{'; '.join(said)}; many more are free, such as {free_ports(1)[0]}"


def two_processes(host: str = "127.0.0.1") -> str:
    """A second process can send this one a message, as workers do: a firewall may forbid it."""
    child = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 10).sendall(b'hello')"
    try:
        with socket.create_server((host, 0)) as server:
            server.settimeout(rehearsal.TIMEOUT)
            port = str(server.getsockname()[1])
            subprocess.run(
                [sys.executable, "-c", child, host, port], check=True, capture_output=True, timeout=rehearsal.TIMEOUT
            )
            with server.accept()[0] as connection:
                heard = connection.recv(5)
    except (OSError, subprocess.SubprocessError) as error:
        heard = error
    if heard != b"hello":
        raise NotReady(f"cannot talk over {host} ({heard}): let Python through the firewall on this machine")
    return f"talk to each other over {host}"


def jupyterlab() -> str:
    import dask_labextension  # noqa: F401  the Dask pane
    import jupyterlab

    if shutil.which("jupyter", path=Path(sys.executable).parent) is None:
        raise NotReady(f"there is no `jupyter` beside {sys.executable}: {SETUP}")
    return f"{jupyterlab.__version__}, with the Dask pane"


CHECKS: dict[str, Callable[[], str]] = {
    "Python": python_version,
    "packages": packages,
    "disk": disk,
    "temporary folder": temporary_folder,
    "memory": memory,
    "processors": processors,
    "ports": ports,
    "two processes": two_processes,
    "JupyterLab": jupyterlab,
    "taxi trips": rehearsal.trips,
    "images": rehearsal.images,
    "flights": rehearsal.flight_data,
    "Dask": rehearsal.dask_cluster,
    "training": rehearsal.partial_fit,
    "TensorFlow": rehearsal.tensorflow_step,
}


def main(checks: Mapping[str, Callable[[], str]] = CHECKS) -> int:
    """Run the checks, print a line for each, and return how many things are to be fixed."""
    colours = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    if colours and os.name == "nt":
        os.system("")  # lets older consoles of Windows understand colours
    good, bad = ("\033[32m✓\033[0m", "\033[31m✗\033[0m") if colours else ("ok ", "FIX")
    to_fix = 0
    for name, check in checks.items():
        if colours:
            print(f"… {name}", end="\r", flush=True)
        try:
            mark, said = good, check()
        except ImportError as error:
            mark, said = bad, f"{error}: {SETUP}"
        except Exception as error:  # whatever is wrong with this machine, the other checks are worth knowing
            known = isinstance(error, (NotReady, FileNotFoundError, ValueError, ConnectionError))
            said = str(error) if known else f"{type(error).__name__}: {error}"
            mark, said = bad, said.splitlines()[0]  # a worker's last lines follow there
        to_fix += mark == bad
        print(f"{mark} {name}: {said}", flush=True)
    things = "one thing" if to_fix == 1 else f"{to_fix} things"
    print(f"Not ready: {things} to fix." if to_fix else "Ready.")
    return to_fix


if __name__ == "__main__":
    sys.exit(min(main(), 1))
