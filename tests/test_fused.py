"""The fused loop learns what scikit-learn learns from the features of helpers.taxi, through every engine."""

from __future__ import annotations

from itertools import pairwise

import dask.dataframe as dd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression, SGDRegressor
from sklearn.preprocessing import StandardScaler

from data_scripts import taxi as taxi_script
from helpers import datasets, fused, stream, synthetic, taxi

TRIPS = synthetic.taxi_trips(0, 60_000)
X, Y = taxi.to_xy(TRIPS)
SCALER = StandardScaler().fit(X.astype("f8"))


def model(**settings) -> SGDRegressor:
    return SGDRegressor(**{"shuffle": False, "penalty": None, "eta0": 0.01} | settings)


def standardised(features) -> np.ndarray:
    return SCALER.transform(features.astype("f8"))


def cut(table: pa.Table, *edges: int) -> list[pa.RecordBatch]:
    edges = [0, *sorted(edges), table.num_rows]
    tables = (table.slice(low, high - low) for low, high in pairwise(edges))
    return [batch for piece in tables for batch in piece.combine_chunks().to_batches()]


def through_scikit_learn(trips, **settings) -> SGDRegressor:
    features, fares = taxi.to_xy(trips)
    return model(**settings).partial_fit(standardised(features), fares)


@settings(deadline=None, max_examples=15)
@given(cuts=st.lists(st.integers(0, 6_000), max_size=4))
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"eta0": 1e-3},
    ],
    ids=str,
)
def test_coefficients_are_those_of_scikit_learn_however_the_trips_are_cut(options, cuts):
    few = TRIPS.slice(0, 6_000)
    expected = through_scikit_learn(few, **options)
    learner, rows = model(**options), 0
    for batch in cut(few, *cuts):
        rows += fused.partial_fit(learner, batch, scaler=SCALER)[0]
    assert learner.t_ == expected.t_ == rows + 1
    np.testing.assert_allclose(learner.coef_, expected.coef_, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(learner.intercept_, expected.intercept_, rtol=1e-4)


def test_the_error_is_that_of_predictions_made_before_learning():
    few = TRIPS.slice(0, 3_000)
    features, fares = taxi.to_xy(few)
    features, learner, errors = standardised(features), model(), np.zeros(len(fares))
    for row in range(len(fares)):
        errors[row] = (learner.predict(features[row : row + 1]).item() if row else 0) - fares[row]
        learner.partial_fit(features[row : row + 1], fares[row : row + 1])
    rows, error = fused.partial_fit(model(), *cut(few), scaler=SCALER)
    assert rows == len(fares) and error == pytest.approx(errors @ errors, rel=1e-4)


def test_a_model_that_scikit_learn_began_is_continued_and_the_other_way_round():
    halves = [TRIPS.slice(0, 3_000), TRIPS.slice(3_000, 3_000)]
    expected = through_scikit_learn(TRIPS.slice(0, 6_000))
    begun = through_scikit_learn(halves[0])
    for batch in cut(halves[1]):
        fused.partial_fit(begun, batch, scaler=SCALER)
    np.testing.assert_allclose(begun.coef_, expected.coef_, rtol=1e-4, atol=1e-4)

    handed_over = model()
    for batch in cut(halves[0]):
        fused.partial_fit(handed_over, batch, scaler=SCALER)
    features, fares = taxi.to_xy(halves[1])
    handed_over.partial_fit(standardised(features), fares)
    np.testing.assert_allclose(handed_over.coef_, expected.coef_, rtol=1e-4, atol=1e-4)


def test_dirt_of_every_kind_is_skipped_as_helpers_taxi_does():
    columns = {name: TRIPS[name].combine_chunks() for name in taxi.SCHEMA.names}
    for number, name in enumerate(taxi.SCHEMA.names):  # a null in every column, beside the dirt of the city
        mask = np.zeros(TRIPS.num_rows, dtype=bool)
        mask[number::100] = True
        columns[name] = pa.array(columns[name].to_numpy(zero_copy_only=False), taxi.SCHEMA.field(name).type, mask=mask)
    (batch,) = pa.table(columns, schema=taxi.SCHEMA).to_batches()
    learner = model()
    rows, _ = fused.partial_fit(learner, batch, scaler=SCALER)
    assert 0 < rows == len(taxi.to_xy(batch)[1]) == len(taxi.clean(batch)) < len(Y)
    expected = through_scikit_learn(batch)
    np.testing.assert_allclose(learner.coef_, expected.coef_, rtol=1e-4, atol=1e-4)


def test_an_empty_batch_changes_nothing():
    empty = pa.RecordBatch.from_pydict({name: [] for name in taxi.SCHEMA.names}, schema=taxi.SCHEMA)
    learner = model()
    assert fused.partial_fit(learner, empty, scaler=SCALER) == (0, 0.0) and not learner.coef_.any()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"shuffle": True}, "shuffle"),
        ({"loss": "huber"}, "loss"),
        ({"penalty": "l2"}, "penalty"),
        ({"fit_intercept": False}, "fit_intercept"),
        ({"average": True}, "average"),
        ({"learning_rate": "adaptive"}, "learning_rate"),
        ({"power_t": 0.5}, "power_t"),
    ],
)
def test_settings_that_the_loop_does_not_know_are_refused(options, said):
    with pytest.raises(ValueError, match=f"the fused loop needs {said}="):
        fused.partial_fit(model(**options), *cut(TRIPS), scaler=SCALER)


def test_a_missing_column_is_said():
    with pytest.raises(ValueError, match="fare_amount"):
        fused.partial_fit(model(), *cut(TRIPS.drop_columns("fare_amount")), scaler=SCALER)


def loose(mean, scale) -> StandardScaler:
    scaler = StandardScaler()
    scaler.mean_, scaler.scale_ = np.asarray(mean, "f8"), np.asarray(scale, "f8")
    return scaler


@pytest.mark.parametrize(
    ("scaler", "said"),
    [
        (StandardScaler(), "fit a StandardScaler"),
        (loose(np.zeros(3), np.ones(3)), "fitted to 3 features"),
        (loose(np.zeros(17), np.zeros(17)), "a scale of zero"),
        (loose(np.full(17, np.nan), np.ones(17)), "not finite"),
    ],
)
def test_a_scaler_that_does_not_fit_is_refused_and_the_model_stays_as_it_was(scaler, said):
    learner = model()
    for learn in (
        lambda: fused.partial_fit(learner, *cut(TRIPS), scaler=scaler),
        lambda: taxi.to_xy(TRIPS, scaler=scaler),
    ):
        with pytest.raises(ValueError, match=said):
            learn()
    assert not hasattr(learner, "coef_")


def test_a_model_of_other_columns_is_refused_and_stays_as_it_was():
    learner = model().partial_fit(np.ones((3, 5)), np.ones(3))
    before = learner.coef_.copy(), learner.intercept_.copy(), learner.t_
    with pytest.raises(ValueError, match="fitted to 5 columns, the loop computes 17"):
        fused.partial_fit(learner, *cut(TRIPS), scaler=SCALER)
    assert np.array_equal(learner.coef_, before[0]) and learner.intercept_ == before[1] and learner.t_ == before[2]


def test_weights_that_overflow_leave_the_model_as_it_was():
    learner = through_scikit_learn(TRIPS.slice(0, 100), eta0=1e-3)
    before = learner.coef_.copy()
    with pytest.raises(ValueError, match="choose a smaller eta0"):
        fused.partial_fit(learner.set_params(eta0=1e300), *cut(TRIPS), scaler=SCALER)
    assert np.array_equal(learner.coef_, before)


def test_coefficients_and_errors_are_equal_through_pandas_arrow_dask_and_the_fused_loop():
    features = taxi.features(taxi.clean(TRIPS.to_pandas()))
    lazy = dd.from_pandas(TRIPS.to_pandas(), npartitions=5)
    partitions = taxi.features(taxi.clean(lazy)).to_delayed()
    pieces = {
        "pandas": [(features[taxi.FEATURES].to_numpy(), features[taxi.TARGET].to_numpy())],
        "Arrow": [taxi.to_xy(batch) for batch in cut(TRIPS, 11_000, 29_000)],
        "Dask": [
            (part[taxi.FEATURES].to_numpy(), part[taxi.TARGET].to_numpy())
            for part in (partition.compute(scheduler="sync") for partition in partitions)
        ],
    }
    models = {}
    for name, parts in pieces.items():
        models[name] = model()
        for x, y in parts:
            models[name].partial_fit(standardised(x), y)
    models["fused"] = model()
    for batch in cut(TRIPS, 11_000, 29_000):
        fused.partial_fit(models["fused"], batch, scaler=SCALER)
    rmse = {name: np.sqrt(np.mean((learner.predict(standardised(X)) - Y) ** 2)) for name, learner in models.items()}
    for name, learner in models.items():
        np.testing.assert_allclose(learner.coef_, models["pandas"].coef_, rtol=1e-4, atol=1e-4, err_msg=name)
        assert rmse[name] == pytest.approx(rmse["pandas"], rel=1e-5)


def test_on_real_rows_the_stream_comes_within_a_percent_of_least_squares(mirror, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKSHOP_DATA", str(tmp_path))
    monkeypatch.setenv("WORKSHOP_MIRROR", str(mirror))
    assert taxi_script.main(["--kaggle", "download"]) == 0
    usable = taxi.clean(pa.Table.from_batches(datasets.taxi_trips().stream()).sort_by("pickup_datetime"))
    past = int(0.8 * usable.num_rows)
    pq.write_table(usable.slice(0, past), tmp_path / "past.parquet", row_group_size=200)
    (x, y), (later_x, later_y) = taxi.to_xy(usable.slice(0, past)), taxi.to_xy(usable.slice(past))
    scaler = StandardScaler().fit(x.astype("f8"))

    def rmse(learner):
        return np.sqrt(np.mean((learner.predict(scaler.transform(later_x)) - later_y) ** 2))

    streamed = model(eta0=0.001)
    for seed in range(10):  # passes: six thousand rows are few
        for batch in stream.batches([tmp_path / "past.parquet"], batch_rows=500, shuffle=True, seed=seed):
            fused.partial_fit(streamed, batch, scaler=scaler)
    exact = rmse(LinearRegression().fit(scaler.transform(x), y))
    assert rmse(streamed) <= 1.01 * exact and rmse(streamed) <= 4.5
