"""One model on many workers: the same bits whoever does the work, models that may be averaged, and refusals."""

from __future__ import annotations

import logging
import os
import pickle
import random
import signal
import threading
import time

import dask
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from distributed import Client
from sklearn.cluster import MiniBatchKMeans
from sklearn.linear_model import Perceptron, Ridge, SGDClassifier, SGDRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import StandardScaler

from helpers import averaging, fused, local_sgd, stream, synthetic, taxi

ROWS, SHARDS, ROUNDS = 64_000, 8, 3


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    """Two files of trips in row groups of 2,000."""
    folder = tmp_path_factory.mktemp("trips")
    for number in range(2):
        trips = synthetic.taxi_trips(number * ROWS // 2, (number + 1) * ROWS // 2)
        pq.write_table(trips, folder / f"{number}.parquet", row_group_size=2_000)
    return sorted(folder.glob("*.parquet"))


@pytest.fixture(scope="module")
def scaler(paths):
    return StandardScaler().fit(arrays(paths)[0])


@pytest.fixture(scope="module")
def client():
    with workers(2) as client:
        yield client


def workers(number: int) -> Client:
    # A busy machine takes longer to start a worker anew than Dask's 15 seconds; then it would not come back at all.
    dask.config.set({"distributed.deploy.lost-worker-timeout": "2 minutes"})
    return Client(n_workers=number, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0")


def arrays(paths, **options):
    return taxi.to_xy(pa.Table.from_batches(stream.batches(paths, **options)))


def linear() -> SGDRegressor:
    return SGDRegressor(penalty=None, shuffle=False)


def slowly(scaler):
    """Steps that leave time to kill somebody."""

    def step(model, batch):
        time.sleep(0.02)
        return fused.partial_fit(model, batch, scaler=scaler)

    return step


def fit(client, paths, step, model=None, **options):
    options = {"shards": SHARDS, "rounds": ROUNDS, "batch_rows": 1_000} | options
    return local_sgd.fit(client, linear() if model is None else model, step=step, paths=paths, **options)


def bits(model) -> bytes:
    return model.coef_.tobytes() + model.intercept_.tobytes() + np.float64(model.t_).tobytes()


@pytest.fixture(scope="module")
def undisturbed(client, paths, scaler):
    return fit(client, paths, slowly(scaler))


@pytest.mark.parametrize("number", [3])
def test_as_many_shards_on_any_number_of_workers_give_the_same_bits(number, paths, scaler, undisturbed):
    with workers(number) as other:
        model, progress = fit(other, paths, slowly(scaler))
    assert bits(model) == bits(undisturbed[0]) and progress == undisturbed[1]
    assert progress.rows_read == ROWS and sum(progress.rows) < ROWS  # unusable trips were dropped


@pytest.mark.parametrize("seed", [0])
def test_a_worker_killed_at_random_changes_no_bit(seed, client, paths, scaler, undisturbed, monkeypatch):
    for name in ("nanny", "scheduler", "core"):
        monkeypatch.setattr(logging.getLogger(f"distributed.{name}"), "disabled", True)
    victim = random.Random(seed)
    pid = victim.choice(sorted(client.run(os.getpid).values()))
    timer = threading.Timer(victim.uniform(0.1, 0.6), os.kill, (pid, signal.SIGKILL))
    timer.start()
    model, _ = fit(client, paths, slowly(scaler))
    timer.join()
    assert pid not in client.run(os.getpid).values()
    assert bits(model) == bits(undisturbed[0])


def test_one_shard_is_the_pass_of_one_process_to_the_last_bit(client, paths, scaler):
    alone = linear()
    for batch in stream.batches(paths, batch_rows=1_000):
        fused.partial_fit(alone, batch, scaler=scaler)
    model, _ = fit(client, paths, lambda model, batch: fused.partial_fit(model, batch, scaler=scaler), shards=1)
    assert bits(model) == bits(alone)


@pytest.mark.parametrize(("shards", "rounds", "shuffle"), [(1, 1, True), (3, 4, False), (4, 12, True), (20, 1, False)])
def test_every_row_is_learned_from_once(shards, rounds, shuffle, client, paths):
    def count(model, batch):
        model.partial_fit(np.zeros((len(batch), 1)), np.zeros(len(batch)))
        return len(batch), float(pa.compute.sum(batch["fare_amount"]).as_py())

    model = SGDRegressor(shuffle=False)
    _, progress = fit(client, paths, count, model=model, shards=shards, rounds=rounds, shuffle=shuffle)
    total = sum(pq.read_table(path)["fare_amount"].to_numpy().astype("f8").sum() for path in paths)
    assert sum(progress.rows) == progress.rows_read == ROWS and np.isclose(sum(progress.losses), total)
    assert len(progress.rows) == rounds and not hasattr(model, "coef_")  # the caller's model is as it was


def test_a_run_that_stopped_goes_on_after_its_last_round_to_the_same_bits(tmp_path, client, paths, scaler, undisturbed):
    checkpoint, fuse = tmp_path / "run.pickle", tmp_path / "fuse"

    def step(model, batch):
        if getattr(model, "t_", 0) > 6_000 and not fuse.exists():
            raise InterruptedError("as by Ctrl-C in the last round")
        return slowly(scaler)(model, batch)

    with pytest.raises(InterruptedError):
        fit(client, paths, step, checkpoint=checkpoint)
    assert len(pickle.loads(checkpoint.read_bytes())[1].rows) == ROUNDS - 1
    with pytest.raises(ValueError, match="say resume=True"):
        fit(client, paths, step, checkpoint=checkpoint)
    with pytest.raises(ValueError, match=r"with shards=8, this one has 4: go on with the same"):
        fit(client, paths, step, checkpoint=checkpoint, resume=True, shards=4)
    fuse.touch()
    for _ in range(2):  # the second time there is nothing left to do
        model, progress = fit(client, paths, step, checkpoint=checkpoint, resume=True)
        assert bits(model) == bits(undisturbed[0]) and progress == undisturbed[1]


def test_rows_at_the_start_of_every_shard_may_be_kept_for_tests(client, paths, scaler):
    first = StandardScaler()
    model, progress = fit(client, paths, moments, model=first, start=3_000)
    kept = [arrays(paths, shard=(shard, SHARDS), start=3_000)[0] for shard in range(SHARDS)]
    assert progress.rows_read == ROWS - SHARDS * 3_000
    np.testing.assert_allclose(model.mean_, np.concatenate(kept).mean(axis=0, dtype="f8"), rtol=1e-5)


def moments(model, batch):
    X, _ = taxi.to_xy(batch)
    model.partial_fit(X)
    return len(X), 0.0


def test_moments_of_shards_are_those_of_all_rows(client, paths, scaler):
    merged, _ = fit(client, paths, moments, model=StandardScaler())
    assert merged.n_samples_seen_ == scaler.n_samples_seen_
    for name in ("mean_", "var_", "scale_"):
        np.testing.assert_allclose(getattr(merged, name), getattr(scaler, name), rtol=1e-5)


def test_constant_features_and_missing_values_are_merged_like_others():
    X = np.random.default_rng(0).normal([5, 1e6, 0], [1, 100, 0], (1_000, 3))
    X[::7, 0] = np.nan
    parts = [StandardScaler().fit(part) for part in np.array_split(X, 3)]
    merged, whole = averaging.average(parts, [334, 333, 333], before=StandardScaler()), StandardScaler().fit(X)
    for name in ("mean_", "var_", "scale_", "n_samples_seen_"):
        np.testing.assert_allclose(getattr(merged, name), getattr(whole, name))


def test_centres_of_shards_are_those_of_all_their_rows():
    """With centres far apart every row counts for the same centre, whoever counts it."""
    rng = np.random.default_rng(0)
    X = np.repeat([[0.0, 0], [100, 0], [0, 100]], 400, axis=0) + rng.normal(size=(1_200, 2))
    X = rng.permutation(X)
    before = MiniBatchKMeans(3, reassignment_ratio=0, random_state=0).partial_fit(X[:300])
    parts = [pickle.loads(pickle.dumps(before)).partial_fit(part) for part in (X[300:500], X[500:])]
    merged = averaging.average(parts, [200, 700], before=before)
    one = pickle.loads(pickle.dumps(before)).partial_fit(X[300:500]).partial_fit(X[500:])
    np.testing.assert_allclose(merged.cluster_centers_, one.cluster_centers_)
    np.testing.assert_allclose(merged._counts, one._counts)


MODELS = {
    "regression": SGDRegressor(shuffle=False),
    "classes": SGDClassifier(loss="log_loss", shuffle=False),
    "perceptron": Perceptron(shuffle=False),
    "network": MLPRegressor(hidden_layer_sizes=[8], random_state=0, learning_rate_init=0.01),
    "network with momentum": MLPRegressor(
        hidden_layer_sizes=[8], random_state=0, solver="sgd", learning_rate_init=1e-3
    ),
    "network of classes": MLPClassifier(hidden_layer_sizes=[8], random_state=0, learning_rate_init=0.01),
}


@pytest.mark.parametrize("name", MODELS)
def test_every_kind_of_model_learns_alike_in_shards_and_in_one(name, client, paths, scaler):
    classifies = hasattr(MODELS[name], "predict_proba") or name == "perceptron"

    def step(model, batch):
        X, y = taxi.to_xy(batch, scaler=scaler)
        if classifies:
            model.partial_fit(X, y > 10, classes=[False, True])
        else:
            model.partial_fit(X, y)
        return len(y), 0.0

    begun = pickle.loads(pickle.dumps(MODELS[name]))
    step(begun, next(stream.batches(paths, batch_rows=500)))
    model, _ = fit(client, paths, step, model=begun, shards=2)
    assert pickle.dumps(model) == pickle.dumps(fit(client, paths, step, model=begun, shards=2)[0])
    X, y = arrays(paths, start=50_000)
    X = scaler.transform(X)
    if classifies:
        assert model.score(X, y > 10) > 0.85
    else:
        assert model.score(X, y) > 0.7
    assert model.predict(X[:1]).shape == (1,)


def test_a_round_without_rows_leaves_the_weights_as_they_are():
    model = linear().partial_fit(np.ones((2, 1)), [1.0, 2.0])
    assert averaging.average([linear(), linear()], [0, 0], before=model) is model
    assert bits(averaging.average([linear(), model], [0, 2], before=linear())) == bits(model)


def test_the_mean_of_models_is_weighted_by_their_rows():
    few, many = linear().partial_fit([[1.0]], [1.0]), linear().partial_fit([[1.0]] * 3, [9.0] * 3)
    mean = averaging.average([few, many], [1, 3], before=linear())
    for name in ("coef_", "intercept_", "t_"):
        np.testing.assert_allclose(getattr(mean, name), (getattr(few, name) + 3 * getattr(many, name)) / 4)


@pytest.mark.parametrize(
    ("model", "options", "error", "sentence"),
    [
        (Ridge(), {}, TypeError, "a Ridge has no weights to average"),
        (SGDRegressor(average=True), {}, ValueError, "say average=False"),
        (SGDClassifier(), {}, ValueError, "say shuffle=False or random_state=0"),
        (MLPRegressor(random_state=0), {}, ValueError, "call its partial_fit with a first batch"),
        (MiniBatchKMeans(), {}, ValueError, "call its partial_fit with a first batch"),
        (MiniBatchKMeans(2).partial_fit([[0.0], [1.0]]), {}, ValueError, "say reassignment_ratio=0"),
        (StandardScaler(with_std=False), {}, ValueError, "keeps no spread to merge"),
        (None, {"shards": 0}, ValueError, "shards is 0: a whole number of at least 1"),
        (None, {"rounds": 1.5}, ValueError, "rounds is 1.5: a whole number of at least 1"),
        (None, {"batch_rows": 0}, ValueError, "batch_rows is 0: at least 1"),
        (None, {"start": 50_000}, ValueError, "no row from start=50000 of any shard on"),
        (None, {"start": -1}, ValueError, "start is -1: a number of rows of at least 0"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(model, options, error, sentence, client, paths):
    with pytest.raises(error, match=sentence):
        fit(client, paths, lambda model, batch: (len(batch), 0.0), model=model, **options)


def test_files_that_cannot_be_read_are_named(tmp_path, client):
    (tmp_path / "torn.parquet").write_bytes(b"PAR1 and no more")
    pq.write_table(taxi.SCHEMA.empty_table(), tmp_path / "empty.parquet")
    for name, sentence in {
        "torn": "torn.parquet cannot be read as Parquet",
        "empty": "the files hold no row",
    }.items():
        with pytest.raises(ValueError, match=sentence):
            fit(client, tmp_path / f"{name}.parquet", None)
    with pytest.raises(FileNotFoundError, match=r"gone\.parquet"):
        fit(client, tmp_path / "gone.parquet", None)
    with pytest.raises(ValueError, match="the files hold no row"):
        fit(client, [], None)


def test_a_cluster_without_workers_is_said_before_the_work(paths):
    with workers(0) as nobody, pytest.raises(RuntimeError, match="the cluster has no worker"):
        fit(nobody, paths, None)


def test_a_part_that_kills_every_worker_ends_with_a_sentence(paths, monkeypatch):
    for name in ("nanny", "scheduler", "core"):
        monkeypatch.setattr(logging.getLogger(f"distributed.{name}"), "disabled", True)
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 1}),
        workers(1) as client,
        pytest.raises(RuntimeError, match="2 workers died over the same part"),
    ):
        fit(client, paths, lambda model, batch: os.kill(os.getpid(), signal.SIGKILL), shards=1)


def test_when_the_last_worker_is_gone_the_run_ends_with_a_sentence(paths, monkeypatch):
    monkeypatch.setattr(local_sgd, "PATIENCE", 2)
    monkeypatch.setattr(logging.getLogger("distributed.scheduler"), "disabled", True)

    def step(model, batch):
        time.sleep(0.2)
        return len(batch), 0.0

    with workers(1) as client:
        threading.Timer(1, client.cluster.scale, (0,)).start()
        with pytest.raises(RuntimeError, match="no worker has been left for 2 s"):
            fit(client, paths, step)
