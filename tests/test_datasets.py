"""What is on disk, what it is, and three ways to open it."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_scripts import taxi as taxi_script
from helpers import datasets, stream, synthetic, taxi
from helpers.environment import config


@pytest.fixture
def data(tmp_path, monkeypatch):
    """An empty data folder at the smallest scale."""
    monkeypatch.setenv("WORKSHOP_DATA", str(tmp_path))
    monkeypatch.setenv("WORKSHOP_SCALE", "tiny")
    return tmp_path


def test_stream_dask_and_pandas_hold_the_same_rows_in_the_same_order(data):
    taxi_script.prepare()
    trips = datasets.taxi_trips()
    assert (trips.rows, trips.source) == (100_000, "synthetic, seed 0") and trips.bytes > 0
    expected = synthetic.taxi_trips(0, 100_000).to_pandas()
    pd.testing.assert_frame_equal(trips.pandas(), expected)
    pd.testing.assert_frame_equal(trips.dask().compute(scheduler="sync").reset_index(drop=True), expected)
    batches = list(trips.stream(["fare_amount"], batch_rows=30_000))
    assert max(batch.num_rows for batch in batches) <= 30_000
    streamed = pa.Table.from_batches(batches)
    assert streamed.equals(synthetic.taxi_trips(0, 100_000).select(["fare_amount"]))


def test_partitions_hold_half_a_million_rows_at_most(data, monkeypatch):
    monkeypatch.setenv("WORKSHOP_SCALE", "small")
    taxi_script.prepare()
    df = datasets.taxi_trips().dask()
    assert df.map_partitions(len).compute(scheduler="sync").tolist() == [500_000] * 4


def test_nothing_on_disk_says_how_to_get_it(data):
    with pytest.raises(FileNotFoundError, match=r"python -m data_scripts\.taxi"):
        datasets.taxi_trips()


def test_a_scale_that_does_not_exist_is_refused_by_name(data, monkeypatch):
    monkeypatch.setenv("WORKSHOP_SCALE", "huge")
    with pytest.raises(ValueError, match=r"'huge'.*tiny, small, medium, large"):
        config.rows()


def test_real_trips_are_preferred_and_named(data, mirror, monkeypatch):
    monkeypatch.setenv("WORKSHOP_MIRROR", str(mirror))
    taxi_script.prepare()
    assert taxi_script.main(["--kaggle", "download"]) == 0
    assert datasets.taxi_trips().source == "Kaggle NYC taxi fare"
    assert taxi_script.main(["--months", "2009-01..2009-03"]) == 0
    trips = datasets.taxi_trips()
    assert trips.source == "NYC TLC 2009-01 to 2009-03" and len(trips.files) == 3
    assert trips.rows == len(trips.pandas()) == len(trips.dask())


def test_a_broken_file_is_named(data):
    taxi_script.prepare()
    (path,) = datasets.taxi_trips().files
    path.write_bytes(path.read_bytes()[:100_000])
    with pytest.raises(ValueError, match=path.name):
        datasets.taxi_trips()
    with pytest.raises(ValueError, match=path.name):
        list(stream.batches([path]))


def test_a_file_of_something_else_is_named(data):
    (path,) = datasets.synthetic_taxi_files(100_000)
    path.parent.mkdir(parents=True)
    pq.write_table(pa.table({"fare_amount": [1.0]}), path)
    with pytest.raises(ValueError, match=f"{path.name}.*columns"):
        datasets.taxi_trips()


def test_a_column_that_is_not_there_is_named(data):
    taxi_script.prepare()
    with pytest.raises(ValueError, match="tip_amount"):
        list(datasets.taxi_trips().stream(["fare_amount", "tip_amount"]))


def test_the_schema_is_the_one_that_files_have(data):
    taxi_script.prepare()
    assert pq.read_schema(datasets.taxi_trips().files[0]).equals(taxi.SCHEMA)


@pytest.mark.parametrize(
    ("sources", "together"),
    [
        (["NYC TLC 2009-01"], "NYC TLC 2009-01"),
        (["NYC TLC 2009-01", "NYC TLC 2009-02", "NYC TLC 2009-03"], "NYC TLC 2009-01 to 2009-03"),
        (["NYC TLC 2009-12", "NYC TLC 2010-01"], "NYC TLC 2009-12 to 2010-01"),
        (["NYC TLC 2009-01", "NYC TLC 2010-12"], "NYC TLC 2009-01, 2010-12"),
        (["NYC TLC 2009-01", "NYC TLC 2009-02", "NYC TLC 2010-12"], "NYC TLC 2009-01 to 2009-02, 2010-12"),
        (["synthetic, seed 0", "synthetic, seed 0"], "synthetic, seed 0"),
    ],
)
def test_a_caption_names_the_months_that_are_there_and_no_others(sources, together, tmp_path):
    paths = []
    for number, source in enumerate(sources):
        paths.append(tmp_path / f"{number}.parquet")
        pq.write_table(taxi.SCHEMA.empty_table().replace_schema_metadata({"source": source}), paths[-1])
    assert datasets.described(paths, taxi.SCHEMA, noun="trips", script="data_scripts.taxi").source == together


def test_the_source_is_chosen_by_name_and_a_name_that_none_has_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKSHOP_DATA", str(tmp_path))
    with pytest.raises(ValueError, match="source is 'TLC': choose one of tlc, kaggle, synthetic"):
        datasets.taxi_trips("TLC")
    with pytest.raises(FileNotFoundError, match="no trips of tlc"):
        datasets.taxi_trips("tlc")
