"""Train on a billion taxi trips that are made on the fly, without a disk: ``make billion``.

Processes beside this one make the trips (synthetic, seed 0), in random order; this one learns from them by the fused
loop or the numpy path. Prints the processor seconds spent making trips, all processes added up, those spent learning,
and the peak memory of all processes together. (Processor seconds, as makers and learner share the cores: the learner
waits for trips most of the time.)
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice

import numpy as np
import pyarrow as pa

from helpers import memory, synthetic, taxi

PIECE = synthetic.BLOCK_ROWS  # rows that a process makes at a time
PROCESSES = 2
HELD_OUT = 250_000


def make(start: int, stop: int) -> tuple[pa.RecordBatch, float]:
    """Trips of a range of rows, and the processor seconds it took to make them."""
    clock = time.thread_time()
    batch = synthetic.taxi_trips(start, stop).combine_chunks().to_batches()[0]
    return batch, time.thread_time() - clock


def pieces(pool, rows: int) -> Iterator[tuple[pa.RecordBatch, float]]:
    """All pieces in order. Each process has one in the making and one that waits, so memory does not grow."""
    ranges = ((start, min(start + PIECE, rows)) for start in range(0, rows, PIECE))
    waiting = [pool.apply_async(make, part) for part in islice(ranges, 2 * PROCESSES)]
    while waiting:
        yield waiting.pop(0).get()
        waiting += [pool.apply_async(make, part) for part in islice(ranges, 1)]


def fused_path() -> Callable:
    from helpers import fused  # not for the processes that make trips: they start faster and take less memory

    return fused.partial_fit


def numpy_path() -> Callable:
    def partial_fit(model, batch: pa.RecordBatch, *, scaler) -> None:
        model.partial_fit(*taxi.to_xy(batch, scaler=scaler))

    return partial_fit


PATHS = {"fused": fused_path, "numpy": numpy_path}


def train(rows: int, learn: Callable) -> None:
    """Learn from the first `rows` trips and print what it took."""
    from sklearn.linear_model import SGDRegressor
    from sklearn.preprocessing import StandardScaler

    from data_scripts import files

    scaler = StandardScaler().fit(taxi.to_xy(synthetic.taxi_trips(0, synthetic.BLOCK_ROWS))[0])
    model = SGDRegressor(penalty=None, shuffle=False)
    learn(model, make(0, 100)[0], scaler=scaler)  # compiles
    model = SGDRegressor(penalty=None, shuffle=False)
    making = learning = 0.0
    start = time.perf_counter()
    with (
        memory.watch(1) as trace,
        multiprocessing.get_context("spawn").Pool(PROCESSES) as pool,
        files.bar(rows, "Learning") as bar,
    ):
        for batch, seconds in pieces(pool, rows):
            making += seconds
            clock = time.thread_time()
            learn(model, batch, scaler=scaler)
            learning += time.thread_time() - clock
            bar.update(len(batch))
    total = time.perf_counter() - start
    x, y = taxi.to_xy(synthetic.taxi_trips(rows, rows + HELD_OUT), scaler=scaler)
    rmse = np.sqrt(np.mean((model.predict(x) - y) ** 2))
    print(
        f"{rows:,} trips (synthetic, seed 0) in {total:.0f} s: {making:.0f} processor seconds of making them "
        f"in {PROCESSES} processes, {learning:.1f} of learning ({rows / learning / 1e6:.1f} million trips a second); "
        f"peak memory {trace.peak / 1e6:,.0f} MB; RMSE on trips held out US$ {rmse:.3f}",
        flush=True,
    )


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000_000)
    parser.add_argument("--path", choices=PATHS, default="fused")
    arguments = parser.parse_args(argv)
    if arguments.rows < 1:
        parser.error("--rows wants at least 1")
    train(arguments.rows, PATHS[arguments.path]())
    return 0


if __name__ == "__main__":
    sys.exit(main())
