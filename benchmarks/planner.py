"""Time one pass at several sizes: ``python -m benchmarks.planner``. The planner predicts the others from the first.

The pass is the fused one of `benchmarks.stream`, in this process. All sizes take turns, and medians of several rounds
are written. The largest is also read once before, so that its files are in memory, where that is large enough.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import SGDRegressor

from benchmarks.contenders.kit_numpy import scaler_of
from data_scripts import taxi_synthetic
from helpers import datasets, fused, stream
from helpers.environment import config


def one_pass(paths: list[Path]) -> list[tuple[int, float]]:
    """Rows done and seconds gone after each batch."""
    scaler, model = scaler_of(paths, shuffle=True), SGDRegressor(penalty=None, shuffle=False)
    marks, rows, start = [], 0, time.perf_counter()
    for batch in stream.batches(paths, batch_rows=65_536, shuffle=True, read_ahead=2):
        fused.partial_fit(model, batch, scaler=scaler)
        rows += len(batch)
        marks.append((rows, time.perf_counter() - start))
    return marks


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


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    sizes = [config.SCALES[name] for name in ("small", "medium", "large")]
    parser.add_argument("--rows", type=int, nargs="+", default=sizes)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--to", type=Path, default=Path("notebooks/planner.csv"))
    arguments = parser.parse_args(argv)
    files = {}
    for rows in arguments.rows:
        taxi_synthetic.generate(rows)
        files[rows] = datasets.synthetic_taxi_files(rows)
        one_pass(files[rows])
    runs = [(rows, one_pass(files[rows])) for _ in range(arguments.repeat) for rows in files]
    start, per_row = fit_line([marks for rows, marks in runs if rows == arguments.rows[0]])
    ends = pd.DataFrame([(rows, marks[-1][1]) for rows, marks in runs], columns=["rows", "seconds"])
    table = ends.groupby("rows").median()
    table["predicted"] = start + per_row * table.index
    table.round(4).to_csv(arguments.to)
    print(table.assign(error=table.predicted / table.seconds - 1).round(3).to_string())


if __name__ == "__main__":
    main()
