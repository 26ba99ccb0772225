"""Whoever comes late has what a notebook needs, and one sentence where there is no such notebook."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from data_scripts import catch_up
from helpers.environment import config

NOTEBOOKS = sorted(catch_up.FOLDER.glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_needs_only_data_that_can_be_made_and_tables_that_are_there(path):
    names, tables = catch_up.needs(path)
    assert names and set(names) <= set(catch_up.DATA)
    assert all((catch_up.FOLDER / table).is_file() for table in tables)
    title, before = catch_up.read(path)
    assert title and all((catch_up.FOLDER / f"{stem}.ipynb").is_file() for stem in before)
    assert bool(before) == (path.name[:2] != "00")
    assert catch_up.recap(path).count("\n") < 20


def test_what_is_missing_is_made_and_said(tmp_path):
    environment = os.environ | {"WORKSHOP_DATA": str(tmp_path), "WORKSHOP_SCALE": "tiny"}
    command = [sys.executable, "-m", "data_scripts.catch_up", "6"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=catch_up.FOLDER.parent)
    assert done.returncode == 0, done.stderr
    assert f"{config.SCALES['tiny']:,} trips (synthetic, seed 0)" in done.stdout and "bench_stream.csv" in done.stdout
    assert "02, Out of core" in done.stdout and "notebooks/06_partial_fit.ipynb" in done.stdout
    assert list(tmp_path.rglob("*.parquet"))


@pytest.mark.parametrize("number", ["13", "99", "six"])
def test_a_number_that_no_notebook_has_is_answered_in_a_sentence(number, capsys):
    assert catch_up.main([number]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"Error: there is no notebook {number}: choose one of 00 01 ") and said.count("\n") == 1


def test_a_table_that_was_deleted_is_named(tmp_path, monkeypatch, capsys):
    cells = [
        {"cell_type": "markdown", "source": ["# T\n"]},
        {"cell_type": "code", "source": ['from data_scripts.flights import prepare\npd.read_csv("gone.csv")']},
    ]
    (tmp_path / "05_x.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    monkeypatch.setattr(catch_up, "FOLDER", tmp_path)
    monkeypatch.setattr(catch_up, "DATA", {"flights": (lambda: None, lambda: "flights")})
    assert catch_up.main(["05"]) == 1
    assert "git checkout notebooks/gone.csv" in capsys.readouterr().err
