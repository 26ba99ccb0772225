"""Incremental fits: resumed after any interruption to the very weights of an undisturbed run."""

from __future__ import annotations

import os
import pickle
import signal
from functools import partial
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import SGDRegressor
from sklearn.preprocessing import StandardScaler

from helpers import fused, incremental, memory, stream, synthetic, taxi

TRIPS = synthetic.taxi_trips(0, 12_000)
SCALER = StandardScaler().fit(taxi.to_xy(TRIPS)[0])
OPTIONS = {"batch_rows": 500, "shuffle": True, "read_ahead": 1}
BATCHES = 24
KILLED = "died by signal 9" if hasattr(signal, "SIGKILL") else "ended with exit code"


@pytest.fixture(scope="module")
def trips(tmp_path_factory):
    path = tmp_path_factory.mktemp("incremental") / "trips.parquet"
    pq.write_table(TRIPS, path, row_group_size=1_000)
    return path


def with_scikit_learn(model, batch):
    x, y = taxi.to_xy(batch, scaler=SCALER)
    loss = np.sum((model.predict(x) - y) ** 2) if hasattr(model, "coef_") else np.sum(y**2)
    model.partial_fit(x, y)
    return len(y), float(loss)


def with_the_fused_loop(model, batch):
    return fused.partial_fit(model, batch, scaler=SCALER)


STEPS = [with_scikit_learn, with_the_fused_loop]


def new_model():
    return SGDRegressor(shuffle=False, penalty=None, eta0=0.01)


def same(one, other) -> bool:
    return np.array_equal(one.coef_, other.coef_) and one.intercept_ == other.intercept_ and one.t_ == other.t_


def saved(path) -> int:
    """Batches that a checkpoint knows."""
    return len(pickle.loads(path.read_bytes())[1].rows)


def fit_until_killed(step, trips, checkpoint, batch, every):
    seen = 0

    def step_or_die(model, rows):
        nonlocal seen
        seen += 1
        if seen > batch:
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        return step(model, rows)

    incremental.fit(new_model(), step_or_die, paths=trips, checkpoint=checkpoint, every=every, **OPTIONS)


@pytest.mark.parametrize(("seed", "step"), enumerate(STEPS))
def test_killed_at_a_random_batch_and_resumed_the_weights_are_the_same_to_the_last_bit(seed, step, trips, tmp_path):
    batch, every = np.random.default_rng(seed).integers(1, (BATCHES, 6))
    outcome = memory.run_capped(fit_until_killed, step, trips, tmp_path / "c", batch, every, limit=2_000_000_000)
    assert outcome.error.startswith(KILLED)
    assert (tmp_path / "c").exists() == (batch >= every)
    begun = saved(tmp_path / "c") if batch >= every else 0
    assert begun == batch // every * every

    resumed, progress = incremental.fit(
        new_model(), step, paths=trips, checkpoint=tmp_path / "c", resume=True, every=every, **OPTIONS
    )
    undisturbed, expected = incremental.fit(new_model(), step, paths=trips, **OPTIONS)
    assert same(resumed, undisturbed) and progress == expected and len(progress.rows) == BATCHES


class Stop(Exception):
    pass


@settings(deadline=None, max_examples=10)
@given(stops=st.lists(st.integers(0, BATCHES), max_size=3), every=st.integers(1, 30), in_step=st.booleans())
def test_interrupted_anywhere_any_number_of_times_the_weights_are_the_same(
    trips, tmp_path_factory, stops, every, in_step
):
    checkpoint = tmp_path_factory.mktemp("stops") / "checkpoint"

    def failing_stream(stop, paths, **options):
        for number, batch in enumerate(stream.batches(paths, **options), options["start"] // 500):
            if number == stop and not in_step:
                raise Stop
            yield batch.append_column("number", pa.array([number] * len(batch)))

    def failing_step(stop, model, batch):
        if batch["number"][0].as_py() == stop and in_step:
            model.coef_ = np.full(17, np.nan)  # half done
            raise Stop
        return with_the_fused_loop(model, batch)

    for stop in [*stops, None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(incremental, "stream", SimpleNamespace(batches=partial(failing_stream, stop)))
            try:
                model, progress = incremental.fit(
                    new_model(), partial(failing_step, stop),
                    paths=trips, checkpoint=checkpoint, resume=True, every=every, **OPTIONS,
                )  # fmt: skip
            except Stop:
                if not in_step:  # whatever was learned before the stream failed is kept
                    assert saved(checkpoint) >= min(stop, BATCHES)
    undisturbed, expected = incremental.fit(new_model(), with_the_fused_loop, paths=trips, **OPTIONS)
    assert same(model, undisturbed) and progress == expected


def test_good_batches_before_a_corrupt_row_group_are_in_the_checkpoint(tmp_path):
    good, bad, checkpoint = tmp_path / "good.parquet", tmp_path / "bad.parquet", tmp_path / "checkpoint"
    pq.write_table(TRIPS, good, row_group_size=1_000)
    content = bytearray(good.read_bytes())
    offset = pq.read_metadata(good).row_group(2).column(0).dictionary_page_offset or 0
    offset = offset or pq.read_metadata(good).row_group(2).column(0).data_page_offset
    content[offset : offset + 30] = b"\xff" * 30
    bad.write_bytes(content)
    with pytest.raises(ValueError, match=r"row group 2 of .*bad\.parquet"):
        incremental.fit(new_model(), with_the_fused_loop, paths=[good, bad], checkpoint=checkpoint, batch_rows=1_000)
    assert saved(checkpoint) == 12 + 2


@pytest.mark.parametrize("content", [b"", b"no pickle", b"\x80\x04K\x01."])
def test_a_file_that_is_no_checkpoint_is_named_and_left_alone(tmp_path, trips, content):
    path = tmp_path / "checkpoint"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"checkpoint is no readable checkpoint .*: delete it to start afresh"):
        incremental.fit(new_model(), with_the_fused_loop, paths=trips, checkpoint=path)
    assert path.read_bytes() == content


def test_every_batch_or_more_lies_between_two_checkpoints(trips):
    with pytest.raises(ValueError, match="every is 0"):
        incremental.fit(new_model(), with_the_fused_loop, paths=trips, every=0)


def test_a_model_may_be_several_things(trips):
    def count(model, batch):
        model["rows"] += len(batch)
        return len(batch), 0.0

    model, progress = incremental.fit({"rows": 0}, count, paths=trips)
    assert model == {"rows": len(TRIPS)} and sum(progress.rows) == len(TRIPS)


def test_rows_that_are_not_there_leave_the_model_as_it_was(trips):
    model, progress = incremental.fit("untouched", with_the_fused_loop, paths=trips, stop=0)
    assert model == "untouched" and progress == incremental.Progress()


def test_a_checkpoint_that_is_there_is_neither_taken_nor_lost_unless_resume_is_said(trips, tmp_path):
    path = tmp_path / "checkpoint"
    incremental.fit(new_model(), with_the_fused_loop, paths=trips, checkpoint=path, **OPTIONS)
    kept = path.read_bytes()
    with pytest.raises(ValueError, match="is there already: say resume=True"):
        incremental.fit(new_model(), with_the_fused_loop, paths=trips, checkpoint=path, **OPTIONS)
    assert path.read_bytes() == kept


@pytest.mark.parametrize(
    "other", [{"batch_rows": 1_000}, {"seed": 1}, {"shuffle": False}, {"shard": (0, 2)}, {"start": 500}, {"stop": 900}]
)
def test_a_checkpoint_of_another_stream_is_refused_and_says_what_differs(trips, tmp_path, other):
    path = tmp_path / "checkpoint"
    incremental.fit(new_model(), with_the_fused_loop, paths=trips, checkpoint=path, **OPTIONS)
    (name,) = other
    with pytest.raises(ValueError, match=f"belongs to a stream with {name}="):
        options = OPTIONS | other
        incremental.fit(new_model(), with_the_fused_loop, paths=trips, checkpoint=path, resume=True, **options)
