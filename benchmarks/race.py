"""Race the contenders of ``benchmarks.contenders``: ``python -m benchmarks.race --help``, or ``make bench``.

Used by the notebook that compares libraries. Each contender runs in a process of its own, under a budget of memory, on
the same synthetic trips, and is judged on the same trips held out. What is timed is the job as a whole, from files to a
trained model; imports, compiling and starting a cluster or a Java process, which a long job forgets, stand apart.
Memory is the peak of the process tree, with all of that. Files have been read before: the disk is not measured.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import job
from benchmarks.contenders import CONTENDERS
from benchmarks.entries import can_mix, lines_of_code, missing, names, version
from benchmarks.figure import figure
from data_scripts import files
from helpers import datasets, memory
from helpers.environment import machine

LIMIT = 8_000_000_000  # bytes
SHORT = 15  # seconds: what takes less is run several times, and the median counts
KEY = ["contender", "rows", "cores", "mixed", "version"]  # what tells two runs apart
COLUMNS = ["contender", "model", "rows", "seconds", "rows_per_second", "peak_MB", "rmse", "lines", "remark"]
COLUMNS += ["cores", "mixed", "start_seconds", "version"]
COMMITTED = Path(__file__).parent.parent / "notebooks" / "benchmark.csv"  # of some machine: tells how long runs take


def all_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def measure(
    rows: int,
    chosen: Iterable[str],
    limit: int = LIMIT,
    say: Callable[[str], object] = lambda sentence: None,
    *,
    cores: int | None = None,
    mixed: bool = False,
    repeat: int = 3,
) -> pd.DataFrame:
    """Race contenders on synthetic trips that are on disk.

    Parameters
    ----------
    rows : int
        Trips to train on.
    chosen : iterable of str
        Module names.
    limit : int
        Bytes for each, all its processes together.
    say : callable
        Told one sentence after each run.
    cores : int, optional
        For each (default: all there are).
    mixed : bool
        Whether they shall mix the rows, too, where they can.
    repeat : int
        Runs of those that take less than ``SHORT`` seconds, whose median counts.

    Returns
    -------
    pandas.DataFrame
        One row per contender, also for those that could not run or did not finish: ``remark`` says why.
    """
    table = []
    for name in chosen:
        title, why_not, runs, peaks = CONTENDERS[name].title, missing(name), [], []
        while why_not is None and (not runs or (len(runs) < repeat and runs[0][0] < SHORT)):
            paths = [str(path) for path in datasets.synthetic_taxi_files(rows)]
            outcome = memory.run_capped(job.run, name, paths, rows, cores, mixed and can_mix(name), limit=limit)
            why_not = outcome.error
            if why_not is None:
                runs.append(outcome.value)
                peaks.append(outcome.peak / 1e6)
        row = {"contender": title, "model": CONTENDERS[name].model, "rows": rows, "lines": lines_of_code(name)}
        row |= {"cores": cores or all_cores(), "mixed": mixed, "version": version(name)}
        row |= {"remark": why_not or CONTENDERS[name].remark}
        if why_not is None:
            seconds, rmse, start = map(statistics.median, zip(*runs, strict=True))
            peak = statistics.median(peaks)
            row |= {"seconds": seconds, "rows_per_second": rows / seconds, "peak_MB": peak, "rmse": rmse}
            row |= {"start_seconds": start}
            say(f"{title}: {seconds:.1f} s, {peak:,.0f} MB, RMSE US$ {rmse:.3f}")
        else:
            say(f"{title}: {why_not}")
        table.append(row)
    return pd.DataFrame(table).reindex(columns=COLUMNS)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.race", description=__doc__.splitlines()[0])
    parser.add_argument("contenders", nargs="*", metavar="contender", help=f"of {', '.join(names())} (default: all)")
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000_000])
    parser.add_argument("--cores", type=int, nargs="+", default=[all_cores()], help="on Linux (default: all)")
    parser.add_argument("--mixed", action="store_true", help="those that can mix the rows, mixing them")
    parser.add_argument("--at-most", type=float, default=np.inf, help="leave out what is expected to take more seconds")
    parser.add_argument("--repeat", type=int, default=3, help="of short runs, whose median counts")
    parser.add_argument("--limit-gb", type=float, default=LIMIT / 1e9, help="memory for each contender's processes")
    parser.add_argument(
        "--to", type=Path, default=Path("build/benchmark.csv"), help="what stands there is kept, and not run again"
    )
    arguments = parser.parse_args(argv)
    unknown = set(arguments.contenders) - set(names())
    if unknown:
        parser.error(f"there is no contender {', '.join(sorted(unknown))}")
    if min(arguments.rows) < 1:
        parser.error("--rows wants at least 1")
    few = arguments.cores != [all_cores()]
    if few and not (
        hasattr(os, "sched_setaffinity") and 1 <= min(arguments.cores) <= max(arguments.cores) <= all_cores()
    ):
        parser.error(f"--cores wants numbers from 1 to {all_cores()}, on Linux")
    return files.exit_code(lambda: _race(arguments))


def _race(arguments: argparse.Namespace) -> None:
    absent = [path for path in datasets.synthetic_taxi_files(max(arguments.rows)) if not path.exists()]
    if absent:
        command = f"python -m data_scripts.taxi --synthetic --rows {max(arguments.rows)}"
        raise FileNotFoundError(f"{len(absent)} files of trips are missing: run `{command}`")
    table = pd.read_csv(arguments.to) if arguments.to.exists() else pd.DataFrame(columns=COLUMNS)
    kept = set(table[KEY].itertuples(index=False, name=None))
    chosen = [name for name in arguments.contenders or names() if can_mix(name) or not arguments.mixed]
    wanted = [(name, rows, cores) for rows in arguments.rows for cores in arguments.cores for name in chosen]
    titles = {name: CONTENDERS[name].title for name in chosen}
    left = [run for run in wanted if (titles[run[0]], *run[1:], arguments.mixed, version(run[0])) not in kept]
    if len(left) < len(wanted):
        print(f"{len(wanted) - len(left)} of {len(wanted)} stand in {arguments.to}: delete it to run them again")
    for number, (name, rows, cores) in enumerate(left):
        seconds = [expected(table, *run) for run in left[number:]]
        minutes = (
            sum(arguments.repeat * one if one < SHORT else one for one in seconds if one <= arguments.at_most) / 60
        )
        progress = f"[{number} of {len(left)} done, about {minutes:.0f} min left]"
        if seconds[0] > arguments.at_most:
            print(f"{progress} {titles[name]} left out: about {seconds[0]:.0f} s are expected")
            continue
        one = None if cores == all_cores() else cores
        new = measure(
            rows,
            [name],
            int(arguments.limit_gb * 1e9),
            print,
            cores=one,
            mixed=arguments.mixed,
            repeat=arguments.repeat,
        )
        print(progress, flush=True)
        table = new if table.empty else pd.concat([table, new], ignore_index=True)
        _save(table, arguments.to)
    print(table.drop(columns=["remark", "version"]).round(2).to_string(index=False))


def expected(table: pd.DataFrame, name: str, rows: int, cores: int) -> float:
    """Seconds that a run will take, by the largest that is known of this contender, here or elsewhere."""
    known = [part for part in (table, pd.read_csv(COMMITTED)) if len(part)]
    for part in known:
        runs = part[(part.contender == CONTENDERS[name].title) & part.seconds.notna()]
        if len(runs):
            run = runs.loc[runs.rows.idxmax()]
            return run.seconds * rows / run.rows * max(1, run.get("cores", 1) / cores)
    return SHORT


def _save(table: pd.DataFrame, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    digits = {"seconds": 2, "rows_per_second": -3, "peak_MB": 0, "rmse": 3, "start_seconds": 1}
    table.round(digits).to_csv(path, index=False)
    this = machine.describe()["this machine"].drop(["disk for data", "scale"]).to_dict()
    this["date"] = time.strftime("%Y-%m-%d")
    path.with_suffix(".json").write_text(json.dumps(this, indent=1) + "\n", encoding="utf-8")
    figure(table[table.rows == table.rows.max()]).savefig(path.with_suffix(".png"), dpi=120)


if __name__ == "__main__":
    sys.exit(main())
