"""COST: how many cores a contender needs to overtake one core that is used well.

Source: F. McSherry, M. Isard, D. Murray, Scalability! But at what COST?, HotOS 2015.
"""

from __future__ import annotations

import math

import pandas as pd


def cores_to_overtake(table: pd.DataFrame, baseline: str) -> pd.DataFrame:
    """For each contender, the cores on which it overtakes the baseline's one core: measured, else expected.

    Parameters
    ----------
    table : pandas.DataFrame
        Of ``benchmarks.race.measure``: the same rows on one core and on more.
    baseline : str
        The contender whose one core is to be overtaken.

    Returns
    -------
    pandas.DataFrame
        By contender, the fastest first: ``speedup`` from one core to the most measured; ``measured``, the least number
        of cores that took less time, or NaN; ``expected``, by Amdahl's law (a part that takes as long on any number
        of cores, and one that is shared among them), infinite where the first part alone takes longer.

    Raises
    ------
    ValueError
        If the baseline has not run on one core.
    """
    seconds = table.pivot_table("seconds", "contender", "cores").dropna()
    if 1 not in seconds or baseline not in seconds.index:
        raise ValueError(f"{baseline} has no run on one core in this table: python -m benchmarks.race --cores 1 2")
    wanted, most = seconds.loc[baseline, 1], seconds.columns.max()
    rows = {}
    for contender, times in seconds.drop(index=baseline).sort_values(most).iterrows():
        faster = [cores for cores, time in times.items() if time < wanted]
        rows[contender] = {
            "speedup": times[1] / times[most],
            "measured": min(faster, default=math.nan),
            "expected": _amdahl(times[1], times[most], most, wanted),
        }
    return pd.DataFrame(rows).T


def _amdahl(one: float, many: float, cores: int, wanted: float) -> float:
    shared = (one - many) / (1 - 1 / cores)  # seconds of one core that more cores share
    alone = one - shared
    if one < wanted:
        return 1
    if shared <= 0 or alone >= wanted:
        return math.inf
    return math.ceil(shared / (wanted - alone))
