"""Exercises: every notebook's blank says "not yet", its solution passes, and typical wrong answers get a hint each."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.check import answer as reply_of
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


TABLE = pd.DataFrame({"fare": [1.0, 2.0]})
ODD = {  # what learners hand in when a line above went wrong
    "None": None,
    "text": "five",
    "no text": "",
    "list": [1, 2],
    "ragged list": [[1], [2, 3]],
    "nested lists": [[[1]], [[2]], [[3]]],
    "list of None": [None] * 3,
    "list of frames": [TABLE] * 3,
    "empty list": [],
    "dict": {"a": TABLE},
    "NaN": float("nan"),
    "infinite": -np.inf,
    "beyond floats": 10**400,
    "complex": 1j,
    "True": True,
    "NA": pd.NA,
    "NaT": pd.NaT,
    "array": np.zeros((2, 2)),
    "frame": TABLE,
    "series": TABLE.fare,
    "class": dict,
    "object": object(),
}
GIVES = {f"a function that gives {name}": (lambda *_, value=value: value) for name, value in ODD.items()}


@pytest.mark.parametrize(("exercise", "given", "right", "wrong"), CASES, ids=lambda x: getattr(x, "__name__", ""))
def test_whatever_is_handed_in_gets_a_sentence_and_no_traceback(exercise, given, right, wrong, capsys):
    for name, odd in (ODD | GIVES).items():
        exercise(odd, *given)
        said = capsys.readouterr().out
        assert said.startswith("Not quite. ") and said.endswith((".\n", "?\n")), f"{name}: {said}"
        assert reply_of.UNFORESEEN not in said, f"{name}: {said}"


def test_an_error_of_the_check_itself_is_a_sentence_too(capsys):
    @reply_of.exercise
    def broken(answer):
        raise KeyError("fare")

    broken(3)
    assert capsys.readouterr().out == f"Not quite. {reply_of.UNFORESEEN} (KeyError: 'fare').\n"


@pytest.mark.parametrize(("exercise", "given", "right", "wrong"), CASES, ids=lambda x: getattr(x, "__name__", ""))
def test_no_hint_holds_the_answer(exercise, given, right, wrong, capsys):
    answers = {written for answer in right for written in _written(answer)}
    for answer in [..., *wrong, *ODD.values()]:
        exercise(answer, *given)
        words = set(re.split(r"[^\w.,+-]+", capsys.readouterr().out))
        assert not answers & {word.strip(".,") for word in words} - {"0", "1"}


def _written(answer) -> set[str]:
    """An answer as people write it: a number plain, rounded, with its thousands marked; a day; names."""
    if isinstance(answer, (list, tuple)) and all(isinstance(part, str) for part in answer):
        return {", ".join(answer)}
    if isinstance(answer, (int, float, np.number)):
        value = float(answer)
        return {f"{value:{form}}" for form in ("", "g", ".3g", ".2f", ",.0f", ",.2f", ".0f", ".0e")}
    return {str(answer), f"{answer:%d %B %Y}"} if isinstance(answer, pd.Timestamp) else set()


def test_the_search_for_answers_in_hints_finds_one(capsys):
    def tells(answer):
        print("Not quite. It is 40,000,000,000 in all.")

    with pytest.raises(AssertionError):
        test_no_hint_holds_the_answer(tells, (), [40e9], [1], capsys)


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
