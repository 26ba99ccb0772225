"""Trees from all workers' disks: as one machine's, an empty shard, a worker that dies, a full disk, no file left."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
import types

import dask
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xgboost as xgb
from distributed import Client

from helpers import trees

ROWS = 12_000


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """Six row groups of numbers x and z, and y = x² + z."""
    path = tmp_path_factory.mktemp("rows") / "rows.parquet"
    x, z = np.random.default_rng(0).random((2, ROWS), dtype="f4")
    pq.write_table(pa.table({"x": x, "z": z, "y": x * x + z}), path, row_group_size=2_000)
    return path


@pytest.fixture(scope="module")
def client():
    # A busy machine takes longer to start a worker anew than Dask's 15 seconds; then it would not come back at all.
    dask.config.set({"distributed.deploy.lost-worker-timeout": "2 minutes"})
    with Client(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0") as client:
        client.run(__import__, "xgboost")  # before any clock runs
        yield client


def to_xy(batch):
    return np.column_stack([batch["x"], batch["z"]]), batch["y"].to_numpy()


def folders(client) -> list[str]:
    """What lies in the directories of the workers."""
    found = client.run(lambda dask_worker: os.listdir(dask_worker.local_directory))
    return sorted(name for names in found.values() for name in names)


def test_two_workers_grow_the_trees_of_one_matrix_from_all_rows_and_leave_no_file(client, path):
    before = folders(client)
    booster, rows = trees.fit(client, to_xy, paths=[path], rounds=5)
    assert rows == ROWS
    assert folders(client) == before
    X, y = to_xy(pq.read_table(path).combine_chunks().to_batches()[0])
    alone = xgb.train({}, xgb.QuantileDMatrix(X, y), 5)
    # Bins differ a little, since each worker first sketches its own rows.
    assert np.abs(booster.inplace_predict(X) - alone.inplace_predict(X)).mean() < 0.01
    assert np.sqrt(np.mean((booster.inplace_predict(X) - y) ** 2)) < 0.4 * y.std()


@pytest.mark.parametrize("kept", [{0, 2, 4}, {1, 3, 5}])
def test_a_shard_without_rows_does_not_hang_the_other(client, path, kept):
    groups = [pq.ParquetFile(path).read_row_group(number, ["x"])["x"][0].as_py() for number in kept]

    def to_some(batch):
        X, y = to_xy(batch)
        return (X, y) if len(X) and X[0, 0] in np.float32(groups) else (X[:0], y[:0])

    booster, rows = trees.fit(client, to_some, paths=[path], rounds=3)
    assert rows == ROWS / 2
    assert booster.num_boosted_rounds() == 3


def test_fewer_row_groups_than_workers_will_do(client, tmp_path, path):
    pq.write_table(pq.read_table(path).slice(0, 500), tmp_path / "few.parquet")
    assert trees.fit(client, to_xy, paths=[tmp_path / "few.parquet"], rounds=2)[1] == 500


@pytest.mark.parametrize("when", ["reading", "growing"])
def test_a_worker_that_dies_ends_the_training_with_a_sentence_and_the_next_one_works(client, path, when, tmp_path):
    pids, started = sorted(client.run(os.getpid).values()), tmp_path / "started"

    def slowly(batch):
        started.touch()
        if when == "reading":
            time.sleep(0.2)
        return to_xy(batch)

    def kill():
        while not started.exists():
            time.sleep(0.05)
        time.sleep(0.3 if when == "reading" else 2)
        os.kill(pids[0], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    begun = time.monotonic()
    with pytest.raises(RuntimeError, match=r"a worker died while it trained .* a tree needs the rows of all"):
        trees.fit(client, slowly, paths=[path], rounds=100_000)
    assert time.monotonic() - begun < 60
    killer.join()
    client.wait_for_workers(2, timeout=120)
    assert trees.fit(client, to_xy, paths=[path], rounds=2)[1] == ROWS
    assert not [name for name in folders(client) if name.startswith("tmp")]


def test_a_full_disk_is_found_out_before_it_is_filled(client, path):
    usage = client.run(set_usage, lambda folder: types.SimpleNamespace(free=100_000))
    try:
        with pytest.raises(OSError, match=r"the disk of .* has 0 MB free and the binned rows need \d MB: free some"):
            trees.fit(client, to_xy, paths=[path], rounds=2)
    finally:
        client.run(set_usage, next(iter(usage.values())))


def set_usage(function):
    """What a worker's disk is said to have; returns what said so before."""
    before, shutil.disk_usage = shutil.disk_usage, function
    return before


def test_an_error_of_the_callers_function_comes_through_and_hangs_nobody(client, path):
    def broken(batch):
        if len(batch):
            raise ValueError("no such feature")
        return to_xy(batch)

    with pytest.raises(ValueError, match="no such feature"):
        trees.fit(client, broken, paths=[path], rounds=2)


def test_no_row_and_no_round_are_said_in_a_sentence(client, path):
    with pytest.raises(ValueError, match="to_xy keeps none"):
        trees.fit(client, lambda batch: to_xy(batch.slice(0, 0)), paths=[path], rounds=2)
    with pytest.raises(ValueError, match="rounds is 0: a whole number of at least 1"):
        trees.fit(client, to_xy, paths=[path], rounds=0)
    with pytest.raises(ValueError, match="paths is empty"):
        trees.fit(client, to_xy, paths=[], rounds=1)
