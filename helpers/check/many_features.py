"""Exercises: more features than observations."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from helpers.check.answer import Wrong, exercise, number


@exercise
def bits_needed(answer: object, pairs: int) -> None:
    """Exercise 1: the fewest bits for which at most a tenth of the pairs is expected to share a column."""
    given, wanted = number(answer), 1
    while 1 - (1 - 1 / 2**wanted) ** (pairs - 1) > 0.1:
        wanted += 1
    if given == wanted:
        return
    if given != int(given):
        raise Wrong("Bits come whole: round up.")
    if given == 2**wanted:
        raise Wrong("That many columns, yes. How many bits are that?")
    if given == int(np.ceil(np.log2(pairs))):
        raise Wrong("That gives each pair a column if they were dealt out in turn; hashes fall at random.")
    if given < 1 or given > 64:
        raise Wrong("Give the bits, a small whole number: there are 2 to that power columns.")
    if given < wanted:
        raise Wrong("More than a tenth would share a column. The expected share is 1 - (1 - 1/columns)^(pairs - 1).")
    raise Wrong("Enough, but not the fewest: would one bit less do?")


@exercise
def best_alpha(answer: object, alphas: Sequence[float], X_train, y_train, X_valid, y_valid) -> None:
    """Exercise 2: which of `alphas` gives Ridge the smallest error on the rows that were kept for choosing."""
    from sklearn.linear_model import Ridge  # takes a second to import, and most notebooks do not need it
    from sklearn.metrics import root_mean_squared_error

    given, errors, seen = number(answer), [], []
    for alpha in alphas:
        model = Ridge(alpha=alpha, fit_intercept=False, solver="cholesky").fit(X_train, y_train)
        seen.append(root_mean_squared_error(y_train, model.predict(X_train)))
        errors.append(root_mean_squared_error(y_valid, model.predict(X_valid)))
    best = int(np.argmin(errors))
    if given == alphas[best]:
        return
    if np.isclose(given, min(errors), atol=0.006):
        raise Wrong("That is the smallest error: which alpha gives it?")
    if given == best and given not in alphas:
        raise Wrong("That is its place in the list: give the alpha itself.")
    if given not in alphas:
        raise Wrong("Give one of the values in `alphas`.")
    if given == alphas[int(np.argmin(seen))]:
        raise Wrong("That one is best on the trips that the model learned from: ask the `valid` trips.")
    if given == alphas[int(np.argmax(errors))]:
        raise Wrong("That one has the largest error: the smallest is wanted.")
    raise Wrong("Another one has a smaller error on the `valid` trips: measure all of them, then take the smallest.")
