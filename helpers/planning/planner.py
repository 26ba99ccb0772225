"""From a measured speed to hours, machines, network and cost: what training on much more data would take.

Used by the notebook that decides and plans. Every number is either measured (`Measured`) or assumed (`Assumptions`).
The plan is for one pass over the data by machines that train one model together: each learns from its
own rows, and every so often all average their models (an all-reduce).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from helpers.planning.assumptions import EXAMPLE, Assumptions, Measured

SPLIT = 32  # ways in which a stage of a shuffle by tasks deals out its input, as Dask's do
MOST_MACHINES = 100_000


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


def parts(
    size_bytes: float, *, machines: int, measured: Measured, assumptions: Assumptions = EXAMPLE
) -> dict[str, float]:
    """Hours that each part of the job takes by itself.

    Parameters
    ----------
    size_bytes : float
        Data on disk.
    machines : int
    measured : Measured
    assumptions : Assumptions

    Returns
    -------
    dict of float
        "compute", "read", "all-reduce", "stragglers", "scheduler", "shuffle" (were the rows to be sorted or mixed by
        tasks first; not part of `plan`), "open files", "failures".

    Raises
    ------
    ValueError
        If there is no data or no machine.
    """
    if not 0 < size_bytes < math.inf or machines < 1 or machines != int(machines):
        raise ValueError(
            f"{size_bytes:g} bytes on {machines} machines: a plan needs data and a whole number of machines, 1 or more"
        )
    rows, tasks = size_bytes / measured.bytes_per_row, math.ceil(size_bytes / (assumptions.task_mb * 1e6))
    cores = assumptions.cores_per_machine * machines
    compute = rows / (measured.rows_per_second * cores)
    syncs = rows / machines / assumptions.rows_between_syncs
    # All-reduce by halving and doubling: R. Thakur, R. Rabenseifner, W. Gropp, Optimization of Collective
    # Communication Operations in MPICH, 2005.
    network = assumptions.network_gbit_per_s * 1e9 / 8
    exchange = 2 * (machines - 1) / machines * assumptions.model_mb * 1e6 / network
    exchange += 2 * math.log2(machines) * assumptions.message_s
    stages = max(1, math.ceil(math.log(max(tasks, 2), SPLIT) - 1e-9))
    seconds = {
        "compute": compute,
        "read": size_bytes / (assumptions.read_gb_per_s * 1e9 * machines),
        "all-reduce": syncs * exchange,
        # The slowest of many normal times.
        "stragglers": compute * assumptions.step_spread * math.sqrt(2 * math.log(machines)),
        "scheduler": tasks * measured.scheduler_s,
        "shuffle": 2 * stages * tasks * measured.scheduler_s + size_bytes / machines / network,
        "open files": size_bytes
        / (assumptions.file_mb * 1e6)
        * assumptions.open_s
        / machines
        / assumptions.cores_per_machine,
    }
    seconds["failures"] = max(seconds["compute"], seconds["read"]) * _lost(machines, assumptions)
    return {name: value / 3600 for name, value in seconds.items()}


def _lost(machines: int, assumptions: Assumptions) -> float:
    """Hours of work that failures undo in an hour: each half an interval between checkpoints, and the restart."""
    minutes = assumptions.checkpoint_min / 2 + assumptions.restart_min
    return assumptions.failures_per_hour * machines * minutes / 60


def plan(
    size_bytes: float, *, machines: int, measured: Measured, assumptions: Assumptions = EXAMPLE
) -> dict[str, float | str]:
    """Hours, network, failures and cost of one pass.

    Computing, reading and scheduling overlap, so the slowest counts; waiting for each other and opening files come on
    top. A failure sends all machines back to the last checkpoint.

    Parameters
    ----------
    size_bytes, machines, measured, assumptions
        As for `parts`.

    Returns
    -------
    dict
        "machines", "bound by" (the slowest of computing, reading and scheduling), "hours" (infinite if failures come
        faster than work gets done), "TB sent" by all machines, "failures", "cost (US$)".
    """
    hours = parts(size_bytes, machines=machines, measured=measured, assumptions=assumptions)
    work = max(hours["compute"], hours["read"], hours["scheduler"])
    work += hours["all-reduce"] + hours["stragglers"] + hours["open files"]
    work *= 1 + assumptions.save_s / 60 / assumptions.checkpoint_min
    rate = assumptions.failures_per_hour * machines
    lost = _lost(machines, assumptions)
    total = work / (1 - lost) if lost < 1 else math.inf
    cost = 0.0
    if assumptions.price_usd_per_hour:  # what is free stays so, even if it never ends
        cost = total * machines * assumptions.price_usd_per_hour
    syncs = size_bytes / measured.bytes_per_row / machines / assumptions.rows_between_syncs
    return {
        "machines": machines,
        "bound by": max(("compute", "read", "scheduler"), key=hours.get),
        "hours": total,
        "TB sent": 2 * (machines - 1) * syncs * assumptions.model_mb / 1e6,
        "failures": rate * total,
        "cost (US$)": cost,
    }


def machines_for(
    size_bytes: float, *, hours: float, measured: Measured, assumptions: Assumptions = EXAMPLE
) -> int | None:
    """The fewest machines that need at most `hours`, or None: more machines do not always help."""
    if not hours > 0:
        raise ValueError(f"hours is {hours}: a positive number is needed")

    def hours_of(machines: int) -> float:
        return plan(size_bytes, machines=machines, measured=measured, assumptions=assumptions)["hours"]

    tried = np.unique(np.geomspace(1, MOST_MACHINES, 400).round().astype(int))
    before = 0
    for machines in map(int, tried):
        if hours_of(machines) <= hours:
            between = range(before + 1, machines + 1)
            return next(fewer for fewer in between if hours_of(fewer) <= hours)
        before = machines
    return None


def shares(
    sizes_bytes: Sequence[float], *, hours: float, measured: Measured, assumptions: Assumptions = EXAMPLE
) -> dict[str, list[float]]:
    """What each part of the job takes while the cluster grows with the data, in percent of the time for the work.

    For each size there are as many machines as compute and read it in `hours`. The other parts of `parts` are shares
    of these hours. Opening is counted for files of 1 MB, which many lakes hold.

    Parameters
    ----------
    sizes_bytes : sequence of float
        Data on disk.
    hours : float
        Of computing and reading, whichever takes longer.
    measured, assumptions
        As for `parts`.

    Returns
    -------
    dict of list of float
        By part, in the order of the alphabet: a percentage for each size.
    """
    small_files = replace(assumptions, file_mb=1)
    found: dict[str, list[float]] = {}
    for size in sizes_bytes:
        alone = parts(size, machines=1, measured=measured, assumptions=assumptions)
        machines = math.ceil(max(alone["compute"], alone["read"]) / hours)
        took = parts(size, machines=machines, measured=measured, assumptions=small_files)
        took["files of 1 MB"] = took.pop("open files")
        for part in sorted(set(took) - {"compute", "read"}):
            found.setdefault(part, []).append(100 * took[part] / hours)
    return found


def breaks_at(
    sizes: Sequence[float], shares: Mapping[str, Sequence[float]], limit: float = 0.1
) -> dict[str, float | None]:
    """The size at which each share passes the limit, between two of the `sizes` (ascending); None if none does.

    Raises
    ------
    ValueError
        If the sizes do not ascend from above 0, or a share has not one value for each.
    """
    if not len(sizes) or not 0 < sizes[0] or not (np.diff(sizes) > 0).all() or not np.isfinite(sizes).all():
        raise ValueError(f"sizes is {list(sizes)}: finite numbers above 0 are needed, each larger than the one before")
    for name, values in shares.items():
        if len(values) != len(sizes):
            raise ValueError(
                f"shares[{name!r}] has {len(values)} values for {len(sizes)} sizes: one for each is needed"
            )
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
