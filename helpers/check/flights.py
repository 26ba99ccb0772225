"""Exercises: practice on flights."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from sklearn.base import clone

from helpers import flights
from helpers.check.answer import Wrong, exercise, number


@exercise
def share_of_late(answer: object, data) -> None:
    """Step 1: the share of flights that arrive late, over the whole stream."""
    delay = np.concatenate([batch["delay"].to_numpy() for batch in data.stream(["delay"])]).astype("f8")
    given, wanted = number(answer), np.mean(delay >= flights.LATE)

    def is_about(value: float) -> bool:
        return np.isclose(given, value, rtol=1e-6)

    if is_about(wanted):
        return
    if is_about(np.mean(delay > flights.LATE)):
        raise Wrong("A flight that is late by exactly 15 minutes counts as late, too: >= 15.")
    if is_about(np.mean(delay > 0)):
        raise Wrong("Those are all that came after their time; late means by 15 minutes or more.")
    if is_about(100 * wanted):
        raise Wrong("That is in per cent: a share lies between 0 and 1.")
    if is_about(1 - wanted):
        raise Wrong("Those came in time: the late ones are asked for.")
    if is_about(wanted * len(delay)):
        raise Wrong("That is their number: divide by that of all flights.")
    if is_about(delay.mean()):
        raise Wrong("That is the mean delay in minutes: count the flights with 15 minutes or more.")
    raise Wrong("Add up two numbers over all batches, late flights and flights, and divide at the end.")


@exercise
def day_of_the_cut(answer: object, per_day: pd.Series) -> None:
    """Step 2: the first day by whose end more than four fifths of the flights have left."""
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
def on_a_circle(answer: object) -> None:
    """Step 3: sine and cosine of a value that comes round after a period."""
    value, period = np.array([0.0, 1.5, 6.0, 17.25, 23.0]), 24
    given = _array(_call(answer, value, period))
    if given.shape == (2, len(value)):
        raise Wrong("Two rows of n: a row per flight is wanted, so put the two side by side, as np.column_stack does.")
    if given.shape == (len(value),):
        raise Wrong("One number leaves two hours of the day alike: return the sine and the cosine.")
    if given.shape != (len(value), 2):
        raise Wrong(f"Shape (n, 2) is wanted, for n values; this is {given.shape}.")
    if _is_circle(given, value, period):
        week = np.array([0, 2, 6])
        if _is_circle(_array(_call(answer, week, 7)), week, 7):
            return
        raise Wrong("Right for the hours of a day, wrong for the days of a week: use the period that you are given.")
    if _is_circle(given, value / (2 * np.pi), period):
        raise Wrong("Once round is an angle of 2π, not of 1: multiply by 2 * np.pi.")
    if _is_circle(given, value * 360 / (2 * np.pi), period):
        raise Wrong("np.sin and np.cos take radians: once round is 2 * np.pi, not 360.")
    if _is_circle(given, value * period / (2 * np.pi), period) or _is_circle(given, value * period, period):
        raise Wrong("Divide by the period first: what share of the round is it?")
    if _is_circle(given, value / 2, period):
        raise Wrong("Half a round only: 0 h and 24 h must be the same point.")
    raise Wrong("The angle is 2π · value / period; its sine and cosine are the two columns.")


@exercise
def column_of(answer: object) -> None:
    """Step 4: a column for each word, by hashing: any good hash will do."""
    words = [f"{kind} {a}{b}{c}" for kind in ("from", "to") for a in "ADJLOS" for b in "EFRT" for c in "BKLNW"]
    given = [_call(answer, word) for word in words]
    if not all(isinstance(place, (int, np.integer)) for place in given):
        raise Wrong(f"A column is a whole number; this is of type {type(given[0]).__name__}.")
    if given == [hash(word) % flights.COLUMNS for word in words] or given == [hash(word) for word in words]:
        raise Wrong("Python's hash() of a text differs from process to process: use murmurhash3_32.")
    if min(given) < 0:
        raise Wrong("Some columns are negative: murmurhash3_32(word, positive=True) is not.")
    if max(given) >= flights.COLUMNS:
        raise Wrong("Larger than the number of columns: take the remainder, % COLUMNS.")
    if given != [_call(answer, word) for word in words]:
        raise Wrong("The same word must get the same column each time.")
    if len(set(given)) < 0.97 * len(set(words)):
        raise Wrong("Too many different words share a column: hash the whole word.")
    if max(given) < flights.COLUMNS // 2:
        raise Wrong("Most columns stay empty: use all COLUMNS of them.")


@exercise
def learn(answer: object, model) -> None:
    """Step 5: one step of a classifier that has never heard of late flights before, and weighs them."""
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
    """Step 6: the probability that a model would give without the weights it was trained with."""
    p, weight = np.array([0.05, 0.3, 0.5, 0.8]), 4.0
    given = _array(_call(answer, p, weight))
    if given.shape != p.shape:
        raise Wrong(f"A probability for each one given is wanted, shape {p.shape}; this has the shape {given.shape}.")
    if np.allclose(given, p / (p + weight * (1 - p))):
        return
    if np.allclose(given, p / weight):
        raise Wrong("Probabilities do not scale: 0.9 would become 0.225. Their odds, p / (1 - p), do.")
    if np.allclose(given, weight * p / (weight * p + 1 - p)):
        raise Wrong("The other way round: weights have raised the odds, so divide them.")
    if np.allclose(given, p / (1 - p) / weight):
        raise Wrong("Those are the odds: turn them back into a probability, odds / (1 + odds).")
    if ((given < 0) | (given > 1)).any():
        raise Wrong("A probability lies between 0 and 1.")
    if np.allclose(given, p):
        raise Wrong("Nothing has changed: the odds, p / (1 - p), were raised by the weight.")
    raise Wrong("Odds are p / (1 - p): divide them by the weight, and turn them back: odds / (1 + odds).")


@exercise
def loss_of_the_base_rate(answer: object, y: np.ndarray, base_rate: float) -> None:
    """Step 7: mean log-loss on the test of someone who always says the base rate of the past."""
    share = float(np.mean(y))
    given, wanted = number(answer), _log_loss(share, base_rate)

    def is_about(value: float) -> bool:
        return np.isclose(given, value, rtol=1e-6)

    if is_about(wanted):
        return
    if is_about(-wanted):
        raise Wrong("A loss is positive: mind the minus sign before the logarithms.")
    if is_about(wanted * len(y)):
        raise Wrong("That is the sum: divide by the number of flights.")
    if is_about(wanted / np.log(2)) or is_about(wanted / np.log(10)):
        raise Wrong("Use the natural logarithm, np.log.")
    if is_about(_log_loss(share, share)):
        raise Wrong("That knows the test's own share of late flights, the future: say base_rate.")
    if is_about(-np.log(base_rate)) or is_about(-share * np.log(base_rate)):
        raise Wrong("Only late flights are in it: one in time costs -log(1 - base_rate).")
    raise Wrong("A late flight costs -log(base_rate), one in time -log(1 - base_rate): take the mean over y.")


@exercise
def when_to_warn(answer: object, warning: float, missed: float) -> None:
    """Step 8: the probability from which on a warning is cheaper than none."""
    given = number(answer)
    if np.isclose(given, warning / missed):
        return
    if np.isclose(given, missed / warning):
        raise Wrong("Upside down: a probability is at most 1.")
    if np.isclose(given, warning / (warning + missed)):
        raise Wrong("Who warns pays for the warning whether the flight is late or not: warning = p · missed.")
    if np.isclose(given, 0.5):
        raise Wrong("One half would be right if a missed flight cost just twice a warning.")
    if np.isclose(given, 1 - warning / missed):
        raise Wrong("That is the probability of being in time at which it no longer pays.")
    if not 0 <= given <= 1:
        raise Wrong("A probability lies between 0 and 1.")
    raise Wrong("Without a warning, a flight costs p · missed on average; with one, `warning`. When are both equal?")


def _call(function: object, *args: object) -> object:
    if not isinstance(function, Callable) or hasattr(function, "dask"):
        plan = " This is a plan; compute() does not make it one." if hasattr(function, "compute") else ""
        raise Wrong(f"A function is wanted; this is of type {type(function).__name__}.{plan}")
    try:
        return function(*args)
    except Exception as error:  # whatever the learner's function raises
        raise Wrong(f"Your function failed: {error!r}.") from error


def _step(answer: object, model, X: csr_matrix, y: np.ndarray) -> None:
    try:
        _call(answer, model, X, y.astype("i1"), 3)
    except Wrong as wrong:
        cause = str(wrong.__cause__)
        if "must be passed on the first call" in cause:
            raise Wrong("The first batch need not hold all classes: name them, classes=[0, 1].") from wrong
        if "is not the same as on last call" in cause or "got 1 class" in cause:
            raise Wrong("Some batches hold no late flight: name both classes, [0, 1], whatever is in y.") from wrong
        raise


def _same(one, other) -> bool:
    return np.allclose(one.coef_, other.coef_) and np.allclose(one.intercept_, other.intercept_)


def _array(value: object) -> np.ndarray:
    if value is None:
        raise Wrong("Your function returns nothing: is there a `return`?")
    try:
        return np.asarray(value, dtype="f8")
    except (TypeError, ValueError, OverflowError) as error:
        raise Wrong(f"Your function returns no numbers, but something of type {type(value).__name__}.") from error


def _is_circle(given: np.ndarray, value: np.ndarray, period: float) -> bool:
    """Sine and cosine in either order: a model does not mind."""
    if given.shape != (len(value), 2):
        return False
    angle = 2 * np.pi * value / period
    right = np.column_stack([np.sin(angle), np.cos(angle)])
    return np.allclose(given, right, atol=1e-5) or np.allclose(given[:, ::-1], right, atol=1e-5)


def _log_loss(share: float, p: float) -> float:
    return -share * np.log(p) - (1 - share) * np.log(1 - p)
