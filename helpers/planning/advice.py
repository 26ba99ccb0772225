"""Which machine, which library, which model: rules that compute from the reader's own numbers.

Used by the notebook that decides. In each group the first rule whose condition holds gives the advice. A condition is
a list of words, such as "trees, in memory": all of them must be true of the case.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import NamedTuple

BYTES_PER_VALUE = 4  # of float32
COPIES = 3  # an in-memory workflow holds its table about so many times: trips, features, scaled features
FAMILIES = ("linear", "trees", "network", "clusters", "counts")
CODES = ("none", "pandas", "spark")


@dataclass(frozen=True, kw_only=True)
class Case:
    """What the rules look at: the data, one machine, and what is wanted of them.

    Attributes
    ----------
    rows, columns : float, int
        Of the table that the model learns from.
    memory_bytes : float
        Of this machine; a quarter of it is left to the system and its libraries.
    cores : int
        Of this machine.
    family : str
        One of `FAMILIES`.
    code : str
        What is there already, one of `CODES`.
    rows_per_second : float
        Measured, with one core.
    deadline_hours : float

    Raises
    ------
    ValueError
        If the family or the code is unknown, or a number is not positive and finite.
    """

    rows: float
    columns: int
    memory_bytes: float
    cores: int
    family: str
    code: str
    rows_per_second: float
    deadline_hours: float

    def __post_init__(self) -> None:
        for name, value, known in (("family", self.family, FAMILIES), ("code", self.code, CODES)):
            if value not in known:
                raise ValueError(f"{name} is {value!r}: choose one of {', '.join(known)}")
        for name in (field.name for field in fields(self) if field.name not in ("family", "code")):
            value = getattr(self, name)
            if not 0 < value < math.inf:
                raise ValueError(f"{name} is {value}: a positive number is needed")

    @property
    def need_bytes(self) -> float:
        """What an in-memory workflow takes, copies included."""
        return COPIES * self.rows * self.columns * BYTES_PER_VALUE

    @property
    def usable_bytes(self) -> float:
        """What it may take of this machine."""
        return 0.75 * self.memory_bytes

    @property
    def hours(self) -> float:
        """Until one machine like this is done, with all its cores."""
        return self.rows / (self.rows_per_second * self.cores) / 3600

    @property
    def machines(self) -> int:
        """Machines like this one that meet the deadline."""
        return max(1, math.ceil(self.hours / self.deadline_hours))

    @property
    def alone(self) -> bool:
        """Whether one machine meets the deadline."""
        return self.hours <= self.deadline_hours

    @property
    def words(self) -> set[str]:
        """The words of conditions that are true of this case."""
        fits = self.alone and self.need_bytes <= self.usable_bytes
        found = {"else", self.family, f"code is {self.code}", "in memory" if fits else "not in memory"}
        if self.alone:
            found.add("alone")
        if self.columns > self.rows:
            found.add("more columns than rows")
        return found


class Rule(NamedTuple):
    """If all words of `condition` are true, take `advice`, because of `why`."""

    group: str
    condition: str
    advice: str
    why: str


RULES = [
    Rule("machines", "in memory", "one machine, in memory",
         "it fits, copies included, and is done in time: nothing is simpler"),
    Rule("machines", "alone", "one machine, out of core", "a stream needs no memory for rows, only time"),
    Rule("machines", "else", "{machines:,} machines", "one machine would miss the deadline"),
    Rule("library", "code is spark, not in memory", "Spark", "it scales already: keep what works"),
    Rule("library", "counts, alone", "Polars or DuckDB", "aggregations stream through all cores"),
    Rule("library", "counts", "Dask DataFrame or Spark", "a map and a reduce over partitions"),
    Rule("library", "trees, in memory", "XGBoost", "its own threads use all cores"),
    Rule("library", "trees, alone", "XGBoost, external memory", "it reads the rows several times"),
    Rule("library", "trees", "XGBoost on Dask", "workers exchange histograms, never rows"),
    Rule("library", "network, alone", "Keras with tf.data", "a pipeline of batches feeds the model"),
    Rule("library", "network", "tf.distribute, several workers", "gradients are averaged at each step"),
    Rule("library", "in memory", "scikit-learn", "fit as usual"),
    Rule("library", "alone", "scikit-learn's partial_fit on a stream", "a state that batches update"),
    Rule("library", "else", "Dask around partial_fit", "a model per worker, averaged; data stays where it is"),
    Rule("model", "more columns than rows", "a penalised linear model",
         "more features than rows: something must hold it back"),
    Rule("model", "code is spark, linear, not in memory", "MLlib's linear or logistic regression",
         "it comes with the Spark that is kept"),
    Rule("model", "linear, in memory", "Ridge or logistic regression", "exact, and quick enough"),
    Rule("model", "linear", "SGDRegressor or SGDClassifier", "one pass, a step per row"),
    Rule("model", "trees", "boosted trees, 256 bins", "the default for tables; bins keep them small"),
    Rule("model", "network", "as small as will do", "it pays with pictures, text and very many rows"),
    Rule("model", "clusters, in memory", "KMeans", "exact steps over all rows"),
    Rule("model", "clusters", "MiniBatchKMeans", "centres move with every batch"),
    Rule("model", "else", "none", "sums, counts and sketches answer this"),
]  # fmt: skip


def advise(case: Case) -> dict[str, Rule]:
    """The first rule of each group whose condition holds, its advice filled in."""
    found: dict[str, Rule] = {}
    for rule in RULES:
        if rule.group not in found and case.words.issuperset(rule.condition.split(", ")):
            found[rule.group] = rule._replace(advice=rule.advice.format(machines=case.machines))
    return found
