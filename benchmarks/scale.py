"""Train one model on 1, 2, 4 … workers, up to this machine's cores: ``make bench-scale ROWS=50_000_000``.

The job is that of `benchmarks.stream`, in the files' order: synthetic taxi trips from Parquet, cleaned, 17 features,
standardised, one step of stochastic gradient descent per trip; here by `helpers.local_sgd` in as many shards as there
are cores, at least 8. Workers are processes with one thread each; Dask's profiler and dashboard are off. Times are
medians, without starting and compiling; memory is the largest of any worker; bytes sent are the models, there and
back, and the steps that travel with them.

How long n workers take is predicted by the planner from one worker alone: a pass over few trips tells what messages
cost, whoever works, and the pass over all of them what a row costs.
"""

from __future__ import annotations

import argparse
import logging
import os
import statistics
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import cloudpickle
import dask
import numpy as np
import pandas as pd
from distributed import Client
from sklearn.linear_model import SGDRegressor

from benchmarks.contenders import kit_fused
from benchmarks.contenders.kit_numpy import scaler_of
from benchmarks.planner import fit_line
from benchmarks.stream import HELD_OUT
from data_scripts import taxi_synthetic
from helpers import datasets, fused, local_sgd, memory, synthetic, taxi
from helpers.planning.assumptions import Assumptions, Measured
from helpers.planning.planner import plan

FEW = 100_000  # trips of a pass that is nearly all messages
PARTS = 32  # shards times rounds: 4 rounds of 8 shards, as on the page
COLUMNS = ["workers", "rows", "seconds", "rows_per_second", "peak_MB", "bytes_sent", "rmse", "predicted_seconds"]
PROCESSOR = Assumptions(  # a core of this machine, which reads files from memory and sends nothing over a network
    cores_per_machine=1,
    price_usd_per_hour=0,
    read_gb_per_s=100,
    network_gbit_per_s=100,
    message_s=0,
    scheduler_s=0,
    model_mb=0.001,
    rows_between_syncs=1e6,
    step_spread=0,
    task_mb=256,
    file_mb=256,
    open_s=0,
    failures_per_hour=0,
    restart_min=0,
    checkpoint_min=1e6,
    save_s=0,
)


def one_pass(client: Client, paths: list[Path], shards: int):
    """The model after a pass, its seconds, and the bytes that travelled for it."""
    scaler = scaler_of(paths, shuffle=False)

    def step(model, batch):
        return fused.partial_fit(model, batch, scaler=scaler)

    rounds = max(1, PARTS // shards)
    start = time.perf_counter()
    model, _ = local_sgd.fit(
        client,
        SGDRegressor(penalty=None, shuffle=False),
        step=step,
        paths=paths,
        shards=shards,
        rounds=rounds,
        shuffle=False,
    )
    seconds = time.perf_counter() - start
    sent = shards * rounds * len(cloudpickle.dumps((step, model, paths, model)))
    return (lambda trips: model.predict(scaler.transform(trips))), seconds, sent


def measure(rows: int, numbers: list[int], shards: int, repeat: int) -> pd.DataFrame:
    """A row for each number of workers."""
    for count in (FEW, rows):
        taxi_synthetic.generate(count)
    few, paths = datasets.synthetic_taxi_files(FEW), datasets.synthetic_taxi_files(rows)
    x, y = taxi.to_xy(synthetic.taxi_trips(rows, rows + HELD_OUT))
    bytes_per_row = sum(path.stat().st_size for path in paths) / rows
    seconds, overheads, peaks, errors = {}, [], {}, {}
    # All numbers of workers once, then all again: a machine that slows down for a while does so for each of them.
    for number in numbers * repeat:
        with (
            dask.config.set({"distributed.worker.profile.enabled": False}),  # it takes a fortieth of each worker
            Client(
                n_workers=number,
                threads_per_worker=1,
                memory_limit=0,
                host="127.0.0.1",
                dashboard_address=None,
                silence_logs=logging.CRITICAL,
            ) as client,
        ):
            client.run(kit_fused.prepare)
            one_pass(client, few, shards)  # opens and compiles what is opened and compiled once
            overhead = one_pass(client, few, shards)[1]
            with _largest_of(client.run(os.getpid).values()) as peak:
                predict, took, sent = one_pass(client, paths, shards)
        seconds.setdefault(number, []).append(took)
        overheads += [overhead] if number == 1 else []
        peaks[number] = max(peaks.get(number, 0), peak[0])
        errors[number] = float(np.sqrt(np.mean((predict(x) - y) ** 2)))
        print(f"{number} workers: {took:.1f} s", flush=True)
    seconds = {number: statistics.median(runs) for number, runs in seconds.items()}
    # On a busy machine few rows may take longer than many.
    overhead = min(statistics.median(overheads), 0.9 * seconds[1])
    start, per_row = fit_line([[(FEW, overhead), (rows, seconds[1])]])
    measured = Measured(rows_per_second=1 / per_row, bytes_per_row=bytes_per_row)
    table = []
    for number, took in seconds.items():
        predicted = plan(rows * bytes_per_row, machines=number, measured=measured, assumptions=PROCESSOR)["hours"]
        predicted = start + 3600 * predicted
        table.append([number, rows, took, rows / took, peaks[number] / 1e6, sent, errors[number], predicted])
    return pd.DataFrame(table, columns=COLUMNS).set_index("workers")


@contextmanager
def _largest_of(pids: Iterable[int]) -> Iterator[list[int]]:
    """The most memory of any of some processes while the block runs, in bytes; a list of one number."""
    peak, done, pids = [0], threading.Event(), list(pids)

    def look() -> None:
        while not done.wait(0.5):
            peak[0] = max(peak[0], *map(memory.tree_memory, pids))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        peak[0] = max(peak[0], *map(memory.tree_memory, pids))
        done.set()
        thread.join()


def main(argv: list[str] | None = None) -> int:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--most", type=int, default=cores, help="workers (default: the cores there are)")
    parser.add_argument("--repeat", type=int, default=3, help="passes whose median counts")
    parser.add_argument("--to", type=Path, default=Path("build/bench_scale.csv"))
    arguments = parser.parse_args(argv)
    if arguments.rows <= FEW or arguments.most < 1 or arguments.repeat < 1:
        parser.error(f"--rows wants more than {FEW:,}, --most and --repeat at least 1")
    numbers = [2**power for power in range(arguments.most.bit_length())]
    table = measure(arguments.rows, numbers, max(8, numbers[-1]), arguments.repeat)
    arguments.to.parent.mkdir(parents=True, exist_ok=True)
    table.round(
        {"seconds": 2, "rows_per_second": -3, "peak_MB": 0, "bytes_sent": 0, "rmse": 4, "predicted_seconds": 2}
    ).to_csv(arguments.to)
    print(table.assign(speedup=table.rows_per_second / table.rows_per_second.iloc[0]).round(3).to_string())
    paths = datasets.synthetic_taxi_files(arguments.rows)
    start = time.perf_counter()
    predict = kit_fused.train(paths, shuffle=False)
    seconds = time.perf_counter() - start
    x, y = taxi.to_xy(synthetic.taxi_trips(arguments.rows, arguments.rows + HELD_OUT))
    rmse = np.sqrt(np.mean((predict(x) - y) ** 2))
    print(f"one process without a cluster: {seconds:.2f} s with compiling, RMSE {rmse:.4f}; {cores} cores")
    return 0


if __name__ == "__main__":
    sys.exit(main())
