"""Exercises that answer back: "not yet" while the dots stand, a hint for a wrong answer, a word for a right one.

Used by every notebook. One module per notebook holds a function per exercise; none prints the answer. They check
values, never how they were computed or how long it took.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import wraps
from numbers import Real

import numpy as np
import pandas as pd

EXERCISES: dict[str, Callable[..., None]] = {}  # by name, of all modules of this package
UNFORESEEN = "This could not be compared with the answer; is it of the kind that is asked for?"


class Wrong(Exception):
    """An answer is wrong; the message is the hint."""


def exercise(check: Callable[..., None]) -> Callable[..., None]:
    """Turn a function that raises `Wrong` into one that tells the learner where they stand."""

    @wraps(check)
    def answer_back(answer: object, *context: object) -> None:
        if answer is ...:
            print("Not yet: replace the dots with your answer and run the cell again.")
            return
        try:
            check(answer, *context)
        except Wrong as hint:
            print(f"Not quite. {hint}")
        except Exception as error:  # a learner should not have to read the traceback of a check
            print(f"Not quite. {UNFORESEEN} ({type(error).__name__}: {error}).")
        else:
            print("Right!")

    if check.__name__ in EXERCISES:
        raise ValueError(f"there are two exercises named {check.__name__}: choose another name")
    EXERCISES[check.__name__] = answer_back
    return answer_back


def number(answer: object) -> float:
    """The answer as a float, neither infinite nor NaN.

    Raises
    ------
    Wrong
        If it is none.
    """
    if hasattr(answer, "compute") or hasattr(answer, "dask"):
        raise Wrong("This is a plan, not a number yet: compute() it.")
    if isinstance(answer, (np.ndarray, pd.Series, pd.Index, pd.DataFrame)) and answer.size == 1:
        answer = np.asarray(answer).item()
    if isinstance(answer, (list, tuple)) and len(answer) == 1:
        (answer,) = answer
    if isinstance(answer, bool) or not isinstance(answer, Real):
        raise Wrong(f"A number is wanted; this is of type {type(answer).__name__}.")
    try:
        value = float(answer)
    except OverflowError:
        value = math.inf
    if math.isnan(value):
        raise Wrong("This is NaN, not a number: something above is missing, or divided by nothing.")
    if math.isinf(value):
        raise Wrong("This is infinite, or too large for a float: is something divided by zero?")
    return value


def function(answer: object, arguments: str) -> Callable[..., object]:
    """The answer as a function of `arguments`, which are named as in "routes and fares".

    Raises
    ------
    Wrong
        If it is none.
    """
    if hasattr(answer, "compute") or hasattr(answer, "dask"):
        raise Wrong(f"This is a plan; not even compute() makes it a function of {arguments}.")
    if not callable(answer):
        raise Wrong(f"A function of {arguments} is wanted; this is of type {type(answer).__name__}.")
    return answer


def call(learners: Callable[..., object], *arguments: object) -> object:
    """What the learner's function returns for these arguments.

    Raises
    ------
    Wrong
        If it raises anything.
    """
    try:
        return learners(*arguments)
    except Exception as error:  # whatever the learner's function raises
        raise Wrong(f"It failed: {error!r}.") from error


def refuse_other_kinds(answer: object, kind: type | tuple[type, ...], wanted: str) -> None:
    """Raise `Wrong` if an answer is of another kind altogether; `wanted` says in words which kind it should be."""
    if hasattr(answer, "compute") or hasattr(answer, "dask"):
        raise Wrong(f"This is a plan, and not even compute() makes it {wanted}.")
    if not isinstance(answer, kind):
        raise Wrong(f"Wanted is {wanted}; this is of type {type(answer).__name__}.")


def refuse_known_mistakes(value: float, right: float, hints: Mapping[float, str]) -> None:
    """Raise `Wrong` if a value, which is not right, is one that is got by a known mistake; `hints` has these."""
    for wrong, hint in hints.items():
        if math.isclose(value, wrong, rel_tol=0.01) and not math.isclose(value, right, rel_tol=1e-3):
            raise Wrong(hint)
