"""Race the contenders of ``benchmarks.contenders``: ``python -m benchmarks.race --help``, or ``make bench``.

Used by the notebook that compares libraries. Each contender runs in a process of its own, under a budget of memory, on
the same synthetic trips, and is judged on the same trips held out. What is timed is the job as a whole, from files to a
trained model: without imports, compiling and starting a cluster or a Java process, which a long job forgets. Memory is
the peak of the process tree, with all of that.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import importlib.util
import json
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import contenders
from benchmarks.contenders import CONTENDERS
from benchmarks.figure import figure
from data_scripts import files
from helpers import datasets, memory, synthetic, taxi
from helpers.environment import machine

HELD_OUT = 250_000  # trips after those that are trained on
LIMIT = 8_000_000_000  # bytes
SHORT = 15  # seconds: what takes less is run three times, and the median counts


def names() -> list[str]:
    """The contenders' module names."""
    return list(CONTENDERS)


def missing(name: str) -> str | None:
    """What a contender lacks here, in one sentence; None if it can run."""
    for package in CONTENDERS[name].needs:
        if package == "Java":
            if not shutil.which("java"):
                return "needs Java 17: `sudo apt install openjdk-17-jre-headless`, or adoptium.net"
        elif importlib.util.find_spec(package) is None:
            return f"needs a package: `pip install {package.replace('_', '-')}`"
    return None


def lines_of_code(name: str) -> int:
    """Lines of a contender's file that are neither blank nor comment nor docstring."""
    tree = ast.parse(_source(name))
    strings = {
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for line in range(node.lineno, node.end_lineno + 1)
    }
    lines = enumerate(_source(name).splitlines(), start=1)
    return sum(bool(text.strip()) and not text.strip().startswith("#") and line not in strings for line, text in lines)


def run(name: str, paths: Sequence[Path], first_held_out: int, limit: int = LIMIT) -> memory.Outcome:
    """Run a contender in a process of its own.

    Parameters
    ----------
    name : str
        Of its module.
    paths : sequence of Path
        Parquet files to train on.
    first_held_out : int
        Row of the synthetic trips where those held out begin.
    limit : int
        Bytes that all its processes may need together.

    Returns
    -------
    helpers.memory.Outcome
        Its value is ``(seconds, RMSE in US$)``.
    """
    return memory.run_capped(_job, name, [str(path) for path in paths], first_held_out, limit=limit)


def _job(name: str, paths: list[str], first_held_out: int) -> tuple[float, float]:
    contender = importlib.import_module(f"benchmarks.contenders.{name}")
    getattr(contender, "prepare", lambda: None)()
    start = time.perf_counter()
    predict = contender.train(paths)
    seconds = time.perf_counter() - start
    x, y = taxi.to_xy(synthetic.taxi_trips(first_held_out, first_held_out + HELD_OUT))
    predicted = np.asarray(predict(x))
    if predicted.shape != y.shape:  # numpy would compare every prediction with every fare
        raise ValueError(
            f"{name} predicts an array of shape {predicted.shape}; {y.shape} is wanted, a fare for each trip"
        )
    return seconds, float(np.sqrt(np.mean((predicted - y) ** 2)))


def measure(
    rows: int, chosen: Iterable[str], limit: int = LIMIT, say: Callable[[str], object] = lambda sentence: None
) -> pd.DataFrame:
    """Race contenders on synthetic trips that are on disk.

    Parameters
    ----------
    rows : int
        Trips to train on; whole files for those that are too slow for all of them.
    chosen : iterable of str
        Module names.
    limit : int
        Bytes for each.
    say : callable
        Told one sentence after each run.

    Returns
    -------
    pandas.DataFrame
        One row per contender, also for those that could not run or did not finish: ``remark`` says why.
    """
    table = []
    for name in chosen:
        about = CONTENDERS[name]
        n = min(rows, about.rows or rows)
        row = {"contender": about.title, "model": about.model, "lines": lines_of_code(name), "rows": n}
        why_not, seconds, peaks, rmse = missing(name), [], [], np.nan
        while why_not is None and (not seconds or (len(seconds) < 3 and seconds[0] < SHORT)):
            outcome = run(name, datasets.synthetic_taxi_files(n), rows, limit)
            why_not = outcome.error
            if why_not is None:
                duration, rmse = outcome.value
                seconds.append(duration)
                peaks.append(outcome.peak)
                say(f"{about.title}: {duration:.1f} s, {outcome.peak / 1e6:,.0f} MB, RMSE US$ {rmse:.3f}")
        if why_not is None:
            row |= {"seconds": statistics.median(seconds), "peak_MB": statistics.median(peaks) / 1e6, "rmse": rmse}
        else:
            say(f"{about.title}: {why_not}")
        table.append(row | {"remark": why_not or about.remark})
    columns = ["contender", "model", "rows", "seconds", "peak_MB", "rmse", "lines", "remark"]
    result = pd.DataFrame(table).reindex(columns=columns)
    result.insert(4, "rows_per_second", result.rows / result.seconds)
    return result


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.race", description=__doc__.splitlines()[0])
    parser.add_argument(
        "contenders", nargs="*", metavar="contender", help=f"some of {', '.join(names())} (default: all)"
    )
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--limit-gb", type=float, default=LIMIT / 1e9, help="memory for each contender's processes")
    parser.add_argument(
        "--to", type=Path, default=Path("build/benchmark.csv"), help="its machine and figure go beside it"
    )
    arguments = parser.parse_args(argv)
    unknown = set(arguments.contenders) - set(names())
    if unknown or arguments.rows < 1:
        parser.error(f"there is no contender {', '.join(unknown)}" if unknown else "--rows wants at least 1")
    return files.exit_code(lambda: _race(arguments))


def _race(arguments: argparse.Namespace) -> None:
    absent = [path for path in datasets.synthetic_taxi_files(arguments.rows) if not path.exists()]
    if absent:
        command = f"python -m data_scripts.taxi --synthetic --rows {arguments.rows}"
        raise FileNotFoundError(f"{len(absent)} files of trips are missing: run `{command}`")
    chosen = arguments.contenders or names()
    table = measure(arguments.rows, chosen, int(arguments.limit_gb * 1e9), lambda said: print(said, flush=True))
    print(table.drop(columns="remark").round(2).to_string(index=False))
    arguments.to.parent.mkdir(parents=True, exist_ok=True)
    table.round({"seconds": 2, "rows_per_second": -3, "peak_MB": 0, "rmse": 3}).to_csv(arguments.to, index=False)
    figure(table).savefig(arguments.to.with_suffix(".png"), dpi=120)
    about = machine.describe()["this machine"].drop(["disk for data", "scale"]).to_dict()
    about["date"] = time.strftime("%Y-%m-%d")
    arguments.to.with_suffix(".json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def _source(name: str) -> str:
    return Path(contenders.__path__[0], f"{name}.py").read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
