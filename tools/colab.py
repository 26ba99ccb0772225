"""Settle in where a notebook was opened alone, as on Colab: its first cell fetches the kit and runs this file.

Needs only Python and pip, since nothing is installed yet. Packages that are there are never changed: pip is held to the
version of each of them, and adds what is missing.
"""

from __future__ import annotations

import importlib
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata
from pathlib import Path

try:
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name
except ImportError:  # pip brings its own
    from pip._vendor.packaging.requirements import Requirement
    from pip._vendor.packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
OF_THE_HOST = {"dask-labextension", "ipykernel", "jupyterlab"}  # what runs the page is the host's own affair


def settle_in() -> None:
    """Install what is missing, let Python find the kit, and go to the folder of the notebooks.

    Raises
    ------
    RuntimeError
        If packages are missing and cannot be had.
    """
    there = installed()
    needs = [need for need in needed() if canonicalize_name(need.name) not in OF_THE_HOST]
    old = sorted(too_old(needs, there))
    lacking = sorted(set(missing(needs, there)))
    if lacking:
        names = ", ".join(Requirement(need).name for need in lacking)
        print(f"Adding what is missing here: {names}. This takes up to a minute; what is there stays as it is.")
        add(lacking, there)
    if old:
        print(f"Older than what this course is tested with: {', '.join(old)}. It stays; most things will work.")
    sys.path.insert(0, str(ROOT))
    importlib.invalidate_caches()
    from helpers.environment import config

    config.enter_notebooks()
    print(f"Ready: the kit is in {ROOT}, and this notebook runs in its folder of notebooks.")


def needed() -> list[Requirement]:
    """What the notebooks import, as pyproject.toml has it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [Requirement(need) for need in project["dependencies"]]


def installed() -> dict[str, str]:
    """The version of every installed package; where there are two, of the one that is imported."""
    versions: dict[str, str] = {}
    for package in metadata.distributions():
        if name := package.metadata["Name"]:  # None where an installation broke off
            versions.setdefault(canonicalize_name(name), package.version)
    return versions


def missing(needs: Iterable[Requirement], there: Mapping[str, str], *, extra: str = "") -> Iterator[str]:
    """Those of the requirements that nothing meets, extras of installed packages included.

    Parameters
    ----------
    needs : iterable of Requirement
    there : mapping of canonical names to versions
        See `installed`. ``tensorflow`` there is as good as ``tensorflow-cpu``.
    extra : str
        The extra whose requirements these are.

    Yields
    ------
    str
        Requirements for pip, without their markers.
    """
    for need in needs:
        if need.marker is not None and not need.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(need.name)
        if name in there:
            for part in need.extras:  # Colab has dask, but not its distributed
                yield from missing(map(Requirement, metadata.requires(name) or []), there, extra=part)
        elif name.removesuffix("-cpu") not in there:
            need.marker = None
            yield str(need)


def too_old(needs: Iterable[Requirement], there: Mapping[str, str]) -> Iterator[str]:
    """Name and version of the packages that are there, but outside of the range that is asked for."""
    for need in needs:
        version = there.get(canonicalize_name(need.name))
        if version is not None and not need.specifier.contains(version, prereleases=True):
            yield f"{need.name} {version} (wanted: {need.specifier})"


def add(lacking: list[str], there: Mapping[str, str]) -> None:
    """Install packages, with what they need in turn, and leave all others as they are.

    Raises
    ------
    RuntimeError
        If pip does not succeed: the message holds its last words.
    """
    with tempfile.TemporaryDirectory() as folder:
        held = Path(folder, "installed.txt")
        held.write_text("".join(f"{name}=={version}\n" for name, version in there.items()), encoding="utf-8")
        quiet = ["--quiet", "--disable-pip-version-check", "--root-user-action=ignore"]
        command = [sys.executable, "-m", "pip", "install", *quiet, "--constraint", str(held), *lacking]
        pip = subprocess.run(command, capture_output=True, text=True)
    if pip.returncode:
        said = pip.stderr.strip().splitlines() or ["no word from it"]
        raise RuntimeError(
            f"pip could not add {', '.join(lacking)} ({said[-1]}): check that this machine has access to the Internet "
            "(Kaggle: Settings, Internet on) and run the cell again"
        )


if __name__ == "__main__":
    settle_in()
