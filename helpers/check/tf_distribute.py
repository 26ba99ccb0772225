"""Exercises: tf.data and tf.distribute."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from helpers.check.answer import Wrong, exercise

STEPS = ("interleave", "decode", "cache", "shuffle", "batch", "flip", "prefetch")
RULES = (  # what comes first, what later, and why
    ("interleave", "decode", "Records must be read from the files before anything can be done with them."),
    ("decode", "cache", "Decoding is slow and always gives the same: keep its result, and do it once, not every pass."),
    ("cache", "flip", "A cached flip is the same in every pass: what is random comes after the cache."),
    ("cache", "shuffle", "A cached order is the same in every pass: mix after the cache."),
    ("shuffle", "batch", "Shuffled after batch, the same images always travel together."),
    ("batch", "flip", "A flip per image costs a call per image: flip a whole batch at once."),
    ("flip", "prefetch", "What comes after prefetch makes the device wait: prefetch comes last."),
)


@exercise
def order_of_steps(answer: object) -> None:
    """Exercise 1: the names of the steps of a pipeline, in order."""
    _refuse_plans(answer)
    if isinstance(answer, str) or not isinstance(answer, (list, tuple)):
        raise Wrong(f"A list of names is wanted; this is of type {type(answer).__name__}.")
    answer = [step if isinstance(step, str) else type(step).__name__ for step in answer]
    missing = [step for step in STEPS if step not in answer]
    if missing:
        raise Wrong(f"Missing: {', '.join(missing)}.")
    if len(answer) != len(STEPS):
        raise Wrong(f"There are {len(STEPS)} steps, each once; your list has {len(answer)} entries.")
    for first, later, why in RULES:
        if answer.index(first) > answer.index(later):
            raise Wrong(why)


@exercise
def replica_loss(answer: object) -> None:
    """Exercise 2: the share of the loss that one replica reports, so that the sum over replicas is the mean."""
    parts = [np.array([3.0, 1.0, 2.0], "f4"), np.array([10.0], "f4")]
    everything = np.concatenate(parts)
    batch = len(everything)
    given = [_sum(_call(answer, "losses and global_batch", part, batch)) for part in parts]
    total, wanted = sum(given), everything.mean()
    if np.isclose(total, wanted, rtol=1e-5):
        return
    if np.isclose(total, sum(part.mean() for part in parts), rtol=1e-5):
        raise Wrong("Each replica averages over its own images: two replicas give a gradient twice as large.")
    if np.isclose(total, sum(part.mean() for part in parts) / 2, rtol=1e-5):
        raise Wrong("Halved, it is right only if both replicas hold as many images; here one has 3 and the other 1.")
    if np.isclose(total, everything.sum(), rtol=1e-5):
        raise Wrong("That grows with the batch: divide by the images of all replicas.")
    if np.isclose(total, sum(part.mean() for part in parts) / batch, rtol=1e-5):
        raise Wrong("Divided twice: by the images of the replica, in the mean, and by those of all.")
    raise Wrong(
        f"From losses 3, 1, 2 here and 10 there your replicas report {total:g} in all; their mean is {wanted:g}."
    )


def _sum(shares: object) -> float:
    try:
        total = np.sum(shares)
        if np.iscomplexobj(total):
            raise TypeError
        return float(total)
    except (TypeError, ValueError, OverflowError):
        raise Wrong(f"A number should come back, or one per image; this is of type {type(shares).__name__}.") from None


def _refuse_plans(answer: object) -> None:
    if hasattr(answer, "compute") or hasattr(answer, "dask"):
        raise Wrong("This is a plan of Dask's; not even compute() makes it an answer here.")


def _call(function: object, wants: str, *arguments: object) -> object:
    """Call what the learner wrote; whatever it raises becomes a hint."""
    _refuse_plans(function)
    if not isinstance(function, Callable):
        raise Wrong(f"A function of {wants} is wanted; this is of type {type(function).__name__}.")
    try:
        result = function(*arguments)
    except Exception as error:  # whatever the learner's function raises
        reason = str(error).strip().splitlines()
        raise Wrong(f"It failed: {type(error).__name__}: {reason[0] if reason else 'no message'}.") from error
    if result is None:
        raise Wrong("It returns nothing: is there a `return`?")
    return result
