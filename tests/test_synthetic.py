"""The synthetic city: the same rows for everyone, dirt and tariffs as in New York, and fit to learn real fares from."""

from __future__ import annotations

import itertools
import multiprocessing
from functools import lru_cache

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression
from xgboost import XGBRegressor

from helpers.synthetic import BLOCK_ROWS, city, taxi_trips
from helpers.taxi import AIRPORTS, SCHEMA, clean, features

TRAIN_ROWS = 500_000
METERS_CHANGED = np.datetime64(city.RAISE_DATE) + city.METERS_CHANGED_DAYS


@lru_cache(maxsize=1)
def many_trips() -> pd.DataFrame:
    return clean(taxi_trips(0, TRAIN_ROWS)).to_pandas()


def bytes_of(start: int, stop: int) -> bytes:
    """Every byte of a range of rows; a missing value is NaN here."""
    return b"".join(column.to_numpy().tobytes() for column in taxi_trips(start, stop).columns)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, 2 * BLOCK_ROWS + 10), min_size=2, max_size=5).map(sorted), st.integers(0, 3))
def test_pieces_of_a_range_add_up_to_the_range(cuts, seed):
    pieces = [taxi_trips(a, b, seed=seed) for a, b in itertools.pairwise(cuts)]
    assert pa.concat_tables(pieces).equals(taxi_trips(cuts[0], cuts[-1], seed=seed))


def test_another_process_makes_the_same_bytes():
    start, stop = BLOCK_ROWS - 1_000, BLOCK_ROWS + 1_000
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(bytes_of, (start, stop)) == bytes_of(start, stop)


def test_seeds_and_blocks_differ():
    first = taxi_trips(0, 1_000)
    assert not first.equals(taxi_trips(0, 1_000, seed=1))
    assert not first.equals(taxi_trips(BLOCK_ROWS, BLOCK_ROWS + 1_000))


@pytest.mark.parametrize("rows", [0, 1, BLOCK_ROWS, BLOCK_ROWS + 1])
def test_tables_have_the_schema_and_the_wanted_length(rows):
    trips = taxi_trips(7, 7 + rows)
    assert trips.schema == SCHEMA
    assert trips.num_rows == rows


@pytest.mark.parametrize(("start", "stop", "seed"), [(2, 1, 0), (-1, 1, 0), (0, 1, -1)])
def test_a_range_that_does_not_exist_is_refused_in_one_sentence(start, stop, seed):
    with pytest.raises(ValueError, match=r"^rows .* do not exist: need 0 <= start <= stop and seed >= 0$"):
        taxi_trips(start, stop, seed=seed)


def test_time_runs_from_2009_to_june_2015_in_random_order():
    times = taxi_trips(0, BLOCK_ROWS)["pickup_datetime"].to_numpy()
    assert np.datetime64("2009-01-01") <= times.min() < np.datetime64("2009-01-02")
    assert np.datetime64("2015-06-30") <= times.max() < np.datetime64("2015-07-01")
    halves = times[: len(times) // 2], times[len(times) // 2 :]
    assert abs(np.median(halves[0].astype("i8")) - np.median(halves[1].astype("i8"))) < 30 * 86_400e6


def test_cleaning_drops_about_three_percent():
    trips = taxi_trips(0, 2 * BLOCK_ROWS)
    assert 0.02 < 1 - clean(trips).num_rows / trips.num_rows < 0.04


def test_dirt_is_of_every_kind():
    trips = taxi_trips(0, 2 * BLOCK_ROWS).to_pandas()
    assert (trips.pickup_longitude == 0).mean() == pytest.approx(city.DIRT["zero_both"], rel=0.1)
    assert trips.dropoff_latitude.isna().any()
    assert (trips.pickup_latitude < 0).any()  # swapped
    assert (trips.dropoff_longitude.between(-60, -0.1) | (trips.dropoff_longitude > 0)).any()
    assert (trips.fare_amount < 0).any() and (trips.fare_amount == 0).any() and (trips.fare_amount > 250).any()
    assert (trips.passenger_count == 0).any() and trips.passenger_count.max() == 208


def test_metered_fares_are_the_flag_drop_and_whole_units():
    trips = many_trips()
    in_core = (features(trips)[["jfk", "lga", "ewr"]] > 5).all(axis=1)  # far from flat rates and most tolls
    for unit, when in zip(
        city.UNIT,
        (trips.pickup_datetime < np.datetime64(city.RAISE_DATE), trips.pickup_datetime >= METERS_CHANGED),
        strict=True,
    ):
        units = (trips.fare_amount[in_core & when] - city.FLAG) / unit
        assert (np.abs(units - units.round()) < 1e-3).mean() > 0.98


def test_the_ride_between_jfk_and_manhattan_costs_the_flat_rate_with_or_without_a_toll():
    trips = many_trips()
    seen = features(trips)
    rides = trips[(seen.jfk < 1.5) & (seen.distance.between(17, 24)) & (trips.dropoff_longitude < -73.97)]
    for year, flat, toll in ((2010, 45, 4.57), (2011, 45, 4.80), (2014, 52, 5.33)):
        fares = rides.fare_amount[rides.pickup_datetime.dt.year == year].astype("f8").round(2)
        modes = fares.value_counts().index[:2]
        assert sorted(modes) == pytest.approx([flat, flat + toll], abs=0.01)
        assert fares.isin(modes).mean() > 0.7


def test_a_few_trips_end_where_they_began():
    trips = many_trips()
    still = features(trips).distance < 0.02
    assert 0.005 < still.mean() < 0.02
    assert trips.fare_amount[still].mean() > 7  # an ordinary fare: cleaning cannot tell


def test_trips_are_as_long_as_new_yorks_and_start_where_yellow_cabs_cruise():
    trips = many_trips()
    seen = features(trips)
    assert 1.9 < seen.distance.median() < 2.3
    assert 3.0 < seen.distance.mean() < 3.7
    assert 10.5 < trips.fare_amount.mean() < 12.5
    in_jfk = seen.jfk < 2
    assert 0.015 < in_jfk.mean() < 0.035
    # Drop-offs spread wider than pick-ups: more of them lie over 8 km from Times Square.
    outside = [np.hypot(seen[f"{end}_x"], seen[f"{end}_y"]) > 8 for end in ("pickup", "dropoff")]
    assert outside[0].mean() < outside[1].mean()


def test_nights_are_faster_than_business_days():
    trips = many_trips()
    seen = features(trips)
    old = trips.pickup_datetime < np.datetime64(city.RAISE_DATE)
    per_km = (trips.fare_amount - city.FLAG)[old] / seen.manhattan[old]
    hour, short = trips.pickup_datetime.dt.hour[old], seen.manhattan[old].between(2, 5)
    assert per_km[short & hour.between(3, 5)].median() < 0.9 * per_km[short & hour.between(10, 16)].median()


@pytest.fixture(scope="module")
def real(mirror) -> pd.DataFrame:
    trips = pd.read_csv(mirror / "kaggle" / "train.csv")
    trips["pickup_datetime"] = pd.to_datetime(trips["pickup_datetime"].str[:19])
    return features(clean(trips))


@pytest.mark.parametrize(
    "model",
    [LinearRegression(), XGBRegressor(max_depth=8, n_jobs=1)],
    ids=["linear", "trees"],
)
def test_models_of_synthetic_trips_predict_real_fares(model, real):
    seen = features(many_trips()[:200_000])
    y = seen.pop("fare_amount")
    X_real = real.drop(columns="fare_amount")
    error = model.fit(seen, y).predict(X_real) - real["fare_amount"]
    assert np.sqrt(np.mean(error**2)) < 4.9  # US$; predicting the mean of the real fares gets 9.9
    assert abs(error.mean()) < 1


def test_real_and_synthetic_trips_share_their_marginals(real):
    seen = features(many_trips())
    for column in ("distance", "fare_amount", "pickup_x", "pickup_y", "dropoff_x", "dropoff_y"):
        quantiles = [frame[column].quantile([0.1, 0.25, 0.5, 0.75, 0.9]).to_numpy() for frame in (seen, real)]
        spread = np.subtract(*real[column].quantile([0.9, 0.1]))
        assert np.abs(quantiles[0] - quantiles[1]).max() < 0.12 * spread, column


def test_airport_constants_agree_with_the_features():
    for name, (_, longitude, latitude, *_) in city.AIRPORTS.items():
        assert np.hypot(longitude - AIRPORTS[name][0], latitude - AIRPORTS[name][1]) < 0.01
