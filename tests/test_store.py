"""Data in an object store: the same rows as from a folder, whatever the network does, or one sentence."""

from __future__ import annotations

import importlib.util
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from sklearn.linear_model import SGDRegressor

from data_scripts import files, taxi, taxi_synthetic
from helpers import datasets, store, stream
from helpers import taxi as trips_of
from helpers.environment import config
from tests import object_store

ROWS = 20_000


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    if not importlib.util.find_spec("moto"):
        pytest.skip("needs an S3 server: pip install 'moto[s3]' flask-cors")
    with object_store.serve(tmp_path_factory.mktemp("moto")) as running:
        yield running


@pytest.fixture
def address(server, monkeypatch, request) -> store.Address:
    """A place of its own for each test, where WORKSHOP_DATA points."""
    place = f"s3://bucket/{request.node.name.partition('[')[0]}{next(_places)}"
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "any")
    monkeypatch.setenv("WORKSHOP_DATA", place)
    server.fault = lambda asked: None
    server.requests.clear()
    return store.located(place)


_places = count()


@pytest.fixture
def numbers(address) -> store.Address:
    """An object of 4 row groups with the numbers from 0 to 3,999."""
    path = address / "numbers.parquet"
    pq.write_table(pa.table({"number": np.random.default_rng(0).permutation(4_000)}), path, row_group_size=1_000)
    return path


def read(path) -> np.ndarray:
    return np.concatenate([batch["number"].to_numpy() for batch in stream.batches(path)])


def _open() -> datasets.Dataset:
    return datasets.described(datasets.synthetic_taxi_files(ROWS), trips_of.SCHEMA, noun="trips", script="taxi")


def test_from_a_store_come_the_rows_and_the_weights_that_a_folder_gives(address, server, tmp_path, monkeypatch):
    assert taxi.main(["--synthetic", "--rows", str(ROWS)]) == 0
    server.requests.clear()
    remote = _open()
    monkeypatch.setenv("WORKSHOP_DATA", str(tmp_path))
    taxi_synthetic.generate(ROWS)
    local = _open()
    assert str(remote) == str(local)
    for options in ({}, {"shuffle": True, "batch_rows": 3_000}, {"start": 9_000, "columns": ["fare_amount"]}):
        assert list(remote.stream(**options)) == list(local.stream(**options))
    fetched = [asked for asked in server.requests if asked.startswith("GET") and asked.partition("parquet ")[2]]
    assert len(fetched) == 4  # the footer once, and the row group once for each stream
    full = {"where": pc.field("passenger_count") > 2}
    assert list(remote.stream(**full)) == list(local.stream(**full))
    fares = [data.dask(["fare_amount"]).fare_amount.sum().compute(scheduler="sync") for data in (remote, local)]
    assert fares[0] == fares[1]
    models = [SGDRegressor(shuffle=False), SGDRegressor(shuffle=False)]
    for model, data in zip(models, (remote, local), strict=True):
        for batch in data.stream(["passenger_count", "fare_amount"], batch_rows=4_000):
            model.partial_fit(batch["passenger_count"].to_numpy().reshape(-1, 1), batch["fare_amount"].to_numpy())
    assert np.array_equal(models[0].coef_, models[1].coef_)


@pytest.mark.parametrize("fault", [503, "cut"])
def test_what_passes_is_survived_without_a_row_twice_or_lost(numbers, server, fault):
    whole = read(numbers)
    assert np.array_equal(np.sort(whole), np.arange(4_000))
    faults = iter([None, fault, None, fault])
    server.fault = lambda asked: next(faults, None) if asked.startswith("GET bucket/") else None
    assert np.array_equal(read(numbers), whole)
    assert next(faults, "all came") == "all came"


def test_an_object_that_is_written_anew_meanwhile_ends_the_pass(numbers):
    batches = stream.batches(numbers)
    first = next(batches)
    pq.write_table(pa.table({"number": np.arange(4_000)}), numbers, row_group_size=1_000)
    with pytest.raises(store.Unreachable, match=r"numbers\.parquet was written anew while it was read: begin the pass"):
        for batch in batches:
            assert not set(batch["number"].to_pylist()) & set(first["number"].to_pylist())


def test_a_store_that_refuses_in_mid_read_is_named_in_a_sentence(numbers, server):
    batches = stream.batches(numbers)
    next(batches)
    server.fault = lambda asked: 403
    with pytest.raises(store.Unreachable, match=r"^s3://bucket/.*numbers\.parquet cannot be reached .*credentials"):
        list(batches)


@pytest.mark.parametrize(
    ("place", "fault", "said"),
    [
        ("s3://nobucket/kit", None, "make the bucket, or correct WORKSHOP_DATA"),
        ("s3://bucket/kit", 403, "set its credentials, as AWS_ACCESS_KEY_ID"),
        ("ftp://bucket/kit", None, "ftp://bucket/kit is no place for data"),
    ],
)
def test_a_place_that_cannot_be_written_is_one_sentence(address, server, monkeypatch, capsys, place, fault, said):
    monkeypatch.setenv("WORKSHOP_DATA", place)
    server.fault = lambda asked: fault
    assert taxi.main(["--synthetic", "--rows", "1_000"]) == 1
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") <= 2  # the progress bar's line, and the sentence


def test_writers_do_not_mix_and_a_broken_one_leaves_nothing(address):
    target = address / "taxi" / "numbers.parquet"

    def write(start: int) -> None:
        with files.replacing(target) as part, pq.ParquetWriter(part, pa.schema([("number", pa.int64())])) as writer:
            for _ in range(20):
                writer.write_table(pa.table({"number": np.arange(start, start + 100)}))
                if start < 0:
                    raise ValueError("the source ends here")

    with pytest.raises(ValueError, match="ends here"):
        write(-1)
    assert not list(target.parent.glob("*"))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, [0, 1_000, 2_000, 3_000]))
    found = read(target)
    assert len(found) == 2_000
    assert found.max() - found.min() == 99
    assert list(target.parent.glob("*")) == [target]


def test_images_want_a_folder_and_paths_stay_paths(address, tmp_path, monkeypatch):
    with pytest.raises(ValueError, match="images are read from a folder only"):
        config.data_folder()
    monkeypatch.setenv("WORKSHOP_DATA", str(tmp_path))
    assert config.data_dir() == tmp_path == config.data_folder()
    assert store.listed([str(tmp_path), tmp_path]) == [str(tmp_path), tmp_path]
    assert store.located("C://data") == "C://data"
