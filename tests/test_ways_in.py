"""Several ways into a notebook: from another folder as papermill and schedulers do, and by Jupyter's own commands."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest

from data_scripts import course
from helpers.environment import config

NOTEBOOK = course.path("start_here")


@pytest.fixture(autouse=True)
def tiny(monkeypatch):
    monkeypatch.setenv("WORKSHOP_SCALE", "tiny")
    monkeypatch.setenv("PYTHONPATH", str(config.ROOT))


def red(path: Path) -> list[str]:
    """What an executed notebook shows in red."""
    outputs = [output for cell in nbformat.read(path, 4).cells for output in cell.get("outputs", [])]
    return [str(output) for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]


@pytest.mark.parametrize(
    "command",
    [["execute", "--inplace"], ["nbconvert", "--to=notebook", "--execute", "--inplace"]],
    ids=["jupyter execute", "jupyter nbconvert"],
)
def test_a_copy_of_a_notebook_runs_in_another_folder_by_jupyter_s_own_commands(command, tmp_path):
    copy = tmp_path / NOTEBOOK.name
    copy.write_bytes(NOTEBOOK.read_bytes())
    jupyter = shutil.which("jupyter", path=Path(sys.executable).parent)
    done = subprocess.run([jupyter, *command, copy], cwd=tmp_path, env=os.environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not red(copy)


def test_tables_beside_the_notebooks_are_found_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config.enter_notebooks()
    assert Path("measured.csv").is_file() and Path("course.toml").is_file()


def test_what_a_cell_says_to_install_is_all_that_the_kit_lists_for_it():
    extras = tomllib.loads((config.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = {re.match(r"[\w-]+", package).group() for package in extras["optional-dependencies"]["backends"]}
    cells = nbformat.read(course.path("other_strategies"), 4).cells
    asked = {name for cell in cells for name in re.findall(r'libraries\.is_there\("(.+?)"\)', cell.source)}
    assert asked == listed
