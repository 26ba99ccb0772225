"""Exercises: other strategies."""

from __future__ import annotations

from numbers import Integral

from helpers.check.answer import Wrong, exercise, refuse_other_kinds

SITUATIONS = {
    "a": ("Mirrored", "a: the GPUs share a machine, and nothing needs to cross a network."),
    "b": ("MultiWorkerMirrored", "b: equal machines on a fast network can take each step together."),
    "c": ("ParameterServer", "c: where machines come and go, nobody should have to wait for all the others."),
    "d": ("model parallel", "d: data parallel means that every device has all the weights. They do not fit."),
    "e": ("OneDevice", "e: a bug is found most easily where there is only one of everything."),
}


@exercise
def strategy_for_each(answer: object) -> None:
    """Exercise 1: which strategy for which situation."""
    refuse_other_kinds(answer, dict, "a dict with the keys a to e")
    given = {letter: answer[letter] for letter in SITUATIONS if isinstance(answer.get(letter), str)}
    if missing := [letter for letter in SITUATIONS if given.get(letter, "…") in ("…", "")]:
        raise Wrong(f"Missing: {', '.join(missing)}.")
    names = [name for name, _ in SITUATIONS.values()]
    for letter in SITUATIONS:
        if answer[letter] not in names:
            raise Wrong(f"{letter}: {answer[letter]!r} is none of {', '.join(sorted(names))}.")
    for letter, (name, hint) in SITUATIONS.items():
        if answer[letter] != name:
            raise Wrong(hint)


@exercise
def rows_of_rank(answer: object) -> None:
    """Exercise 2: which of ten images, numbered from 0, the process of rank 1 takes where there are three."""
    refuse_other_kinds(answer, (list, tuple, range), "a list of numbers, such as [0, 9]")
    for number in answer:
        refuse_other_kinds(number, Integral, "a whole number for each image")
    rows = sorted(answer)
    if rows == [1, 4, 7]:
        return
    if len(set(rows)) < len(rows):
        raise Wrong("An image stands there twice: nobody takes one twice.")
    if rows and not 0 <= rows[0] <= rows[-1] <= 9:
        raise Wrong("Ten images have the numbers 0 to 9.")
    if rows == [0, 3, 6, 9]:
        raise Wrong("These are the images of rank 0: where does x[rank::size] begin for rank 1?")
    if rows == [2, 5, 8]:
        raise Wrong("These are the images of rank 2: ranks are counted from 0.")
    if rows == [1, 3, 5, 7, 9]:
        raise Wrong("So it would be with two processes; here there are three.")
    raise Wrong("x[rank::size] begins at rank and takes every size-th image from there.")
