"""data_scripts.taxi: trips of every origin end in files of one schema, and trouble in one sentence."""

from __future__ import annotations

import hashlib
import itertools
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
import types
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_scripts import download, taxi, taxi_files, taxi_synthetic
from helpers import datasets, synthetic
from helpers.taxi import SCHEMA
from tests.loopback import serve

JANUARY, MAY = "trip-data/yellow_tripdata_2009-01.parquet", "trip-data/yellow_tripdata_2010-05.parquet"
KAGGLE_COLUMNS = ["key", "fare_amount", *(name for name in SCHEMA.names if name != "fare_amount")]
KAGGLE_HEADER = ",".join(KAGGLE_COLUMNS)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch) -> Path:
    """An empty data folder, no mirror, no waiting."""
    monkeypatch.setenv("WORKSHOP_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("WORKSHOP_SCALE", "tiny")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("WORKSHOP_MIRROR", raising=False)
    monkeypatch.setattr(download, "sleep", lambda seconds: None)
    return tmp_path / "data" / "taxi"


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch) -> Path:
    """A mirror: a month of each layout and Kaggle's file."""
    shelf = tmp_path / "shelf"
    (shelf / "trip-data").mkdir(parents=True)
    (shelf / "kaggle").mkdir()
    pq.write_table(tlc_month("2009-01"), shelf / JANUARY)
    pq.write_table(tlc_month("2010-05"), shelf / MAY)
    (shelf / "kaggle/train.csv").write_text(f"{KAGGLE_HEADER}\n" + 3 * f"{kaggle_row()}\n")
    add_checksums(shelf)
    monkeypatch.setenv("WORKSHOP_MIRROR", str(shelf))
    return shelf


@pytest.fixture
def server(shelf: Path, monkeypatch):
    with serve(shelf) as server:
        monkeypatch.setenv("WORKSHOP_MIRROR", server.url)
        yield server


def add_checksums(shelf: Path) -> None:
    names = sorted(path.relative_to(shelf).as_posix() for path in shelf.glob("*/*"))
    lines = [f"{hashlib.sha256((shelf / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (shelf / "SHA256SUMS").write_text("".join(lines))


def tlc_month(month: str, rows: int = 5) -> pa.Table:
    """A month in TLC's layout of 2009 or 2010, with columns that nobody asked for."""
    numbers = np.arange(rows)
    times = np.datetime_as_string(np.datetime64(f"{month}-05T08:30:00") + numbers.astype("m8[s]"))
    columns = {
        "pickup_datetime": pa.array([text.replace("T", " ") for text in times]),
        "pickup_longitude": -73.98 - numbers / 1e6,
        "pickup_latitude": 40.75 + numbers / 1e6,
        "dropoff_longitude": np.full(rows, -73.95),
        "dropoff_latitude": np.full(rows, 40.78),
        "passenger_count": 1 + numbers % 5,
        "fare_amount": 2.5 + numbers % 100 * 0.4,
    }
    renamed = {taxi_files.layout(month)[name]: values for name, values in columns.items()}
    return pa.table({"vendor": ["CMT"] * rows, **renamed, "Tip_Amt": np.zeros(rows)})


def kaggle_row(fare: str = "4.5", pickup: str = "2009-06-15 17:26:21 UTC", passengers: str = "1") -> str:
    return f"2009-06-15 17:26:21.0000001,{fare},{pickup},-73.844311,40.721319,-73.84161,40.712278,{passengers}"


def failure(capsys, *argv: str) -> str:
    """Run a command that must fail; return its one sentence (warnings come before it)."""
    assert taxi.main(argv) == 1
    message = capsys.readouterr().err
    assert message.endswith("\n") and "Traceback" not in message
    last = message.splitlines()[-1]
    assert last.startswith("Error: ")
    return last


def final_files(data: Path) -> list[str]:
    """Everything below the data folder; temporary files would be here too."""
    return sorted(path.relative_to(data).as_posix() for path in data.rglob("*") if path.is_file())


# Conversion


@pytest.mark.parametrize("over_http", [False, True], ids=["folder", "http"])
def test_both_layouts_become_the_one_schema(data, shelf, request, capsys, over_http):
    if over_http:
        request.getfixturevalue("server")
    assert taxi.main(["--months", "2009-01", "2010-05"]) == 0
    assert capsys.readouterr().err == ""
    assert final_files(data) == ["tlc/2009-01.parquet", "tlc/2010-05.parquet"]
    for month in ("2009-01", "2010-05"):
        trips = pq.read_table(data / "tlc" / f"{month}.parquet")
        assert trips.schema.equals(SCHEMA) and trips.schema.metadata[b"source"].decode() == f"NYC TLC {month}"
        source, names = tlc_month(month), taxi_files.layout(month)
        assert [str(time) for time in trips["pickup_datetime"].to_pylist()] == source[
            names["pickup_datetime"]
        ].to_pylist()
        for name in SCHEMA.names[1:]:
            expected = source[names[name]].to_numpy().astype(trips[name].type.to_pandas_dtype())
            np.testing.assert_array_equal(trips[name].to_numpy(), expected)
    trips = datasets.taxi_trips()
    assert trips.source == "NYC TLC 2009-01, 2010-05" and trips.rows == 10


def test_case_and_spaces_in_column_names_do_not_matter(data, shelf):
    month = tlc_month("2010-05")
    pq.write_table(month.rename_columns([f" {name.upper()}" for name in month.schema.names]), shelf / MAY)
    add_checksums(shelf)
    assert taxi.main(["--months", "2010-05"]) == 0
    assert pq.read_metadata(data / "tlc/2010-05.parquet").num_rows == month.num_rows


def test_row_groups_are_full_whatever_the_source_had(data, shelf):
    rows = 2 * taxi_files.ROW_GROUP + 7
    pq.write_table(tlc_month("2009-01", rows), shelf / JANUARY, row_group_size=99_999)
    add_checksums(shelf)
    assert taxi.main(["--months", "2009-01"]) == 0
    metadata = pq.read_metadata(data / "tlc/2009-01.parquet")
    groups = [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]
    assert groups == [taxi_files.ROW_GROUP, taxi_files.ROW_GROUP, 7]
    assert metadata.row_group(0).column(0).compression == "UNCOMPRESSED"


def test_kaggle_rows_are_converted_and_utc_is_dropped(data, tmp_path):
    csv = tmp_path / "train.csv"
    rows = [kaggle_row(), kaggle_row(passengers=""), kaggle_row(pickup="", passengers="0"), kaggle_row(fare="")]
    csv.write_text("\n".join([KAGGLE_HEADER, *rows]) + "\n")
    assert taxi.main(["--kaggle", str(csv)]) == 0
    trips = pq.read_table(data / "kaggle/train.parquet")
    pickup = pd.Timestamp("2009-06-15 17:26:21")
    assert trips.schema.equals(SCHEMA)
    assert trips["pickup_datetime"].to_pylist() == [pickup, pickup, None, pickup]
    assert trips["passenger_count"].to_pylist() == [1, 0, 0, 1]
    assert trips["fare_amount"].to_pylist() == [4.5, 4.5, 4.5, None]
    assert datasets.taxi_trips().source == "Kaggle NYC taxi fare"


# Downloads


def test_a_refusal_and_a_broken_connection_are_survived(data, server):
    server.faults[JANUARY] = iter([403, "reset", "cut"])
    assert taxi.main(["--months", "2009-01"]) == 0
    assert server.requests.count(JANUARY) == 4
    assert final_files(data) == ["tlc/2009-01.parquet"]


@pytest.mark.parametrize("fault", ["reset", "cut", 403, 404])
def test_a_month_that_never_comes_keeps_the_others_and_a_rerun_gets_only_what_is_missing(data, server, capsys, fault):
    server.faults[MAY] = itertools.repeat(fault)
    assert MAY in failure(capsys, "--months", "2009-01", "2010-05")
    assert final_files(data) == ["tlc/2009-01.parquet"]
    del server.faults[MAY]
    server.requests.clear()
    assert taxi.main(["--months", "2009-01", "2010-05"]) == 0
    assert JANUARY not in server.requests and MAY in server.requests
    assert "2009-01.parquet: 5 trips (already there)" in capsys.readouterr().out


def test_upstream_is_asked_politely_one_file_a_second(data, server, monkeypatch):
    naps = []
    monkeypatch.setattr(taxi, "TLC", server.url)
    monkeypatch.setattr(download, "sleep", naps.append)
    monkeypatch.delenv("WORKSHOP_MIRROR")
    assert taxi.main(["--months", "2009-01", "2010-05"]) == 0
    assert naps == [1]
    assert server.requests == [JANUARY, MAY]  # and no SHA256SUMS, which TLC does not have


def test_a_wrong_checksum_is_refused(data, shelf, capsys):
    (shelf / JANUARY).write_bytes((shelf / MAY).read_bytes())
    assert re.search(f"{JANUARY}.*SHA-256", failure(capsys, "--months", "2009-01"))
    assert final_files(data) == []


def test_files_without_a_checksum_are_taken_after_one_warning(data, shelf, capsys):
    sums = (shelf / "SHA256SUMS").read_text().splitlines(keepends=True)
    (shelf / "SHA256SUMS").write_text("".join(line for line in sums if JANUARY not in line))
    assert taxi.main(["--months", "2009-01"]) == 0
    assert JANUARY in capsys.readouterr().err
    (shelf / "SHA256SUMS").unlink()
    assert taxi.main(["--kaggle", "download"]) == 0
    assert capsys.readouterr().err.count("\n") == 1


def test_kaggle_is_downloaded_with_kagglehub_where_it_is_installed(data, shelf, capsys, monkeypatch):
    monkeypatch.delenv("WORKSHOP_MIRROR")
    monkeypatch.setitem(sys.modules, "kagglehub", None)  # as if not installed
    assert "pip install kagglehub" in failure(capsys, "--kaggle", "download")

    def refuse(slug, path):
        raise RuntimeError("403 Client Error.\nYou must accept the rules")

    monkeypatch.setitem(sys.modules, "kagglehub", types.SimpleNamespace(competition_download=refuse))
    assert "403 Client Error" in failure(capsys, "--kaggle", "download")
    fetched = types.SimpleNamespace(competition_download=lambda slug, path: str(shelf / "kaggle" / path))
    monkeypatch.setitem(sys.modules, "kagglehub", fetched)
    assert taxi.main(["--kaggle", "download"]) == 0
    assert pq.read_metadata(data / "kaggle/train.parquet").num_rows == 3
    assert (shelf / "kaggle/train.csv").exists()  # it is the user's, so it stays


# Bad files


@pytest.mark.parametrize("keep", [0.3, 0.9])
def test_a_truncated_parquet_file_is_one_sentence(data, shelf, capsys, keep):
    body = (shelf / MAY).read_bytes()
    (shelf / MAY).write_bytes(body[: int(len(body) * keep)])
    add_checksums(shelf)
    message = failure(capsys, "--months", "2009-01", "2010-05")
    assert "yellow_tripdata_2010-05.parquet" in message and "cut short or damaged" in message
    assert final_files(data) == ["tlc/2009-01.parquet"]


def test_a_parquet_file_damaged_in_the_middle_is_one_sentence(data, shelf, capsys):
    body = bytearray((shelf / MAY).read_bytes())
    body[4:-2000] = b"\xff" * (len(body) - 2004)
    (shelf / MAY).write_bytes(body)
    add_checksums(shelf)
    assert "damaged" in failure(capsys, "--months", "2010-05")
    assert final_files(data) == []


def test_a_missing_column_is_named_with_its_file(data, shelf, capsys):
    pq.write_table(tlc_month("2009-01").drop_columns(["Start_Lat", "Fare_Amt"]), shelf / JANUARY)
    add_checksums(shelf)
    assert re.search("2009-01.parquet has no column Start_Lat, Fare_Amt", failure(capsys, "--months", "2009-01"))
    assert final_files(data) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a,b\n1,2\n", "no column pickup_datetime"),
        ("", "no column pickup_datetime"),
        (f"{KAGGLE_HEADER}\n{kaggle_row()}\n{kaggle_row()[:60]}", "cut short"),
        (f"{KAGGLE_HEADER}\n{kaggle_row(fare='cheap')}\n", "cheap"),
        (bytes(range(256)), "no table"),
    ],
    ids=["other columns", "empty", "cut", "not a number", "binary"],
)
def test_a_csv_that_is_not_kaggles_is_one_sentence(data, tmp_path, capsys, content, said):
    csv = tmp_path / "mine.csv"
    csv.write_bytes(content if isinstance(content, bytes) else content.encode())
    message = failure(capsys, "--kaggle", str(csv))
    assert str(csv) in message and said in message
    assert final_files(data) == []


def test_no_bytes_of_a_file_that_is_no_text_are_shown(data, tmp_path, capsys):
    csv = tmp_path / "mine.csv"
    for content in (
        bytes(range(128, 256)) * 3,
        f"{KAGGLE_HEADER}\n{kaggle_row(fare='X')}\n".encode().replace(b"X", b"\xff\x1b\x00"),
    ):
        csv.write_bytes(content)
        message = failure(capsys, "--kaggle", str(csv))
        assert message.isprintable() and "\ufffd" not in message


def test_a_csv_that_is_missing_is_one_sentence(data, tmp_path, capsys):
    assert "There is no file" in failure(capsys, "--kaggle", str(tmp_path / "nowhere.csv"))
    assert final_files(data) == []


def test_broken_files_of_ours_are_made_again(data, shelf, capsys):
    commands = {"tlc/2009-01.parquet": ["--months", "2009-01"], "kaggle/train.parquet": ["--kaggle", "download"]}
    for name, command in commands.items():
        assert taxi.main(command) == 0
        good = (data / name).read_bytes()
        for bad in (good[:-100], b"", pa.table({"a": [1]}), SCHEMA.with_metadata({"source": "else"}).empty_table()):
            if isinstance(bad, pa.Table):
                pq.write_table(bad, data / name)
            else:
                (data / name).write_bytes(bad)
            capsys.readouterr()
            assert taxi.main(command) == 0
            assert "making it again" in capsys.readouterr().err
            assert pq.read_table(data / name).num_rows > 0


# Arguments


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ("--rows 0 --synthetic", "at least 1"),
        ("--rows -5 --synthetic", "-5"),
        ("--rows abc --synthetic", "'abc'"),
        ("--rows 1.5 --synthetic", "'1.5'"),
        ("--seed x --synthetic", "'x'"),
        ("--seed -1 --synthetic", "-1"),
        ("--rows 10", "--synthetic"),
        ("--seed 1 --months 2009-01", "--synthetic"),
        ("--synthetic --months 2009-01", "not allowed with"),
        ("--kaggle download --months 2009-01", "not allowed with"),
        ("--months", "expected at least one"),
        ("--months 2009-13", "2009-13"),
        ("--months 2009-1x", "2009-1x"),
        ("--months 2009-00", "2009-00"),
        ("--months 2009-01..", "2009-01.."),
        ("--months 2009-04..2009-01", "2009-01..2009-04"),
        ("--months 2999-01", "is not over"),
        ("--months 2010-12..2999-01", "is not over"),
        ("--disk 20GB", "--months"),
        ("--months 2009-01 --disk many", "'many' is no size"),
        ("--months 2009-01 --disk 0GB", "'0GB' is no size"),
        ("--months 2008-12", "begin with 2009-01"),
        ("--nonsense", "--nonsense"),
    ],
)
def test_bad_arguments_end_with_2_and_a_reason(data, capsys, argv, said):
    with pytest.raises(SystemExit) as end:
        taxi.main(argv.split())
    assert end.value.code == 2
    assert said in capsys.readouterr().err.splitlines()[-1]
    assert not data.exists()


def test_spans_of_months_are_both_ends_included_and_cross_years(data, shelf, monkeypatch, capsys):
    for month in ("2009-11", "2009-12", "2010-01", "2010-02"):
        pq.write_table(tlc_month(month), shelf / f"trip-data/yellow_tripdata_{month}.parquet")
    add_checksums(shelf)
    assert taxi.main(["--months", "2010-05", "2009-11..2010-02", "2010-01"]) == 0
    assert [Path(name).stem for name in final_files(data)] == ["2009-11", "2009-12", "2010-01", "2010-02", "2010-05"]


def test_an_unknown_scale_and_an_unwritable_folder_are_one_sentence(data, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("WORKSHOP_SCALE", "huge")
    for argv in ([], ["--synthetic"]):
        assert "WORKSHOP_SCALE" in failure(capsys, *argv)
    monkeypatch.setenv("WORKSHOP_SCALE", "tiny")
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("WORKSHOP_DATA", str(tmp_path / "file"))
    assert "set WORKSHOP_DATA to a folder that you may write to" in failure(capsys)


def test_a_mirror_that_does_not_exist_is_one_sentence(data, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("WORKSHOP_MIRROR", str(tmp_path / "nowhere"))
    assert "WORKSHOP_MIRROR" in failure(capsys, "--months", "2009-01")


# Synthetic trips


def test_synthetic_files_hold_exactly_the_rows_that_their_names_say(data):
    assert taxi.main(["--synthetic", "--rows", "130000", "--seed", "3"]) == 0
    assert final_files(data) == ["synthetic-seed3/trips-000000000-000130000.parquet"]
    trips = pq.read_table(data / final_files(data)[0])
    assert trips.equals(synthetic.taxi_trips(0, 130_000, seed=3))
    assert trips.schema.metadata[b"source"] == b"synthetic, seed 3"
    metadata = pq.read_metadata(data / final_files(data)[0])
    assert metadata.num_row_groups == 2 and metadata.row_group(0).num_rows == taxi_files.ROW_GROUP


@pytest.mark.parametrize(("rows", "seed", "said"), [(0, 0, "rows is 0"), (-5, 0, "rows is -5"), (1, -1, "seed is -1")])
def test_rows_and_seeds_that_cannot_be_are_refused(data, rows, seed, said):
    with pytest.raises(ValueError, match=said):
        taxi_synthetic.generate(rows, seed)
    assert not data.exists()


def test_more_and_fewer_rows_share_the_whole_files(data, monkeypatch):
    monkeypatch.setattr(datasets, "FILE_ROWS", 1_000)
    made = {}
    for rows, new in ((2_000, 2), (3_500, 2), (1_000, 0), (3_500, 0), (5_000, 2)):
        before = dict(made)
        assert taxi_synthetic.generate(rows) == new
        made = {name: (data / name).stat().st_mtime_ns for name in final_files(data)}
        assert made.items() >= before.items()


def test_prepare_makes_the_trips_of_the_scale_once_and_quietly(data, capsys):
    taxi.prepare()
    assert datasets.taxi_trips().rows == 100_000
    stamps = {name: (data / name).stat().st_mtime_ns for name in final_files(data)}
    taxi.prepare()
    assert {name: (data / name).stat().st_mtime_ns for name in final_files(data)} == stamps
    assert capsys.readouterr() == ("", "")
    assert taxi.main([]) == 0
    assert "100,000 trips (synthetic, seed 0)" in capsys.readouterr().out


def test_prepare_is_content_with_real_trips(data, shelf):
    assert taxi.main(["--months", "2009-01"]) == 0
    taxi.prepare()
    assert final_files(data) == ["tlc/2009-01.parquet"]


def test_a_pool_of_processes_writes_the_same_rows_and_survives_a_failure(data, monkeypatch, capsys):
    monkeypatch.setattr(datasets, "FILE_ROWS", 1_000)
    monkeypatch.setattr(taxi_synthetic, "_processors", lambda: 2)
    paths = datasets.synthetic_taxi_files(8_500)
    paths[4].mkdir(parents=True)  # a folder in the way of a file
    assert paths[4].name in failure(capsys, "--synthetic", "--rows", "8500")
    assert not [name for name in final_files(data) if name.endswith(".part")]
    paths[4].rmdir()
    done = {path for path in paths if path.exists()}
    assert taxi_synthetic.generate(8_500) == len(paths) - len(done)
    trips = pa.concat_tables(pq.read_table(path) for path in paths)
    assert trips.equals(synthetic.taxi_trips(0, 8_500))


# Real processes

posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals and limits")


@posix
def test_a_full_disk_is_one_sentence_and_leaves_nothing_behind(data):
    # The largest file that the process may write, a real limit of the system, stands for the end of the disk.
    script = """
        import resource, sys
        from data_scripts import taxi
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
        sys.exit(taxi.main(["--synthetic", "--rows", "100000"]))
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and "no room" in done.stderr and "WORKSHOP_DATA" in done.stderr
    assert final_files(data) == []


@posix
@pytest.mark.parametrize("moment", ["processes start", "a file is finished"])
def test_ctrl_c_ends_the_pool_quietly_and_keeps_finished_files(data, moment):
    command = [sys.executable, "-m", "data_scripts.taxi", "--synthetic", "--rows", "900_000_000"]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    folder, patience = data / "synthetic-seed0", time.monotonic() + 300

    def reached() -> bool:
        if moment == "processes start" and len(psutil.Process(process.pid).children()) >= 2:
            return True
        return any(folder.glob("trips-*")) and any(folder.glob(".*.part"))

    try:
        while not reached() and time.monotonic() < patience:
            assert process.poll() is None
            time.sleep(0.02)
        before = len(list(folder.glob("trips-*")))
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the process and all its children
        out, err = process.communicate(timeout=300)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 130
    assert out == "" and err.count("\n") == 1 and "Interrupted" in err
    finished = list(folder.iterdir()) if folder.exists() else []
    assert all(path.name.startswith("trips-") for path in finished)
    assert all(pq.read_metadata(path).num_rows == 1_000_000 for path in finished)
    assert len(finished) >= before > 0 or moment == "processes start"
    assert len(finished) < before + 100  # of 900: those in the making were finished, and few begun meanwhile


def test_the_command_line_works_from_a_shell(data):
    done = subprocess.run([sys.executable, "-m", "data_scripts.taxi"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "100,000 trips (synthetic, seed 0)" in done.stdout


# Real rows


def test_all_real_months_load_and_hold_the_same_trips_as_kaggles_file(data, mirror, monkeypatch, capsys):
    months = pd.period_range("2009-01", "2010-12", freq="M")
    names = {month: mirror / f"trip-data/yellow_tripdata_{month}.parquet" for month in months}
    before = {month: pq.read_metadata(path).num_rows for month, path in names.items()}
    with serve(mirror) as server:
        monkeypatch.setenv("WORKSHOP_MIRROR", server.url)
        assert taxi.main(["--months", "2009-01..2010-12"]) == 0
    monkeypatch.setenv("WORKSHOP_MIRROR", str(mirror))
    trips = datasets.taxi_trips()
    assert (trips.source, trips.rows) == ("NYC TLC 2009-01 to 2010-12", sum(before.values()))
    assert taxi.main(["--kaggle", "download"]) == 0
    assert capsys.readouterr().err == ""
    kaggle = pq.read_table(data / "kaggle/train.parquet").to_pandas()
    assert len(kaggle) == len((mirror / "kaggle/train.csv").read_text().splitlines()) - 1
    kaggle = kaggle[kaggle["pickup_datetime"] < "2011-01-01"]
    by_month = trips.pandas()
    for month, rows in by_month.groupby(by_month["pickup_datetime"].dt.strftime("%Y-%m")):
        assert pq.read_metadata(data / f"tlc/{month}.parquet").num_rows == len(rows) == before[month]
    order = list(SCHEMA.names)
    pd.testing.assert_frame_equal(
        by_month.sort_values(order, ignore_index=True), kaggle.sort_values(order, ignore_index=True)
    )
