"""Exercises: practice on flights."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from sklearn.base import clone

from helpers import flights
from helpers.check.answer import Wrong, call, exercise, function, number


@exercise
def day_of_the_cut(answer: object, per_day: pd.Series) -> None:
    """Step 1: the first day by whose end more than four fifths of the flights have left."""
    if isinstance(answer, (int, float, np.number)):
        raise Wrong("A day is wanted, such as an entry of per_day.index; this is a number.")
    try:
        given = pd.Timestamp(answer)
    except (TypeError, ValueError) as error:
        plan = " It is a plan: compute() it." if hasattr(answer, "compute") else ""
        raise Wrong(f"A day is wanted, an entry of per_day.index; this is a {type(answer).__name__}.{plan}") from error
    if pd.isna(given):
        raise Wrong(f"A day is wanted, an entry of per_day.index; this is {answer!r}.")
    per_day = per_day.sort_index()
    so_far, days = per_day.cumsum() / per_day.sum(), per_day.index
    if given == days[so_far > 0.8][0]:
        return
    if given == days[so_far > 0.2][0]:
        raise Wrong("That is where the first fifth ends: we keep the last one for the test.")
    if given.normalize() in (days[int(0.8 * len(days))], (days[0] + 0.8 * (days[-1] - days[0])).normalize()):
        raise Wrong("Four fifths of the days: days differ, so add up flights instead.")
    if given == days[so_far <= 0.8][-1]:
        raise Wrong("By the end of that day, four fifths have not left yet: one day on.")
    if given in (days[0], days[-1]):
        raise Wrong("One side would be empty, or nearly: so_far tells what share has left by the end of each day.")
    raise Wrong("so_far.index[so_far > 0.8] are the days past four fifths; the first of them is wanted.")


@exercise
def base_rate(answer: object, data, where) -> None:
    """Step 2: the share of flights that arrive late, of those that a condition lets through."""
    delay = np.concatenate([batch["delay"].to_numpy() for batch in data.stream(where=where)])
    everywhere = np.concatenate([batch["delay"].to_numpy() for batch in data.stream(["delay"])])
    given, wanted = number(answer), np.mean(delay >= flights.LATE)
    _compare(
        lambda value: np.isclose(given, value, rtol=1e-6),
        wanted,
        [
            (np.mean(everywhere >= flights.LATE), "That knows the test flights, too: read with where=in_training."),
            (np.mean(delay > flights.LATE), "A flight that is late by exactly 15 minutes counts as late, too: >= 15."),
            (np.mean(delay > 0), "Those are all that came after their time; late means by 15 minutes or more."),
            (100 * wanted, "That is in per cent: a share lies between 0 and 1."),
            (1 - wanted, "Those came in time: the late ones are asked for."),
            (wanted * len(delay), "That is their number: divide by that of all flights."),
            (delay.mean(), "That is the mean delay in minutes: count the flights with 15 minutes or more."),
        ],
        "Add up two numbers over all batches, late flights and flights, and divide at the end.",
    )


@exercise
def column_of(answer: object) -> None:
    """Step 3: a column for each word, by hashing: any good hash will do."""
    words = [f"{kind} {a}{b}{c}" for kind in ("from", "to") for a in "ADJLOS" for b in "EFRT" for c in "BKLNW"]
    learners = function(answer, "word")
    given = [call(learners, word) for word in words]
    if not all(isinstance(place, (int, np.integer)) for place in given):
        raise Wrong(f"A column is a whole number; this is of type {type(given[0]).__name__}.")
    if given == [hash(word) % flights.COLUMNS for word in words] or given == [hash(word) for word in words]:
        raise Wrong("Python's hash() of a text differs from process to process: use murmurhash3_32.")
    if min(given) < 0:
        raise Wrong("Some columns are negative: murmurhash3_32(word, positive=True) is not.")
    if max(given) >= flights.COLUMNS:
        raise Wrong("Larger than the number of columns: take the remainder, % COLUMNS.")
    if given != [call(learners, word) for word in words]:
        raise Wrong("The same word must get the same column each time.")
    if len(set(given)) < 0.97 * len(set(words)):
        raise Wrong("Too many different words share a column: hash the whole word.")
    if max(given) < flights.COLUMNS // 2:
        raise Wrong("Most columns stay empty: use all COLUMNS of them.")


@exercise
def learn(answer: object, model) -> None:
    """Step 4: one step of a classifier that has never heard of late flights before, and weighs them."""
    rng = np.random.default_rng(0)
    first, second, none_late = ((csr_matrix(rng.normal(size=(40, 3))), np.arange(40) % 4 == late) for late in (0, 0, 4))
    given, right, plain, wrong_class, late_twice, only_second = (clone(model) for _ in range(6))
    for X, y in (first, second):
        _step(answer, given, X, y)
        for reference, weight in ((right, np.where(y, 3, 1)), (plain, None), (wrong_class, np.where(y, 1, 3))):
            reference.partial_fit(X, y.astype("i1"), classes=[0, 1], sample_weight=weight)
        for _ in range(2):
            late_twice.partial_fit(X, y.astype("i1"), classes=[0, 1], sample_weight=np.where(y, 3, 1))
    if not hasattr(given, "coef_"):
        raise Wrong("The model has learned nothing: call its partial_fit.")
    if not _same(given, right):
        _step(answer, only_second, *second)
        if _same(given, only_second):
            raise Wrong("It forgets what it learned from earlier batches: fit starts over, partial_fit goes on.")
        if _same(given, plain):
            raise Wrong(
                "All flights weigh the same: sample_weight takes a number per flight, late_weight where y is 1."
            )
        if _same(given, wrong_class):
            raise Wrong("Here the flights in time weigh more: the late ones have y == 1.")
        if _same(given, late_twice):
            raise Wrong("It learns from each batch twice: call partial_fit once.")
        raise Wrong("partial_fit takes X, y, classes=[0, 1] and sample_weight: 1 for those in time, else late_weight.")
    _step(answer, given, *none_late)


@exercise
def without_weights(answer: object) -> None:
    """Step 4: the probability that a model would give without the weights it was trained with."""
    p, weight = np.array([0.05, 0.3, 0.5, 0.8]), 4.0
    returned = call(function(answer, "p and weight"), p, weight)
    try:
        given = np.asarray(returned, dtype="f8")
    except (TypeError, ValueError, OverflowError) as error:
        raise Wrong(f"Probabilities should come back, not something of type {type(returned).__name__}.") from error
    if given.shape != p.shape:
        raise Wrong(f"A probability for each one given is wanted, shape {p.shape}; this has the shape {given.shape}.")
    if ((given < 0) | (given > 1.001)).any():
        raise Wrong("A probability lies between 0 and 1.")
    _compare(
        lambda value: np.allclose(given, value),
        p / (p + weight * (1 - p)),
        [
            (p / weight, "Probabilities do not scale: 0.9 would become 0.225. Their odds, p / (1 - p), do."),
            (weight * p / (weight * p + 1 - p), "The other way round: weights raised the odds, so divide them."),
            (p / (1 - p) / weight, "Those are the odds: turn them back into a probability, odds / (1 + odds)."),
            (p, "Nothing has changed: the odds, p / (1 - p), were raised by the weight."),
        ],
        "Odds are p / (1 - p): divide them by the weight, and turn them back: odds / (1 + odds).",
    )


@exercise
def when_to_warn(answer: object, warning: float, missed: float) -> None:
    """Step 6: the probability from which on a warning is cheaper than none."""
    given = number(answer)
    _compare(
        lambda value: np.isclose(given, value),
        warning / missed,
        [
            (missed / warning, "Upside down: a probability is at most 1."),
            (warning / (warning + missed), "Who warns pays for it, late or not: warning = p · missed."),
            (0.5, "One half would be right if a missed flight cost just twice a warning."),
            (1 - warning / missed, "That is the probability of being in time at which it no longer pays."),
        ],
        "Without a warning, a flight costs p · missed on average; with one, `warning`. When are both equal?"
        if 0 <= given <= 1
        else "A probability lies between 0 and 1.",
    )


def _compare(is_about: Callable, right: object, slips: list[tuple[object, str]], otherwise: str) -> None:
    """Raise `Wrong` with the hint of the first slip that the answer is about, unless it is about the right one."""
    if is_about(right):
        return
    for value, hint in slips:
        if is_about(value):
            raise Wrong(hint)
    raise Wrong(otherwise)


def _step(answer: object, model, X: csr_matrix, y: np.ndarray) -> None:
    try:
        call(function(answer, "model, X, y and late_weight"), model, X, y.astype("i1"), 3)
    except Wrong as wrong:
        cause = str(wrong.__cause__)
        if "must be passed on the first call" in cause:
            raise Wrong("The first batch need not hold all classes: name them, classes=[0, 1].") from wrong
        if "is not the same as on last call" in cause or "got 1 class" in cause:
            raise Wrong("Some batches hold no late flight: name both classes, [0, 1], whatever is in y.") from wrong
        raise


def _same(one, other) -> bool:
    return np.allclose(one.coef_, other.coef_) and np.allclose(one.intercept_, other.intercept_)
