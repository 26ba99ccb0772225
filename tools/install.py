"""Install the course into ``.venv``: ``make setup``, and wherever there is no make, ``python tools/install.py``.

It needs any Python from 3.8 on to start it, and takes one that all packages are built for (``requires-python`` in
pyproject.toml): this one, another on the machine, or one that uv downloads. Then come the exact packages of
requirements.txt, and the kit itself.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PROGRAMS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = PROGRAMS / ("python.exe" if os.name == "nt" else "python")
WANTED = re.search(r'(?m)^requires-python = "(.+?)"', (ROOT / "pyproject.toml").read_text("utf-8")).group(1)
VERSION = "import sys; print(*sys.version_info[:2])"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="workshop-uv-") as folder:
        uv = shutil.which("uv") or own_uv(Path(folder))
        make_environment(uv)
        install = [uv, "pip", "sync", "--compile-bytecode", "--python", PYTHON, "--require-hashes", "requirements.txt"]
        if run(*install).returncode:
            stop(
                "Installing the packages of requirements.txt",
                "Check the network and free disk space (3 GB) and run it again; what is already downloaded is kept.",
            )
        kit = run(uv, "pip", "install", "--quiet", "--python", PYTHON, "--no-deps", "--no-build-isolation", "-e", ".")
        if kit.returncode:
            stop("Installing the kit itself", "Delete .venv and run it again.")
    # No pop-up on the first start.
    run(PROGRAMS / "jupyter", "labextension", "disable", "@jupyterlab/apputils-extension:announcements", quiet=True)
    (VENV / "installed").touch()


def own_uv(folder: Path) -> str:
    """Put the uv of requirements.txt into a throw-away environment, with the Python that runs this file."""
    pinned = re.search(r"(?m)^uv==\S+", (ROOT / "requirements.txt").read_text("utf-8"))
    if run(sys.executable, "-m", "venv", folder, quiet=True).returncode:
        stop("Creating an environment", "On Debian and Ubuntu `sudo apt install python3-venv`, then run it again.")
    programs = folder / PROGRAMS.name
    pip = [programs / PYTHON.name, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if run(*pip, pinned.group() if pinned else "uv").returncode:
        stop("Installing uv with pip", "Check the network and run it again; what is already downloaded is kept.")
    return str(programs / "uv")


def make_environment(uv: str) -> None:
    """Make ``.venv`` with a suitable Python, unless it is there and has one."""
    if PYTHON.exists():
        found = run(PYTHON, "-c", VERSION, quiet=True)
        if found.returncode == 0 and suits(tuple(map(int, found.stdout.split()))):
            return
    python = sys.executable if suits(sys.version_info[:2]) else WANTED
    shutil.rmtree(str(VENV), ignore_errors=True)  # half made, or with a Python that does not suit
    made = run(uv, "venv", "--no-project", "--python", python, VENV, quiet=True)
    if made.returncode:
        here = ".".join(map(str, sys.version_info[:3]))
        stop(
            f"Looking for a Python {WANTED}",
            f"This one is {here}, uv found no other and could not download one ({last_words(made.stderr)}): install "
            f"Python {best()}, or let uv download it (network on, UV_PYTHON_DOWNLOADS unset), and run it again.",
        )


def suits(version: tuple) -> bool:
    """Whether ``requires-python``, which names a lowest and a first too new version, takes this one."""
    lowest, too_new = (tuple(map(int, bound.split("."))) for bound in re.findall(r"[\d.]+", WANTED))
    return lowest <= tuple(version) < too_new


def best() -> str:
    """The newest Python that suits."""
    major, minor = re.findall(r"<(\d+)\.(\d+)", WANTED)[0]
    return f"{major}.{int(minor) - 1}"


def last_words(said: str) -> str:
    """Why uv did not succeed, in a line."""
    lines = [line.strip() for line in said.splitlines() if re.match(r"\s*(error|cause):", line)]
    return re.sub(r"\b(error|cause): ", "", lines[-1]).rstrip(".") if lines else "it gave no reason"


def run(*command, quiet: bool = False) -> subprocess.CompletedProcess:
    """Run a command in the checkout; its words are kept instead of shown if `quiet`."""
    pipe = subprocess.PIPE if quiet else None
    try:
        return subprocess.run(list(map(str, command)), cwd=ROOT, stdout=pipe, stderr=pipe, text=True)
    except OSError as error:  # no such program, or one that cannot be run
        return subprocess.CompletedProcess(command, 1, "", str(error))


def stop(step: str, advice: str) -> None:
    """End with one sentence: which step failed, and how to go on."""
    sys.exit(f"\n{step} failed. {advice}")


if __name__ == "__main__":
    main()
