"""XGBoost on all workers of a Dask cluster, with the rows on their disks: memory for a few numbers a row, not for all.

Used by the notebook about Dask and taxi trips. ``xgboost.dask`` keeps the rows of a worker in its memory. Here each
worker is a rank of XGBoost's own collective: it streams its shard, keeps the binned features in a temporary folder
(external memory), and exchanges histograms with the others.

Sources: XGBoost's documentation, Using XGBoost External Memory Version, and Distributed Training with a tracker.
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
from xgboost.collective import CommunicatorContext
from xgboost.core import XGBoostError
from xgboost.tracker import RabitTracker

from helpers import stream

PAGE_ROWS = 250_000  # rows that are read, binned and used together
MAX_BIN = 256
PATIENCE = 10  # seconds from the first error to the one that explains it
CACHE_ROW_BYTES = 12  # on the disk, beside two bytes for each feature; measured
SHARD_SECONDS = 3_600  # that a worker waits for one with a larger shard; of one that died it hears at once

XY = tuple[np.ndarray, np.ndarray]


def fit(
    client: Client,
    to_xy: Callable[[pa.RecordBatch], XY],
    paths: str | Path | Iterable[str | Path],
    *,
    rounds: int,
    parameters: dict | None = None,
) -> tuple[xgb.Booster, int]:
    """Train on every row that `to_xy` keeps; all workers together grow each tree.

    Parameters
    ----------
    client : distributed.Client
        Its workers see the files under the same paths; each gets every n-th row group.
    to_xy : callable
        Takes a ``pyarrow.RecordBatch``, even an empty one; returns features, float32 of shape (rows, features), and
        labels, of shape (rows,). It travels to the workers and is called three times for each batch.
    paths : str, Path or iterable of them
        Parquet files.
    rounds : int
        Trees, at least 1.
    parameters : dict, optional
        Of ``xgboost.train``.

    Returns
    -------
    booster : xgboost.Booster
    rows : int
        That it learned from.

    Raises
    ------
    ValueError
        If an argument makes no sense, or no row is kept. What `to_xy` raises on a worker comes through, too.
    OSError
        If a worker's disk has no room for its rows.
    RuntimeError
        If the cluster has no worker, or one dies: a tree needs the rows of all of them, so the training ends.
    """
    if rounds != int(rounds) or rounds < 1:
        raise ValueError(f"rounds is {rounds}: a whole number of at least 1 is needed")
    paths = [paths] if isinstance(paths, (str, Path)) else list(paths)
    if not paths:
        raise ValueError("paths is empty: there is no file to read")
    addresses = sorted(client.nthreads())
    if not addresses:
        raise RuntimeError("the cluster has no worker: start one, then run it again")
    hosts = [get_address_host(address) for address in addresses]
    # Workers reach this process where the scheduler does; on this machine alone, nobody else can.
    here = get_address_host(client.scheduler_comm.comm.local_address)
    tracker = RabitTracker(n_workers=len(addresses), host_ip=here, sortby="task")
    tracker.start()
    meeting = {"dmlc_communicator": "rabit", "dmlc_timeout": SHARD_SECONDS, **tracker.worker_args()}
    futures = []
    for rank, address in enumerate(addresses):
        task = {"shard": (rank, len(addresses)), "neighbours": hosts.count(hosts[rank])}
        task |= {"meeting": {**meeting, "dmlc_task_id": f"{rank:06}"}, "rounds": int(rounds)}
        task |= {"parameters": {"max_bin": MAX_BIN, **(parameters or {})}, "to_xy": to_xy, "paths": paths}
        futures.append(client.submit(_train, **task, workers=[address], pure=False))
    try:
        _wait(client, futures, addresses)
        boosters, rows = zip(*client.gather(futures), strict=True)
    finally:
        client.cancel(futures)
        with suppress(XGBoostError):  # it minds being stopped before the workers have met
            tracker.free()
    return boosters[0], sum(rows)


def _wait(client: Client, futures: Sequence[Future], addresses: Sequence[str]) -> None:
    """Until all are done; the first error that says more than that another worker is gone ends it."""
    left = PATIENCE
    while any(future.status != "finished" for future in futures):
        gone = set(addresses) - set(client.nthreads())
        if gone:
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


def _train(to_xy, paths, *, shard, neighbours, meeting, parameters, rounds) -> tuple[xgb.Booster | None, int]:
    """What a worker does: its shard into a folder, then one tree after the other, together with the others."""
    worker = get_worker()
    parameters = {"nthread": worker.state.nthreads, **parameters}
    cores = pa.cpu_count()
    pa.set_cpu_count(1)  # else every worker reads with all cores
    try:
        # Of a worker that dies, Dask itself removes this directory.
        with tempfile.TemporaryDirectory(dir=worker.local_directory, ignore_cleanup_errors=True) as folder:
            with CommunicatorContext(**meeting):
                pages = _Pages(to_xy, paths, shard, folder, neighbours)
                matrix = xgb.ExtMemQuantileDMatrix(pages, max_bin=parameters["max_bin"], nthread=parameters["nthread"])
                booster = xgb.train(parameters, matrix, rounds)
            rows = matrix.num_row()
            del matrix  # it holds the files open
        return (None if shard[0] else booster), rows
    finally:
        pa.set_cpu_count(cores)


class _Pages(xgb.DataIter):
    """A shard as XGBoost reads it, several times: page by page, and at least one, since an empty page hangs nobody."""

    def __init__(self, to_xy, paths, shard, folder, neighbours):
        super().__init__(cache_prefix=str(Path(folder, "page")))
        self.to_xy, self.paths, self.shard, self.folder, self.neighbours = to_xy, paths, shard, folder, neighbours
        self.passes = self.needed = 0

    def reset(self) -> None:
        if self.passes == 1:  # the rows are counted, and none is on the disk yet
            _check_space(self.folder, self.needed * self.neighbours)
        self.passes += 1
        self.pages = self._read()

    def next(self, input_data: Callable) -> bool:
        X, y = next(self.pages, (None, None))
        if X is None:
            return False
        self.needed += len(X) * (2 * X.shape[1] + CACHE_ROW_BYTES)
        input_data(data=X, label=y)
        return True

    def _read(self) -> Iterator[XY]:
        empty = pa.RecordBatch.from_pylist([], pq.read_schema(self.paths[0]))
        held, given = [self.to_xy(empty)], False
        for batch in stream.batches(self.paths, shard=self.shard):
            held.append(self.to_xy(batch))
            if sum(len(y) for _, y in held) >= PAGE_ROWS:
                yield _joined(held)
                given = True
        if not given or held:
            yield _joined(held)


def _joined(parts: list[XY]) -> XY:
    X, y = zip(*parts, strict=True)
    parts.clear()  # else they would wait beside the page
    return np.concatenate(X), np.concatenate(y)


def _check_space(folder: str, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise OSError(
            f"the disk of {folder} has {free / 1e6:,.0f} MB free and the binned rows need {needed / 1e6:,.0f} MB: free "
            "some, or start Dask with another temporary-directory"
        )
