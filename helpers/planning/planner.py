"""From a measured speed to hours, machines, network and cost: what training on much more data would take.

Used by notebook 12. Every number is either measured (`Measured`) or assumed (a dict in the notebook, keys as in
`ASSUMPTIONS`). The plan is for one pass over the data by machines that train one model together: each learns from its
own rows, and every so often all average their models (an all-reduce).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

ASSUMPTIONS = {
    "cores_per_machine": "processor cores of a machine that work",
    "price_per_hour": "US$ for a machine and an hour",
    "read_gb_per_s": "gigabytes a second that a machine reads from the store",
    "network_gbit_per_s": "gigabits a second between machines",
    "message_s": "seconds until a message between machines arrives",
    "model_mb": "megabytes of the model that machines exchange",
    "rows_between_syncs": "rows that a machine learns from before all average",
    "spread": "standard deviation of a step's time, as a share of it",
    "task_mb": "megabytes of data in a task of the scheduler",
    "file_mb": "megabytes of a file",
    "open_s": "seconds until the first byte of a file comes",
    "failures_per_hour": "of one machine",
    "restart_min": "minutes until work goes on after a failure",
    "checkpoint_min": "minutes between two checkpoints",
    "save_s": "seconds that a checkpoint takes",
}
SPLIT = 32  # ways in which a stage of a shuffle by tasks deals out its input, as Dask's do
MOST_MACHINES = 100_000


@dataclass(frozen=True)
class Measured:
    """What was measured on one machine.

    Attributes
    ----------
    rows_per_second : float
        Of one core.
    bytes_per_row : float
        On disk.
    scheduler_s : float
        Seconds of the scheduler for one task.
    """

    rows_per_second: float
    bytes_per_row: float
    scheduler_s: float


def fit_line(runs: Sequence[Sequence[tuple[float, float]]]) -> tuple[float, float]:
    """What a run needs to start, and what each row adds: a line through its marks, the median of several runs.

    Parameters
    ----------
    runs : sequence of sequences of (rows, seconds)
        Of each run marks on the way: how many rows were done after how many seconds.

    Returns
    -------
    start_s : float
        Seconds before rows flow. One run's total over its rows would count them for every row.
    seconds_per_row : float

    Raises
    ------
    ValueError
        If there is no run, or one without two different counts of rows.
    """
    if not len(runs) or any(len({rows for rows, _ in marks}) < 2 for marks in runs):
        raise ValueError("need runs with marks (rows, seconds) at two counts of rows or more")
    lines = [np.polyfit(*np.transpose(marks), 1) for marks in runs]
    per_row, start = np.median(lines, axis=0)
    return float(start), float(per_row)


def parts(size: float, machines: int, measured: Measured, assume: Mapping[str, float]) -> dict[str, float]:
    """Hours that each part of the job takes by itself.

    Parameters
    ----------
    size : float
        Bytes of data on disk.
    machines : int
    measured : Measured
    assume : mapping
        Keys as in `ASSUMPTIONS`.

    Returns
    -------
    dict of float
        "compute", "read", "all-reduce", "stragglers", "scheduler", "shuffle" (were the rows to be sorted or mixed by
        tasks first; not part of `plan`), "open files", "failures".

    Raises
    ------
    KeyError
        If an assumption is missing.
    """
    rows, tasks = size / measured.bytes_per_row, math.ceil(size / (assume["task_mb"] * 1e6))
    compute = rows / (measured.rows_per_second * assume["cores_per_machine"] * machines)
    syncs = rows / machines / assume["rows_between_syncs"]
    # All-reduce by halving and doubling: R. Thakur, R. Rabenseifner, W. Gropp, Optimization of Collective
    # Communication Operations in MPICH, 2005.
    network = assume["network_gbit_per_s"] * 1e9 / 8
    exchange = 2 * (machines - 1) / machines * assume["model_mb"] * 1e6 / network
    exchange += 2 * math.log2(machines) * assume["message_s"]
    stages = max(1, math.ceil(math.log(max(tasks, 2), SPLIT) - 1e-9))
    seconds = {
        "compute": compute,
        "read": size / (assume["read_gb_per_s"] * 1e9 * machines),
        "all-reduce": syncs * exchange,
        "stragglers": compute * assume["spread"] * math.sqrt(2 * math.log(machines)),  # the slowest of many normals
        "scheduler": tasks * measured.scheduler_s,
        "shuffle": 2 * stages * tasks * measured.scheduler_s + size / machines / network,
        "open files": size / (assume["file_mb"] * 1e6) * assume["open_s"] / machines / assume["cores_per_machine"],
    }
    seconds["failures"] = max(seconds["compute"], seconds["read"]) * _lost(machines, assume)
    return {name: value / 3600 for name, value in seconds.items()}


def _lost(machines: int, assume: Mapping[str, float]) -> float:
    """Hours of work that failures undo in an hour: each half an interval between checkpoints, and the restart."""
    minutes = assume["checkpoint_min"] / 2 + assume["restart_min"]
    return assume["failures_per_hour"] * machines * minutes / 60


def plan(size: float, machines: int, measured: Measured, assume: Mapping[str, float]) -> dict[str, float | str]:
    """Hours, network, failures and cost of one pass.

    Computing, reading and scheduling overlap, so the slowest counts; waiting for each other and opening files come on
    top. A failure sends all machines back to the last checkpoint.

    Parameters
    ----------
    size, machines, measured, assume
        As for `parts`.

    Returns
    -------
    dict
        "machines", "bound by" (the slowest of computing, reading and scheduling), "hours" (infinite if failures come
        faster than work gets done), "TB sent" by all machines, "failures", "cost (US$)".
    """
    hours = parts(size, machines, measured, assume)
    work = max(hours["compute"], hours["read"], hours["scheduler"])
    work += hours["all-reduce"] + hours["stragglers"] + hours["open files"]
    work *= 1 + assume["save_s"] / 60 / assume["checkpoint_min"]
    rate = assume["failures_per_hour"] * machines
    lost = _lost(machines, assume)
    total = work / (1 - lost) if lost < 1 else math.inf
    syncs = size / measured.bytes_per_row / machines / assume["rows_between_syncs"]
    return {
        "machines": machines,
        "bound by": max(("compute", "read", "scheduler"), key=hours.get),
        "hours": total,
        "TB sent": 2 * (machines - 1) * syncs * assume["model_mb"] / 1e6,
        "failures": rate * total,
        "cost (US$)": total * machines * assume["price_per_hour"],
    }


def machines_for(hours: float, size: float, measured: Measured, assume: Mapping[str, float]) -> int | None:
    """The fewest machines that need at most `hours`, or None: more machines do not always help."""
    tried = np.unique(np.geomspace(1, MOST_MACHINES, 400).round().astype(int))
    before = 0
    for machines in map(int, tried):
        if plan(size, machines, measured, assume)["hours"] <= hours:
            between = range(before + 1, machines + 1)
            return next(m for m in between if plan(size, m, measured, assume)["hours"] <= hours)
        before = machines
    return None


def breaks_at(
    sizes: Sequence[float], shares: Mapping[str, Sequence[float]], limit: float = 0.1
) -> dict[str, float | None]:
    """The size at which each share passes the limit, between two of the `sizes` (ascending); None if none does."""
    return {name: _crossing(np.log(sizes), np.asarray(values, "f8"), limit, sizes) for name, values in shares.items()}


def _crossing(log_sizes: np.ndarray, values: np.ndarray, limit: float, sizes: Sequence[float]) -> float | None:
    over = np.flatnonzero(values > limit)
    if not len(over):
        return None
    last = over[0]
    if last == 0 or values[last - 1] <= 0:
        return float(sizes[last])
    logs = np.log(values[last - 1 : last + 1])
    return float(np.exp(np.interp(np.log(limit), logs, log_sizes[last - 1 : last + 1])))
