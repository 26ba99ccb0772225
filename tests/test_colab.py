"""Where a notebook was opened alone, what is missing is added and nothing that is there is touched."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tools import colab


def _missing(needs, there, requires=()):
    return list(colab.missing([Requirement(need) for need in needs], there))


def test_only_what_nothing_meets_is_missing(monkeypatch):
    monkeypatch.setattr(metadata, "requires", {"dask": ["distributed==2.0; extra == 'distributed'", "toolz"]}.get)
    there = {"dask": "2.0", "tensorflow": "2.20.0", "toolz": "1", "pandas": "1.0"}
    assert _missing(["pandas>=2", "tensorflow-cpu>=2.20", "Dask>=1"], there) == []
    assert _missing(["dask[distributed]>=1"], there) == ["distributed==2.0"]
    assert _missing(["river>=0.22 ; python_version > '3'", "numba ; python_version < '3'"], there) == ["river>=0.22"]


def test_what_is_too_old_is_named_and_stays():
    needs = [Requirement("pandas>=2.2"), Requirement("numpy>=2"), Requirement("river>=9")]
    assert list(colab.too_old(needs, {"pandas": "1.5", "numpy": "2.1"})) == ["pandas 1.5 (wanted: >=2.2)"]


def test_this_environment_lacks_nothing():
    assert list(colab.missing(colab.needed(), colab.installed())) == []


def test_pip_is_held_to_every_version_that_is_there(monkeypatch):
    def pip(command, **_):
        held = Path(command[command.index("--constraint") + 1]).read_text(encoding="utf-8")
        assert held == "dask==2.0\npandas==2.2.3\n" and command[-1] == "distributed"
        assert "--upgrade" not in command
        return subprocess.CompletedProcess(command, 1, "", "first\nNo matching distribution found for distributed\n")

    monkeypatch.setattr(subprocess, "run", pip)
    with pytest.raises(RuntimeError, match=r"could not add distributed \(No matching distribution .*Internet"):
        colab.add(["distributed"], {"dask": "2.0", "pandas": "2.2.3"})


def test_a_notebook_opened_alone_finds_the_kit_and_its_children_do(tmp_path):
    kit = tmp_path / "kit"  # as if cloned: found before the kit of this checkout, which is installed
    for name in (
        "helpers/__init__.py",
        "helpers/environment/__init__.py",
        "helpers/environment/caches.py",
        "helpers/environment/config.py",
        "data_scripts/__init__.py",
        "notebooks/measured.csv",
        "pyproject.toml",
        "tools/colab.py",
    ):
        (kit / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(colab.ROOT / name, kit / name)
    script = """if True:
        import runpy, subprocess, sys
        runpy.run_path("kit/tools/colab.py", run_name="__main__")
        assert open("measured.csv").read()
        for command in ([], [sys.executable, "-c", "import data_scripts; print(data_scripts.__file__)"]):
            print(subprocess.check_output(command, text=True) if command else __import__("data_scripts").__file__)
    """
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    ready, *found = done.stdout.split("\n")
    assert ready.startswith("Ready: the kit is in ")
    assert [Path(name) for name in found if name] == [kit / "data_scripts" / "__init__.py"] * 2
