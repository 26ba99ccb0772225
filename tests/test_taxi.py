"""Cleaning and features: one definition, equal numbers through every engine, and right ones."""

from __future__ import annotations

from itertools import pairwise

import dask.dataframe as dd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import datasets, synthetic, taxi

TRIPS = synthetic.taxi_trips(0, 20_000)


def trip(**changes) -> pd.DataFrame:
    """One ordinary trip, from Times Square to Union Square, with changes."""
    ends = {"pickup_longitude": -73.9855, "pickup_latitude": 40.7580}
    ends |= {"dropoff_longitude": -73.9905, "dropoff_latitude": 40.7360}
    values = {"pickup_datetime": pd.Timestamp("2012-03-04 17:26"), **ends, "passenger_count": 1, "fare_amount": 8.5}
    return pd.DataFrame({name: [value] for name, value in (values | changes).items()})


@pytest.mark.parametrize(
    "changes",
    [
        {"pickup_longitude": 0.0, "pickup_latitude": 0.0},
        {"dropoff_longitude": 0.0, "dropoff_latitude": 0.0},
        {"dropoff_latitude": np.nan},
        {"pickup_longitude": 40.7580, "pickup_latitude": -73.9855},
        {"dropoff_longitude": -75.2},
        {"fare_amount": -8.5},
        {"fare_amount": 0.0},
        {"fare_amount": 900.0},
        {"fare_amount": np.nan},
        {"passenger_count": 0},
        {"passenger_count": 208},
        {"pickup_datetime": pd.NaT},
    ],
)
def test_cleaning_drops_what_a_model_cannot_use(changes):
    assert len(taxi.clean(trip())) == 1
    assert len(taxi.clean(trip(**changes))) == 0


def test_cleaning_keeps_rows_as_they_are_and_in_order():
    frame = TRIPS.to_pandas()
    kept = taxi.clean(frame)
    pd.testing.assert_frame_equal(kept, frame.loc[kept.index])
    assert kept.index.is_monotonic_increasing and 0.95 < len(kept) / len(frame) < 0.99


@settings(deadline=None, max_examples=20)
@given(cuts=st.lists(st.integers(0, 20_000), max_size=4))
def test_features_are_equal_through_pandas_arrow_and_dask(cuts):
    frame = TRIPS.to_pandas()
    expected = taxi.features(taxi.clean(frame))
    assert list(expected.columns) == [*taxi.FEATURES, taxi.TARGET] and (expected.dtypes == "float32").all()

    edges = [0, *sorted(cuts), len(frame)]
    pieces = [TRIPS.slice(start, stop - start) for start, stop in pairwise(edges)]
    batches = [batch for piece in pieces for batch in piece.to_batches()]
    through_arrow = pa.Table.from_batches([taxi.features(taxi.clean(batch)) for batch in batches])
    pd.testing.assert_frame_equal(through_arrow.to_pandas(), expected.reset_index(drop=True), check_exact=True)

    through_dask = taxi.features(taxi.clean(dd.from_pandas(frame, npartitions=3))).compute(scheduler="sync")
    pd.testing.assert_frame_equal(through_dask, expected, check_exact=True)


def test_a_dask_plan_knows_the_types_before_it_runs():
    lazy = taxi.features(taxi.clean(dd.from_pandas(TRIPS.to_pandas(), npartitions=2)))
    assert lazy.dtypes.to_dict() == lazy.compute(scheduler="sync").dtypes.to_dict()


def test_features_need_no_fare_so_that_new_trips_can_be_scored():
    frame = taxi.clean(TRIPS.to_pandas())
    scored = taxi.features(frame.drop(columns="fare_amount"))
    pd.testing.assert_frame_equal(scored, taxi.features(frame)[taxi.FEATURES])


def haversine(lon1, lat1, lon2, lat2):
    lon1, lat1, lon2, lat2 = (np.radians(np.asarray(x, "f8")) for x in (lon1, lat1, lon2, lat2))
    a = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0088 * np.arcsin(np.sqrt(a))


def test_distances_agree_with_the_haversine_formula_to_a_thousandth():
    frame = taxi.clean(TRIPS.to_pandas())
    table = taxi.features(frame)
    start = frame.pickup_longitude, frame.pickup_latitude
    end = frame.dropoff_longitude, frame.dropoff_latitude
    exact = haversine(*start, *end)
    moved = exact > 0.1  # km; below, float32 coordinates decide
    assert np.abs(table.distance / exact - 1)[moved].max() < 1e-3
    for airport, place in taxi.AIRPORTS.items():
        near = np.minimum(haversine(*start, *place), haversine(*end, *place))
        assert np.abs(table[airport] / near - 1)[near > 0.5].max() < 1e-3


def test_bearing_agrees_with_the_great_circle_at_the_middle_of_the_trip():
    frame = taxi.clean(TRIPS.to_pandas())
    table = taxi.features(frame)
    lon1, lat1, lon2, lat2 = (
        np.radians(frame[f"{end}_{axis}"].astype("f8"))
        for end in ("pickup", "dropoff")
        for axis in ("longitude", "latitude")
    )
    y = np.sin(lon2 - lon1) * np.cos(lat2)
    x = np.cos(lat1) * np.sin(lat2) - np.sin(lat1) * np.cos(lat2) * np.cos(lon2 - lon1)
    middle = np.arctan2(y, x) + (lon2 - lon1) / 2 * np.sin((lat1 + lat2) / 2)  # meridians converge
    moved = table.distance > 0.5
    assert np.abs(table.bearing_sin - np.sin(middle))[moved].max() < 1e-3
    assert np.abs(table.bearing_cos - np.cos(middle))[moved].max() < 1e-3


def test_street_distance_lies_between_the_straight_line_and_root_two_times_it():
    table = taxi.features(taxi.clean(TRIPS.to_pandas()))
    moved = table[table.distance > 0.1]
    ratio = moved.manhattan / moved.distance
    assert ratio.min() > 0.999 and ratio.max() < 1.4143


def test_time_features_are_those_of_the_calendar():
    table = taxi.features(trip(pickup_datetime=pd.Timestamp("2012-09-01 06:59:59")))  # a Saturday
    assert np.allclose(table[["hour_sin", "hour_cos"]], [[1, 0]], atol=1e-6)
    assert np.allclose(
        table[["weekday_sin", "weekday_cos"]], [[np.sin(10 * np.pi / 7), np.cos(10 * np.pi / 7)]], atol=1e-6
    )
    assert abs(table.year.item() - (2012 + 244 / 366)) < 0.005


def test_a_missing_column_is_named():
    with pytest.raises(ValueError, match="dropoff_latitude"):
        taxi.clean(trip().drop(columns="dropoff_latitude"))
    with pytest.raises(ValueError, match="pickup_datetime"):
        taxi.features(TRIPS.drop_columns("pickup_datetime"))


def test_an_empty_frame_stays_one():
    frame = TRIPS.slice(0, 0).to_pandas()
    assert taxi.features(taxi.clean(frame)).shape == (0, len(taxi.FEATURES) + 1)


def test_a_table_holds_the_features_the_fare_and_the_time_of_usable_trips():
    batch = TRIPS.to_batches()[0]
    table, usable = taxi.table(batch), taxi.clean(batch.to_pandas())
    pd.testing.assert_frame_equal(table[taxi.FEATURES], taxi.features(usable)[taxi.FEATURES])
    assert table["time"].equals(usable["pickup_datetime"])
    assert (table["fare_amount"] == usable["fare_amount"].astype("f8")).all()


def test_a_sample_holds_about_the_rows_asked_for_from_all_parts_of_a_file(tmp_path):
    pq.write_table(TRIPS, tmp_path / "trips.parquet", row_group_size=5_000)
    trips = datasets.Dataset("synthetic", (tmp_path / "trips.parquet",), len(TRIPS))
    some, everything = taxi.sample(trips, rows=2_000), taxi.sample(trips, rows=10 * len(TRIPS))
    assert 1_700 < len(some) < 2_100
    assert some.equals(taxi.sample(trips, rows=2_000)) and not some.equals(taxi.sample(trips, rows=2_000, seed=1))
    assert len(everything) == len(taxi.clean(TRIPS.to_pandas()))
    kept = everything["time"].isin(some["time"]).to_numpy()
    assert all(part.any() for part in np.array_split(kept, 10))


def test_each_feature_belongs_to_one_group():
    assert [name for names in taxi.GROUPS.values() for name in names] == taxi.FEATURES
