"""Which machine, which library, which model: rules that compute from the reader's own numbers.

Used by notebook 12. A rule's condition is the text that is shown and the text that is evaluated, so the table of rules
cannot drift from what they do. In each group the first rule whose condition holds gives the advice.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

COPIES = 3  # an in-memory workflow holds its table about so many times: trips, features, scaled features
FAMILIES = ("linear", "trees", "network", "clusters", "counts")


class Rule(NamedTuple):
    """If `condition` holds, take `advice`, because of `why`."""

    group: str
    condition: str
    advice: str
    why: str


RULES = [
    Rule("machines", "need <= memory", "one machine, in memory", "it fits, copies included: nothing is simpler"),
    Rule("machines", "hours <= deadline", "one machine, out of core", "a stream needs no memory for rows, only time"),
    Rule("machines", "True", "{machines:,} machines", "one machine would miss the deadline"),
    Rule("library", "code == 'spark' and not in_memory", "Spark", "it scales already: keep what works"),
    Rule("library", "family == 'counts' and alone", "Polars or DuckDB", "aggregations stream through all cores"),
    Rule("library", "family == 'counts'", "Dask DataFrame or Spark", "a map and a reduce over partitions"),
    Rule("library", "family == 'trees' and in_memory", "XGBoost", "its own threads use all cores"),
    Rule("library", "family == 'trees' and alone", "XGBoost, external memory", "it reads the rows several times"),
    Rule("library", "family == 'trees'", "XGBoost on Dask", "workers exchange histograms, never rows"),
    Rule("library", "family == 'network' and alone", "Keras with tf.data", "a pipeline of batches feeds the model"),
    Rule("library", "family == 'network'", "tf.distribute, several workers", "gradients are averaged at each step"),
    Rule("library", "in_memory", "scikit-learn", "fit as usual"),
    Rule("library", "alone", "scikit-learn's partial_fit on a stream", "a state that batches update"),
    Rule("library", "True", "Dask around partial_fit", "a model per worker, averaged; data stays where it is"),
    Rule("model", "columns > rows", "a penalised linear model", "more features than rows: something must hold it back"),
    Rule("model", "family == 'linear' and in_memory", "Ridge or logistic regression", "exact, and quick enough"),
    Rule("model", "family == 'linear'", "SGDRegressor or SGDClassifier", "one pass, a step per row"),
    Rule("model", "family == 'trees'", "boosted trees, 256 bins", "the default for tables; bins keep them small"),
    Rule("model", "family == 'network'", "as small as will do", "it pays with pictures, text and very many rows"),
    Rule("model", "family == 'clusters' and in_memory", "KMeans", "exact steps over all rows"),
    Rule("model", "family == 'clusters'", "MiniBatchKMeans", "centres move with every batch"),
    Rule("model", "True", "none", "sums, counts and sketches answer this"),
]


def facts(
    rows: float,
    columns: int,
    memory_gb: float,
    cores: int,
    family: str,
    code: str,
    rows_per_second: float,
    deadline: float,
    bytes_per_value: int = 4,
    passes: int = 1,
) -> dict[str, object]:
    """What the rules look at.

    Parameters
    ----------
    rows, columns : int
        Of the table that the model learns from.
    memory_gb : float
        Of this machine, in GB; a quarter of it is left to the system and its libraries.
    cores : int
        Of this machine.
    family : str
        One of `FAMILIES`.
    code : str
        What is there already: "pandas", "spark", "none" …
    rows_per_second : float
        Measured, with one core.
    deadline : float
        Hours.
    bytes_per_value : int
    passes : int
        How often the rows are read.

    Returns
    -------
    dict
        The given ones, and ``need`` and ``memory`` in bytes, ``hours`` on this machine, ``machines`` like this one,
        ``in_memory`` and ``alone`` (whether one machine is enough), ``most_rows`` that one machine manages.

    Raises
    ------
    ValueError
        If the family is unknown or a number is not positive.
    """
    if family not in FAMILIES:
        raise ValueError(f"family is {family!r}; choose one of {', '.join(FAMILIES)}")
    numbers = (rows, columns, memory_gb, cores, rows_per_second, deadline, bytes_per_value, passes)
    if min(numbers) <= 0:
        raise ValueError("rows, columns, memory, cores, speed, deadline, bytes and passes must be positive")
    memory, need = 0.75 * memory_gb * 1e9, COPIES * rows * columns * bytes_per_value
    speed = rows_per_second * cores / passes  # rows a second, done with
    hours = rows / speed / 3600
    fit = memory / (COPIES * columns * bytes_per_value)
    return {
        "rows": rows, "columns": columns, "family": family, "code": code, "cores": cores, "deadline": deadline,
        "memory": memory, "need": need, "hours": hours, "machines": max(1, math.ceil(hours / deadline)),
        "in_memory": need <= memory, "alone": need <= memory or hours <= deadline,
        "most_rows": max(fit, deadline * 3600 * speed),
    }  # fmt: skip


def advise(case: dict[str, object], rules: Sequence[Rule] = RULES) -> dict[str, Rule]:
    """The first rule of each group whose condition holds for a case from `facts`, its advice filled in."""
    found = {}
    for rule in rules:
        if rule.group not in found and eval(rule.condition, {"__builtins__": {}}, case):
            found[rule.group] = rule._replace(advice=rule.advice.format(**case))
    return found
