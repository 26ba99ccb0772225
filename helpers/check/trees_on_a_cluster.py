"""Exercises: trees on a cluster."""

from __future__ import annotations

import numpy as np

from helpers.check.answer import Wrong, exercise, number


@exercise
def seconds_with_workers(answer: object) -> None:
    """Exercise 1: 200 trees of 3 s on 8 workers, after 2 GB have gone to each of them at 500 MB a second."""
    sending, growing = 8 * 2_000 / 500, 200 * 3 / 8
    given = number(answer)
    if np.isclose(given, sending + growing, rtol=0.01):
        return
    if np.isclose(given, growing, rtol=0.01):
        raise Wrong("The trees take that long; before, the table must go to the workers.")
    if np.isclose(given, 2_000 / 500 + growing, rtol=0.01):
        raise Wrong("The table goes to every worker, one after the other: eight times.")
    if np.isclose(given, sending + 8 * growing, rtol=0.01):
        raise Wrong("Eight workers share the 200 trees.")
    if np.isclose(given, sending, rtol=0.01):
        raise Wrong("Sending takes that long; then the trees have to grow.")
    raise Wrong("Add two times: 8 tables of 2,000 MB at 500 MB a second, and 200 trees of 3 seconds on 8 cores.")


@exercise
def rows_on_a_cluster(answer: object) -> None:
    """Exercise 2: rows of 40 features and a label, in a quarter of 8 workers' 4 GB, at three times their bytes."""
    memory, numbers = 8 * 4e9, 41
    wanted = 0.25 * memory / (3 * 4 * numbers)
    given = number(answer)
    if np.isclose(given, wanted, rtol=0.02):
        return
    if np.isclose(given, 4 * wanted, rtol=0.02):
        raise Wrong("All of the memory is too much: a quarter is for the rows.")
    if np.isclose(given, 3 * wanted, rtol=0.02):
        raise Wrong("While the bins are made, a row needs three times its bytes.")
    if np.isclose(given, wanted / 8, rtol=0.02):
        raise Wrong("That fits one worker; there are eight.")
    if np.isclose(given, wanted / 1e6, rtol=0.02):
        raise Wrong("Give rows, not millions of rows.")
    raise Wrong("Divide bytes for rows (a quarter of 8 × 4e9) by the bytes of a row (3 × 41 numbers × 4).")
