"""XGBoost on all workers of a Dask cluster, with the rows on their disks: in memory stay a few numbers a row.

Used by the notebook about how many rows fit. Each worker streams its shard, and enters XGBoost's own collective, in
which they exchange histograms. Source: XGBoost's documentation, Using XGBoost External Memory Version.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import xgboost as xgb
from distributed import Client, Future, get_worker
from distributed.comm import get_address_host
from xgboost.collective import CommunicatorContext, Op, allreduce
from xgboost.core import XGBoostError
from xgboost.tracker import RabitTracker

from helpers import stream

PAGE_ROWS = 250_000  # rows that are read, binned and used together
PATIENCE = 10  # seconds from an error that only says that another worker is gone to the one that says why
SHARD_SECONDS = 3_600  # that a worker waits for one with a larger shard; of one that died it hears at once


def fit(
    client: Client, to_xy: Callable, *, paths: Iterable[str | Path], rounds: int, parameters: dict | None = None
) -> tuple[xgb.Booster, int]:
    """Grow trees together from every row that `to_xy` keeps; returns the booster, and how many rows that were.

    Parameters
    ----------
    client : distributed.Client
        Its workers see the files under the same paths; each of n gets every n-th row group.
    to_xy : callable
        Travels to the workers. Takes a ``pyarrow.RecordBatch``, even an empty one; returns features, float32 of shape
        (rows, features), and labels, of shape (rows,). It is called several times for each batch.
    paths : iterable of str or Path
        Parquet files.
    rounds, parameters : int, dict
        Trees, and what ``xgboost.train`` takes.

    Raises
    ------
    ValueError, OSError, RuntimeError
        If an argument makes no sense or no row is kept; if a worker's disk has no room for its rows; if there is no
        worker, or one dies, as a tree needs the rows of all. What `to_xy` raises on a worker comes through, too.
    """
    if rounds != int(rounds) or rounds < 1:
        raise ValueError(f"rounds is {rounds}: a whole number of at least 1 is needed")
    if not (paths := list(paths)):
        raise ValueError("paths is empty: there is no file to read")
    if not (addresses := sorted(client.nthreads())):
        raise RuntimeError("the cluster has no worker: start one, then run it again")
    hosts = [get_address_host(address) for address in addresses]
    # Where the scheduler sees this process, workers reach it; on a cluster of this machine nobody else does.
    here = get_address_host(client.scheduler_comm.comm.local_address)
    tracker = RabitTracker(n_workers=len(addresses), host_ip=here, sortby="task")
    tracker.start()
    futures = []
    for rank, address in enumerate(addresses):
        meeting = {**tracker.worker_args(), "dmlc_task_id": f"{rank:06}", "dmlc_timeout": SHARD_SECONDS}
        work = to_xy, paths, (rank, len(addresses)), hosts.count(hosts[rank]), meeting, parameters or {}, int(rounds)
        futures.append(client.submit(_train, *work, workers=[address], pure=False))
    try:
        _wait(client, futures, addresses)
        boosters, rows = zip(*client.gather(futures), strict=True)
    finally:
        client.cancel(futures)
        with suppress(XGBoostError):  # it minds being stopped before the workers have met
            tracker.free()
    return boosters[0], sum(rows)


def _wait(client: Client, futures: Sequence[Future], addresses: Sequence[str]) -> None:
    """Until all are done, or one is gone or has failed; an error of XGBoost may only tell that another one has."""
    left = PATIENCE
    while any(future.status != "finished" for future in futures):
        if gone := set(addresses) - set(client.nthreads()):
            raise RuntimeError(
                f"a worker died while it trained ({min(gone)}), and a tree needs the rows of all: give the workers "
                "more memory or train on fewer rows, then run it again"
            )
        errors = [future.exception() for future in futures if future.status == "error"]
        told = [error for error in errors if not isinstance(error, XGBoostError)]
        if told or (errors and left <= 0):
            raise (told or errors)[0]
        left -= 0.5 if errors else 0
        time.sleep(0.5)


def _train(to_xy, paths, shard, neighbours, meeting, parameters, rounds) -> tuple[xgb.Booster | None, int]:
    worker = get_worker()
    parameters = {"nthread": worker.state.nthreads, "max_bin": 256, **parameters}
    matrix_options = {name: parameters[name] for name in ("nthread", "max_bin")}
    # Of a worker that dies, Dask itself removes the local directory.
    with tempfile.TemporaryDirectory(dir=worker.local_directory, ignore_cleanup_errors=True) as folder:
        with CommunicatorContext(**meeting):
            matrix = xgb.ExtMemQuantileDMatrix(_Pages(to_xy, paths, shard, neighbours, folder), **matrix_options)
            booster, rows = xgb.train(parameters, matrix, rounds), matrix.num_row()
        del matrix  # it holds the files open
    return (None if shard[0] else booster), rows


class _Pages(xgb.DataIter):
    """A shard as XGBoost reads it, several times: at least one page, as it takes an empty one, but not none."""

    def __init__(self, to_xy, paths, shard, neighbours, folder):
        super().__init__(cache_prefix=str(Path(folder, "page")))
        self.to_xy, self.paths, self.shard, self.neighbours, self.folder = to_xy, paths, shard, neighbours, folder
        self.passes = self.needed = 0
        if not allreduce(np.array([any(len(y) for _, y in self._read())], dtype="i4"), Op.MAX)[0]:
            raise ValueError("to_xy keeps none of the rows of any shard: it needs some to learn from")

    def reset(self) -> None:
        free, needed = shutil.disk_usage(self.folder).free, self.needed * self.neighbours
        if self.passes == 1 and needed > free:  # the rows are counted, and none is on the disk yet
            raise OSError(
                f"the disk of {self.folder} has {free / 1e6:,.0f} MB free and the binned rows need "
                f"{needed / 1e6:,.0f} MB: free some, or start Dask with another temporary-directory"
            )
        self.passes += 1
        self.pages = self._read()

    def next(self, input_data: Callable) -> bool:
        for X, y in self.pages:
            self.needed += len(X) * (2 * X.shape[1] + 12)  # bytes on the disk, measured
            input_data(data=X, label=y)
            return True
        return False

    def _read(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        held = [self.to_xy(pa.RecordBatch.from_pylist([], pq.read_schema(self.paths[0])))]
        for batch in stream.batches(self.paths, shard=self.shard):
            held.append(self.to_xy(batch))
            if sum(len(y) for _, y in held) >= PAGE_ROWS:
                yield _joined(held)
        if held:
            yield _joined(held)


def _joined(parts: list[tuple]) -> tuple[np.ndarray, np.ndarray]:
    X, y = zip(*parts, strict=True)
    parts.clear()  # else they would wait beside the page
    return np.concatenate(X), np.concatenate(y)
