"""Whoever comes late has what a notebook needs, and one sentence where there is no such notebook."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from data_scripts import catch_up, course
from helpers.environment import config


def cells(path):
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


@pytest.mark.parametrize("notebook", course.notebooks(), ids=lambda notebook: notebook.slug)
def test_a_notebook_needs_only_data_that_can_be_made_and_tables_that_are_there(notebook):
    path = course.path(notebook.slug)
    assert notebook.data and set(notebook.data) <= set(catch_up.DATA)
    assert all((catch_up.FOLDER / table).is_file() for table in notebook.tables)
    assert all(course.path(slug).is_file() for slug in notebook.before)
    assert bool(notebook.before) == (notebook.number > 0)
    assert catch_up.recap(path).startswith("In this notebook we have") and catch_up.recap(path).count("\n") < 20
    code = "\n".join("".join(cell["source"]) for cell in cells(path) if cell["cell_type"] == "code")
    prepared = re.findall(r"(?m)^from data_scripts(?:\.| import )(\w+)", code)
    assert {name.removesuffix("_synthetic") for name in prepared} == set(notebook.data)
    named = set(re.findall(r"\"(\w+\.(?:csv|json))\"", code))
    assert {table for table in named if (catch_up.FOLDER / table).is_file()} == set(notebook.tables)


def test_each_script_that_prepares_a_dataset_is_known_by_its_name():
    scripts = Path(catch_up.__file__).parent.glob("*.py")
    prepares = {script.stem for script in scripts if "\ndef prepare(" in script.read_text(encoding="utf-8")}
    assert prepares - {"catch_up"} == set(catch_up.DATA)


def test_what_is_missing_is_made_and_said(tmp_path):
    environment = os.environ | {"WORKSHOP_DATA": str(tmp_path), "WORKSHOP_SCALE": "tiny"}
    wanted = course.path("move_a_script")
    number = str(int(wanted.stem[:2]))
    command = [sys.executable, "-m", "data_scripts.catch_up", number]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=catch_up.FOLDER.parent)
    assert done.returncode == 0, done.stderr
    assert f"{config.SCALES['tiny']:,} trips (synthetic, seed 0)" in done.stdout and "bench_stream.csv" in done.stdout
    assert ", Out of core." in done.stdout and f"notebooks/{wanted.name}" in done.stdout
    assert list(tmp_path.rglob("*.parquet"))


@pytest.mark.parametrize("number", ["57", "99", "six"])
def test_a_number_that_no_notebook_has_is_answered_in_a_sentence(number, capsys):
    assert catch_up.main([number]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"Error: there is no notebook {number}: choose one of 00 01 ") and said.count("\n") == 1


def test_a_table_that_was_deleted_is_named(tmp_path, monkeypatch, capsys):
    entry = (
        'slug = "x"\ntitle = "X"\nminutes = 1\npromise = ""\nquestion = ""\ndata = ["flights"]\ntables = ["gone.csv"]'
    )
    (tmp_path / "course.toml").write_text(f"[[notebook]]\n{entry}", encoding="utf-8")
    monkeypatch.setattr(catch_up, "FOLDER", tmp_path)
    monkeypatch.setattr(catch_up, "DATA", {"flights": (lambda: None, lambda: "flights")})
    assert catch_up.main(["0"]) == 1
    assert "git checkout notebooks/gone.csv" in capsys.readouterr().err
