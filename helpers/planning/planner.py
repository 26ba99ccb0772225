"""From a measured speed to hours, machines, network and cost: what training on much more data would take.

Used by the notebook that plans. Every number is either measured (`Measured`) or assumed (`Assumptions`). The plan is
for one pass over the data by machines that train one model together: each learns from its own rows, and every so
often all average their models (an all-reduce).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from helpers.planning.assumptions import EXAMPLE, Assumptions, Measured

SPLIT = 32  # ways in which a stage of a shuffle by tasks deals out its input, as Dask's do
MOST_MACHINES = 100_000


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
    rows = size_bytes / measured.bytes_per_row
    cores = assumptions.cores_per_machine * machines
    compute = rows / (measured.rows_per_second * cores)
    read = size_bytes / (assumptions.read_gb_per_s * 1e9 * machines)
    # All-reduce by halving and doubling: R. Thakur, R. Rabenseifner, W. Gropp, Optimization of Collective
    # Communication Operations in MPICH, 2005.
    network = assumptions.network_gbit_per_s * 1e9 / 8
    exchange = 2 * (machines - 1) / machines * assumptions.model_mb * 1e6 / network
    exchange += 2 * math.log2(machines) * assumptions.message_s
    tasks = math.ceil(size_bytes / (assumptions.task_mb * 1e6))
    stages = max(1, math.ceil(math.log(max(tasks, 2), SPLIT) - 1e-9))
    files = size_bytes / (assumptions.file_mb * 1e6)
    seconds = {
        "compute": compute,
        "read": read,
        "all-reduce": exchange * rows / machines / assumptions.rows_between_syncs,
        # The slowest of many normal times.
        "stragglers": compute * assumptions.step_spread * math.sqrt(2 * math.log(machines)),
        "scheduler": tasks * assumptions.scheduler_s,
        "shuffle": 2 * stages * tasks * assumptions.scheduler_s + size_bytes / machines / network,
        "open files": files * assumptions.open_s / cores,
        "failures": max(compute, read) * _lost(machines, assumptions),
    }
    return {name: value / 3600 for name, value in seconds.items()}


def _lost(machines: int, assumptions: Assumptions) -> float:
    """Hours of work that failures undo in an hour: each half an interval between checkpoints, and the restart."""
    minutes = assumptions.checkpoint_min / 2 + assumptions.restart_min
    return assumptions.failures_per_hour * machines * minutes / 60


def plan(
    size_bytes: float, *, machines: int, measured: Measured, assumptions: Assumptions = EXAMPLE
) -> dict[str, float | str]:
    """Hours, network, failures and cost of one pass; the arguments are those of `parts`.

    Computing, reading and scheduling overlap, so the slowest counts; waiting for each other and opening files come on
    top. A failure sends all machines back to the last checkpoint.

    Returns
    -------
    dict
        "machines", "bound by" (the slowest of computing, reading and scheduling), "hours" (infinite if failures come
        faster than work gets done), "TB sent" by all machines, "failures", "cost (US$)".
    """
    hours = parts(size_bytes, machines=machines, measured=measured, assumptions=assumptions)
    slowest = max(("compute", "read", "scheduler"), key=hours.get)
    work = hours[slowest] + hours["all-reduce"] + hours["stragglers"] + hours["open files"]
    work *= 1 + assumptions.save_s / 60 / assumptions.checkpoint_min
    lost = _lost(machines, assumptions)
    total = work / (1 - lost) if lost < 1 else math.inf
    price = assumptions.price_usd_per_hour
    syncs = size_bytes / measured.bytes_per_row / machines / assumptions.rows_between_syncs
    return {
        "machines": machines,
        "bound by": slowest,
        "hours": total,
        "TB sent": 2 * (machines - 1) * syncs * assumptions.model_mb / 1e6,
        "failures": assumptions.failures_per_hour * machines * total,
        "cost (US$)": price * machines * total if price else 0.0,  # what is free stays so, even if it never ends
    }


def machines_for(
    size_bytes: float, *, hours: float, measured: Measured, assumptions: Assumptions = EXAMPLE
) -> int | None:
    """The fewest machines that need at most `hours`, or None: more machines do not always help."""
    if not hours > 0:
        raise ValueError(f"hours is {hours}: a positive number is needed")
    given = {"measured": measured, "assumptions": assumptions}
    alone = parts(size_bytes, machines=1, **given)
    if alone["scheduler"] > hours:  # it does not share its work out
        return None
    least = math.ceil(max(alone["compute"], alone["read"]) / hours)
    for machines in range(least, MOST_MACHINES):
        if plan(size_bytes, machines=machines, **given)["hours"] <= hours:
            return machines
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
        Of computing and reading, whichever takes longer. ValueError if it is not positive.
    measured, assumptions
        As for `parts`.

    Returns
    -------
    dict of list of float
        By part, in the order of the alphabet: a percentage for each size.
    """
    if not 0 < hours < math.inf:
        raise ValueError(f"hours is {hours}: a positive number is needed")
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
