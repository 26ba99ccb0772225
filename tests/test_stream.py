"""Streams: every row exactly once, whatever the batch size, order, shard and point of resumption."""

from __future__ import annotations

import threading
import time

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import memory, row_groups, stream

ROWS = (70, 1, 0, 33)  # of each file
GROUP = 10  # rows of a row group


def row_table(start: int, rows: int) -> pa.Table:
    number = np.arange(start, start + rows)
    return pa.table({"row": number, "text": [f"row {i}" for i in number], "third": pa.array(number % 3, pa.int8())})


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    folder, paths, start = tmp_path_factory.mktemp("stream"), [], 0
    for number, rows in enumerate(ROWS):
        paths.append(folder / f"{number}.parquet")
        pq.write_table(row_table(start, rows), paths[-1], row_group_size=GROUP)
        start += rows
    return paths


def rows_of(batches) -> list[int]:
    return [row for batch in batches for row in batch["row"].to_pylist()]


def order(seed: int | None) -> dict:
    return {} if seed is None else {"shuffle": True, "seed": seed}


EVERY_ROW = list(range(sum(ROWS)))
SEEDS = st.none() | st.integers(0, 2**32)


@settings(deadline=None)
@given(
    batch_rows=st.integers(1, 120),
    shards=st.integers(1, 15),
    seed=SEEDS,
    read_ahead=st.integers(0, 3),
    edge=st.integers(0, 120),
)
def test_every_row_comes_once_whatever_the_batches_shards_order_and_resumption(
    paths, batch_rows, shards, seed, read_ahead, edge
):
    seen = []
    for shard in range(shards):
        options = {"batch_rows": batch_rows, "shard": (shard, shards), "read_ahead": read_ahead} | order(seed)
        whole = list(stream.batches(paths, **options))
        before = list(stream.batches(paths, stop=edge, **options))
        after = list(stream.batches(paths, start=edge, **options))
        assert rows_of(before) + rows_of(after) == rows_of(whole)
        ends = np.cumsum([0, *map(len, whole)]).tolist()
        if edge in ends:  # where a batch ends, the same batches follow
            assert after == whole[ends.index(edge) :]
        assert all(0 < len(batch) <= batch_rows for batch in whole)
        seen += rows_of(whole)
    assert sorted(seen) == EVERY_ROW
    if seed is None and shards == 1:
        assert seen == EVERY_ROW


@settings(deadline=None)
@given(low=st.integers(-5, 110), high=st.integers(-5, 110), batch_rows=st.integers(1, 30), seed=SEEDS)
def test_a_predicate_keeps_the_rows_it_names_and_no_others(paths, low, high, batch_rows, seed):
    where = (pc.field("row") >= low) & (pc.field("row") < high) & (pc.field("third") == 1)
    kept = rows_of(stream.batches(paths, ["row", "third"], batch_rows=batch_rows, where=where, **order(seed)))
    assert sorted(kept) == [row for row in EVERY_ROW if low <= row < high and row % 3 == 1]


def test_row_groups_that_hold_no_wanted_row_are_not_read(paths, monkeypatch):
    read = []
    original = row_groups.read
    monkeypatch.setattr(
        row_groups, "read", lambda group, *a, **b: read.append(group.number) or original(group, *a, **b)
    )
    assert rows_of(stream.batches(paths[:1], where=pc.field("row") == 45)) == [45]
    assert read == [4]


def test_only_wanted_columns_are_read(paths):
    (batch,) = stream.batches(paths[:1], ["third", "row"], batch_rows=10, shard=(0, 7))
    assert batch.schema.names == ["third", "row"]


def test_the_footer_tells_the_values_of_each_row_group(tmp_path):
    path = tmp_path / "numbers.parquet"
    pq.write_table(pa.table({"text": ["a"] * 10, "number": np.arange(10)}), path, row_group_size=4)
    footer = stream.footer(path, "number")
    assert footer["smallest"].tolist() == [0, 4, 8]
    assert footer["largest"].tolist() == [3, 7, 9]
    assert (footer["bytes"] > 0).all()
    with pytest.raises(ValueError, match="no column letters; it has"):
        stream.footer(path, "letters")


def test_the_same_seed_gives_the_same_order_and_another_seed_another(paths):
    first, again, other = (rows_of(stream.batches(paths, shuffle=True, seed=seed)) for seed in (0, 0, 1))
    assert first == again != other and sorted(first) == sorted(other)


def test_shuffling_mixes_rows_from_far_apart(tmp_path):
    path = tmp_path / "sorted.parquet"
    pq.write_table(row_table(0, 64_000), path, row_group_size=1_000)
    places = [
        np.sort(batch["row"].to_numpy()) for batch in stream.batches([path], ["row"], batch_rows=500, shuffle=True)
    ]
    assert all(np.ptp(rows) > 8_000 for rows in places)  # without shuffling, 499
    neighbours = np.diff(rows_of(stream.batches([path], ["row"], batch_rows=500, shuffle=True)))
    assert np.mean(np.abs(neighbours) == 1) < 0.05


@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("read_ahead", [0, 2])
def test_a_corrupt_row_group_is_named_after_the_good_rows_before_it(paths, tmp_path, shuffle, read_ahead):
    bad = tmp_path / "bad.parquet"
    content = bytearray(paths[0].read_bytes())
    column = pq.read_metadata(paths[0]).row_group(3).column(1)
    content[column.data_page_offset : column.data_page_offset + 30] = b"\xff" * 30
    bad.write_bytes(content)
    good = [paths[3], paths[1], bad]
    seen = []
    with pytest.raises(ValueError, match=r"^row group 3 of .*bad\.parquet cannot be read .*again$"):
        for batch in stream.batches(good, batch_rows=10, shuffle=shuffle, read_ahead=read_ahead):
            seen += batch["row"].to_pylist()
    if not shuffle:
        assert seen == [*range(71, 104), 70, *range(30)]


def test_a_file_that_is_missing_or_lacks_a_column_is_named(paths, tmp_path):
    with pytest.raises(ValueError, match=r"0\.parquet has no column depth; it has \['row', 'text', 'third'\]"):
        next(stream.batches(paths, ["depth"]))
    with pytest.raises(FileNotFoundError, match=r"none\.parquet"):
        next(stream.batches([tmp_path / "none.parquet"]))


def test_prefetch_makes_no_more_than_depth_ahead_and_keeps_the_order():
    made = []

    def numbers():
        for number in range(20):
            made.append(number)
            yield number

    used = []
    for number in stream.prefetch(numbers(), depth=2):
        used.append(number)
        time.sleep(0.005)
        assert len(made) - len(used) <= 3  # two that wait, and one in the making
    assert used == list(range(20))


def test_prefetch_raises_what_its_thread_raised_after_the_items_before():
    def failing():
        yield 1
        raise OSError("the disk is gone")

    items = stream.prefetch(failing())
    assert next(items) == 1
    with pytest.raises(OSError, match="the disk is gone"):
        next(items)


def test_a_reader_that_stops_early_leaves_no_thread_and_closes_the_source():
    closed = threading.Event()

    def endless():
        try:
            while True:
                yield 0
        finally:
            closed.set()

    before = threading.active_count()
    items = stream.prefetch(endless())
    next(items)
    items.close()
    assert closed.is_set() and threading.active_count() <= before  # one of an earlier test may end meanwhile


def read_all(paths, shuffle, read_ahead):
    return sum(
        batch.num_rows for batch in stream.batches(paths, batch_rows=10_000, shuffle=shuffle, read_ahead=read_ahead)
    )


@pytest.mark.parametrize(("shuffle", "read_ahead"), [(False, 0), (False, 2), (True, 2)])
def test_memory_does_not_grow_with_the_rows(tmp_path, shuffle, read_ahead):
    path = tmp_path / "wide.parquet"
    values = np.random.default_rng(0).random((200_000, 8), dtype="f4")  # 6 MB
    pq.write_table(pa.table({str(i): values[:, i] for i in range(8)}), path, row_group_size=20_000)
    few, many = (
        memory.run_capped(read_all, [path] * copies, shuffle, read_ahead, limit=2_000_000_000) for copies in (5, 100)
    )
    assert few.error is many.error is None
    assert many.value == 20 * few.value == 20_000_000
    assert many.peak - few.peak < 200_000_000  # the rows of the long stream take 640 MB


def test_a_mixed_pass_over_many_files_comes_to_each_group_once_and_to_few_files_at_a_time(monkeypatch):
    """So that it holds the footers of few files, and reads none of them twice."""
    groups = [row_groups.Group(f"{file}", number, rows=1) for file in range(5) for number in range(3)]
    together = row_groups.drawn(groups, seed=0)
    assert sorted(together) == groups and len({group.path for group in together[:6]}) > 2
    monkeypatch.setattr(row_groups, "FOOTERS", 2)
    order = row_groups.drawn(groups, seed=0)
    assert sorted(order) == groups and [len({group.path for group in order[i : i + 6]}) for i in (0, 6, 12)] == [
        2,
        2,
        1,
    ]
    assert order != row_groups.drawn(groups, seed=1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"paths": []}, "paths is empty"),
        ({"columns": []}, "columns is"),
        ({"columns": "row"}, "columns is 'row'"),
        ({"batch_rows": 0}, "batch_rows is 0"),
        ({"read_ahead": -1}, "read_ahead is -1"),
        ({"seed": -1}, "seed is -1"),
        ({"shard": (2, 2)}, "shard is"),
        ({"shard": (-1, 2)}, "shard is"),
        ({"start": -1}, "start=-1"),
        ({"start": 5, "stop": 4}, "start=5 to stop=4"),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused_before_anything_is_read(paths, arguments, said):
    with pytest.raises(ValueError, match=said):
        stream.batches(**({"paths": paths} | arguments))


def test_a_path_given_as_one_string_is_that_path(paths):
    assert rows_of(stream.batches(str(paths[3]))) == rows_of(stream.batches([paths[3]]))


def test_a_folder_is_called_a_folder_and_not_to_be_deleted(tmp_path):
    with pytest.raises(ValueError, match="is a folder: give the Parquet files in it"):
        next(stream.batches(tmp_path))


def test_prefetch_refuses_to_hold_nothing_ready():
    with pytest.raises(ValueError, match="depth is 0"):
        stream.prefetch([1], 0)
