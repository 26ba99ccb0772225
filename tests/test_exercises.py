"""Exercises: every notebook's blank says "not yet", its solution passes, and typical wrong answers get a hint each."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
from pathlib import Path

import pytest

from tests import exercises

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
MODULES = [
    importlib.import_module(f"tests.exercises.{module.name}") for module in pkgutil.iter_modules(exercises.__path__)
]
CASES = [case for module in MODULES for case in module.cases()]


@pytest.mark.parametrize(("exercise", "given", "right", "wrong"), CASES, ids=lambda x: getattr(x, "__name__", ""))
def test_an_exercise_answers_back(exercise, given, right, wrong, capsys):
    def reply(answer):
        exercise(answer, *given)
        return capsys.readouterr().out

    assert reply(...).startswith("Not yet")
    for answer in right:
        assert reply(answer) == "Right!\n"
    hints = [reply(answer) for answer in wrong]
    assert all(hint.startswith("Not quite. ") for hint in hints) and len(set(hints)) == len(hints)
    assert "compute()" in reply(exercises.USABLE.fare_amount.mean()) and "str" in reply("five")


def test_every_exercise_is_tested_here():
    names = {case[0].__name__ for case in CASES}
    used = {
        name
        for path in NOTEBOOKS
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        for name in re.findall(r"check\.(\w+)\(", "".join(cell["source"]))
    }
    assert used == names


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_has_two_exercises_blank_and_then_solved(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    replies = {}
    for cell in cells:
        for name in re.findall(r"(?m)^check\.(\w+)\(", "".join(cell["source"])):
            hidden = cell["metadata"].get("jupyter", {}).get("source_hidden", False)
            text = "".join("".join(output.get("text", "")) for output in cell["outputs"])
            replies.setdefault(name, []).append((hidden, text.split(":")[0].strip()))
    assert len(replies) >= 2
    assert all(reply == [(False, "Not yet"), (True, "Right!")] for reply in replies.values())
