"""Measure the ways of this kit to train a linear model in one pass: ``make bench-stream ROWS=50_000_000``.

The job, the same for all: read synthetic taxi trips from Parquet in mixed order, clean them, compute 17 features,
standardise them, take one step of stochastic gradient descent per trip. pandas mixes all trips in memory and
standardises by the moments of all; the streams mix as `helpers.stream` does and take the moments of the first batch.
The bare scan reads the same stream and does nothing with it. Each run has a process of its own; times are medians,
without imports and without compiling, and memory is the peak of the process tree, with them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd

from data_scripts import taxi_synthetic
from helpers import datasets, memory, synthetic, taxi

HELD_OUT = 250_000  # trips after those that are trained on
UNLIMITED = 10**15
BUDGETS = {"pandas": 1_000_000_000, "numpy path": 512_000_000, "fused path": 512_000_000}  # bytes
Paths = list[Path]


def with_pandas(paths: Paths) -> tuple[float, Callable]:
    from sklearn.linear_model import SGDRegressor
    from sklearn.preprocessing import StandardScaler

    seconds = _clock()
    table = taxi.features(taxi.clean(pd.read_parquet(paths)))
    scaler = StandardScaler()
    x = scaler.fit_transform(table[taxi.FEATURES].to_numpy())
    model = SGDRegressor(penalty=None, max_iter=1, tol=None, random_state=0).fit(x, table[taxi.TARGET].to_numpy())
    return seconds(), lambda x: model.predict(scaler.transform(x))


def with_a_plain_loop(paths: Paths) -> tuple[float, Callable]:
    from sklearn.linear_model import SGDRegressor

    from benchmarks.contenders.kit_numpy import scaler_of

    seconds = _clock()
    scaler, model = scaler_of(paths, shuffle=True), SGDRegressor(penalty=None, shuffle=False)
    for batch in _stream(paths):
        table = taxi.features(taxi.clean(batch.to_pandas()))
        x = scaler.transform(table[taxi.FEATURES].to_numpy())
        model.partial_fit(x, table[taxi.TARGET].to_numpy())
    return seconds(), lambda x: model.predict(scaler.transform(x))


def with_numpy(paths: Paths) -> tuple[float, Callable]:
    from benchmarks.contenders import kit_numpy

    seconds = _clock()
    predict = kit_numpy.train(paths, shuffle=True)
    return seconds(), predict


def with_the_fused_loop(paths: Paths) -> tuple[float, Callable]:
    from benchmarks.contenders import kit_fused

    kit_fused.prepare()
    seconds = _clock()
    predict = kit_fused.train(paths, shuffle=True)
    return seconds(), predict


def scan(paths: Paths) -> tuple[float, None]:
    seconds = _clock()
    for _ in _stream(paths, read_ahead=2):
        pass
    return seconds(), None


def scan_in_order(paths: Paths) -> tuple[float, None]:
    seconds = _clock()
    for _ in _stream(paths, shuffle=False, read_ahead=2):
        pass
    return seconds(), None


CONTENDERS = {
    "pandas": with_pandas,
    "plain loop": with_a_plain_loop,
    "numpy path": with_numpy,
    "fused path": with_the_fused_loop,
    "bare scan": scan,
    "bare scan, unmixed": scan_in_order,
}


def _stream(paths: Paths, **options):
    from helpers import stream

    return stream.batches(paths, **{"shuffle": True, "batch_rows": 65_536} | options)


def _clock() -> Callable[[], float]:
    import time

    start = time.perf_counter()
    return lambda: time.perf_counter() - start


def _run(name: str, paths: Paths, first_held_out: int, limit: int) -> memory.Outcome:
    """Run a contender in a process of its own; the outcome's value is ``(seconds, RMSE in US$)``."""

    def job() -> tuple[float, float]:
        seconds, predict = CONTENDERS[name](paths)
        if predict is None:
            return seconds, np.nan
        x, y = taxi.to_xy(synthetic.taxi_trips(first_held_out, first_held_out + HELD_OUT))
        return seconds, float(np.sqrt(np.mean((predict(x) - y) ** 2)))

    return memory.run_capped(job, limit=limit)


def measure(rows: int, repeat: int) -> pd.DataFrame:
    """One row per contender: medians of `repeat` rounds, in each of which all run once."""
    taxi_synthetic.generate(rows)
    paths = datasets.synthetic_taxi_files(rows)
    rounds = []
    for number in range(repeat):
        for name in CONTENDERS:
            outcome = _run(name, paths, rows, UNLIMITED)
            if outcome.error:
                sys.exit(f"{name}: {outcome.error}\n{outcome.traceback}")
            seconds, rmse = outcome.value
            rounds.append({"contender": name, "seconds": seconds, "peak_MB": outcome.peak / 1e6, "rmse": rmse})
            print(f"{number + 1}/{repeat} {name}: {seconds:.1f} s, {outcome.peak / 1e6:,.0f} MB", flush=True)
    table = pd.DataFrame(rounds).groupby("contender", sort=False).median()
    table.insert(0, "rows", rows)
    table.insert(2, "rows_per_second", rows / table.seconds)
    table.insert(3, "times_the_scan", table.seconds["bare scan"] / table.seconds)
    table.insert(4, "times_pandas", table.seconds["pandas"] / table.seconds)
    return table


def draw(table: pd.DataFrame, path: Path) -> None:
    """Bars of speed and of memory."""
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(10, 3.2), sharey=True, layout="constrained")
    for ax, values, label in zip(
        axes,
        (table.rows_per_second / 1e6, table.peak_MB / 1e3),
        ("million rows per second", "peak memory of all processes (GB)"),
        strict=True,
    ):
        ax.bar_label(ax.barh(table.index, values), fmt="{:,.2f}", padding=3)
        ax.margins(x=0.15)
        ax.set_xlabel(label)
    axes[0].invert_yaxis()
    figure.suptitle(f"One pass over {table.rows.iloc[0]:,} taxi trips (synthetic, seed 0)")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)


def within_budgets(rows: int) -> None:
    """Say who finishes within a budget of memory, and why the others don't."""
    paths = datasets.synthetic_taxi_files(rows)
    for name, limit in BUDGETS.items():
        outcome = _run(name, paths, rows, limit)
        how = outcome.error or f"finished with a peak of {outcome.peak / 1e6:,.0f} MB"
        print(f"{name}, {rows:,} rows within {limit / 1e6:,.0f} MB: {how}", flush=True)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--repeat", type=int, default=3, help="rounds whose median counts")
    parser.add_argument("--to", type=Path, default=Path("build/bench_stream.csv"), help="a plot goes beside it")
    arguments = parser.parse_args(argv)
    table = measure(arguments.rows, arguments.repeat)
    print(table.round(2).to_string())
    arguments.to.parent.mkdir(parents=True, exist_ok=True)
    table.round(
        {"seconds": 2, "rows_per_second": -3, "times_the_scan": 3, "times_pandas": 2, "peak_MB": 0, "rmse": 3}
    ).to_csv(arguments.to)
    draw(table, Path("build") / f"{arguments.to.stem}.png")
    within_budgets(arguments.rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
