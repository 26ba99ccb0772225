"""A data folder that many share: what one process makes, the others use, and nobody removes what is another's."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from data_scripts import files, temporary
from data_scripts import mirror as downloads
from tests.loopback import Server, serve

JANUARY = "trip-data/yellow_tripdata_2009-01.parquet"
STOPS_BEFORE_A_FILE_GETS_ITS_NAME = """
import psutil, runpy, sys

def stop(event, arguments):
    if event == "os.rename" and str(arguments[0]).endswith(".part"):
        psutil.Process().suspend()

sys.addaudithook(stop)
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
"""


@pytest.fixture
def server(mirror: Path):
    with serve(mirror) as server:
        yield server


@pytest.fixture
def start(server: Server, tmp_path: Path):
    """Starts a command of the kit on a data folder that is empty at first; the mirror is reached over HTTP."""
    here = {"WORKSHOP_DATA": str(tmp_path / "data"), "WORKSHOP_MIRROR": server.url, "WORKSHOP_SCALE": "tiny"}
    here |= {"NO_PROXY": "127.0.0.1"}
    started = []

    def start(command: str, *, stops: bool = False) -> subprocess.Popen:
        script, *options = command.split()
        python = [sys.executable, "-c", STOPS_BEFORE_A_FILE_GETS_ITS_NAME] if stops else [sys.executable, "-m"]
        words = [*python, f"data_scripts.{script}", *options]
        pipe = subprocess.PIPE
        started.append(subprocess.Popen(words, env=os.environ | here, stdout=pipe, stderr=pipe, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def found(folder: Path) -> list[str]:
    """All files below a folder, temporary ones too."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def assert_all_end_well(processes: list[subprocess.Popen]) -> None:
    said = [process.communicate(timeout=300) for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes), said
    assert not any("Traceback" in err for _, err in said)


NAMES = {
    "months": "taxi/tlc/2009-01.parquet taxi/tlc/2010-01.parquet",
    "kaggle": "taxi/kaggle/train.parquet",
    "trips": "taxi/synthetic-seed0/trips-000000000-000020000.parquet",
    "flights": "flights/flights-3m.parquet flights/nycflights13.parquet",
    "images": r"(fashion-mnist/real/t\S+[0-9].tfrecord ){12}(fashion-mnist/synthetic-seed0/t\S+[0-9].tfrecord ?){12}",
}


@pytest.mark.parametrize(
    ("commands", "downloads", "expected"),
    [
        (["taxi --months 2009-01 2010-01"] * 4, 2, "months"),
        (["taxi --kaggle download"] * 3, 1, "kaggle"),
        (["taxi --synthetic --rows 20_000"] * 3, 0, "trips"),
        (["flights", "flights --download"] * 2, 1, "flights"),
        (["fashion_mnist", "fashion_mnist --synthetic"] * 2, 4, "images"),  # TensorFlow's weight: four
    ],
    ids=list(NAMES),
)
def test_processes_that_start_at_once_end_well_and_each_file_is_downloaded_once(
    start, server, mirror, tmp_path, commands, downloads, expected
):
    for file in mirror.rglob("*"):  # all are in the middle of a download together
        server.faults[file.relative_to(mirror).as_posix()] = itertools.repeat("slow")
    assert_all_end_well([start(command) for command in commands])
    assert re.fullmatch(NAMES[expected], " ".join(found(tmp_path / "data")))
    assert len([name for name in server.requests if name != "SHA256SUMS"]) == downloads


@pytest.mark.parametrize(
    ("command", "stuck", "expected", "others"),
    [
        ("taxi --months 2009-01 2010-01", JANUARY, NAMES["months"], 7),
        ("taxi --synthetic --rows 250_000", None, NAMES["trips"].replace("020000", "250000"), 7),
        ("flights --download", "flights/flights-3m.parquet", "flights/flights-3m.parquet", 7),
        ("fashion_mnist --synthetic", None, r"(fashion-mnist/synthetic-seed0/t\S+[0-9].tfrecord ?){12}", 2),
    ],
    ids=["months", "trips", "flights", "images"],
)
def test_when_one_is_killed_in_the_middle_another_takes_over(start, server, tmp_path, command, stuck, expected, others):
    if stuck:
        server.faults[stuck] = iter(["silence"])
    first, patience = start(command, stops=not stuck), time.monotonic() + 120
    process = psutil.Process(first.pid)
    while time.monotonic() < patience:  # until it is in the middle of a file
        if stuck in server.requests or process.status() == psutil.STATUS_STOPPED:
            break
        time.sleep(0.01)
    process.suspend()  # and there it stays while the others begin
    waiting = [start(command) for _ in range(others)]
    first.kill()
    assert_all_end_well(waiting)
    assert first.wait() != 0
    assert re.fullmatch(expected, " ".join(found(tmp_path / "data")))
    assert not stuck or server.requests.count(stuck) == 2


def test_only_what_is_certainly_left_over_is_removed(tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    of_the_dead = temporary.name_beside(tmp_path / "a")
    of_the_dead = of_the_dead.with_name(of_the_dead.name.replace(f".{os.getpid()}.", f".{ended.pid}."))
    folder_of_the_dead = of_the_dead.with_name(of_the_dead.name.replace(".a.", ".b."))
    folder_of_the_dead.mkdir()
    (folder_of_the_dead / "file").touch()
    of_the_living = temporary.name_beside(tmp_path / "a")
    elsewhere = tmp_path / f".a.another-machine.{ended.pid}.0123abcd.part"
    elsewhere_long_ago = tmp_path / f".b.another-machine.{ended.pid}.0123abcd.part"
    strangers = [tmp_path / name for name in (".x.part", ".part", f".x.{ended.pid}.part", "a.part")]
    for path in (of_the_dead, of_the_living, elsewhere, elsewhere_long_ago, *strangers):
        path.touch()
    yesterday = time.time() - temporary.DAY - 60
    for path in (elsewhere_long_ago, *strangers):
        os.utime(path, (yesterday, yesterday))
    with files.replacing(tmp_path / "x") as part:
        part.touch()
    assert sorted(tmp_path.iterdir()) == sorted([of_the_living, elsewhere, *strangers, tmp_path / "x"])


def test_no_two_temporary_names_are_alike(tmp_path):
    names = {temporary.name_beside(tmp_path / "x") for _ in range(1_000)}
    assert len(names) == 1_000 and all(str(os.getpid()) in name.name for name in names)
    with pytest.raises(ValueError, match="names no file"):
        temporary.name_beside(Path(""))


def test_the_first_to_end_leaves_what_another_has_downloaded(mirror, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKSHOP_MIRROR", str(mirror))
    with downloads.source("", tmp_path) as fetch:
        ours = fetch(JANUARY)
        with downloads.source("", tmp_path) as other:
            other(JANUARY)
        assert ours.is_file()
    assert found(tmp_path) == []


def test_one_of_many_makes_a_file_and_the_others_use_it(tmp_path):
    path, made = tmp_path / "folder" / "x", []

    def make(part: Path) -> None:
        time.sleep(0.05)
        part.write_text("whole")

    def take_part() -> None:
        made.append(files.once(path, path.is_file, make=make))

    threads = [threading.Thread(target=take_part) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [False] * 7 + [True]
    assert found(tmp_path) == ["folder/x"]


def test_the_lock_of_one_that_was_killed_after_its_last_byte_goes(tmp_path):
    path, lock = tmp_path / "x", tmp_path / ".x.lock"
    path.write_text("whole")
    lock.touch()
    assert not files.once(path, path.is_file, make=Path.touch)
    assert found(tmp_path) == ["x"]


def test_without_locks_each_makes_its_own_and_the_first_wins(tmp_path, monkeypatch):
    monkeypatch.setattr(files.locket, "lock_file", no_locks)
    path = tmp_path / "x"

    def make(part: Path) -> None:
        part.mkdir()
        (part / "file").write_text("second")
        path.mkdir()  # meanwhile, another process is done
        (path / "file").write_text("first")

    files.once(path, path.is_dir, make=make)
    assert (path / "file").read_text() == "first" and found(tmp_path) == ["x/file"]


def test_a_file_that_another_process_keeps_open_is_used_as_it_is(tmp_path, monkeypatch):
    """As on Windows, where a file that somebody reads cannot be replaced."""
    path = tmp_path / "x"

    def refuse(part: Path, target: Path) -> None:
        target.write_text("first")
        raise PermissionError(13, "Access is denied", str(target))

    monkeypatch.setattr(os, "replace", refuse)
    files.once(path, path.is_file, make=Path.touch)
    assert path.read_text() == "first" and found(tmp_path) == ["x"]


def test_one_who_hangs_does_not_hold_up_the_others_for_ever(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(files, "SOON", 0.1)
    monkeypatch.setattr(files, "PATIENCE", 0.2)
    path, hung, end = tmp_path / "x", threading.Event(), threading.Event()

    def hang(part: Path) -> None:
        part.write_text("late")
        hung.set()
        end.wait(30)

    one = threading.Thread(target=files.once, args=(path, path.is_file), kwargs={"make": hang})
    one.start()
    hung.wait(30)
    assert files.once(path, path.is_file, make=lambda part: part.write_text("here"))
    assert path.read_text() == "here" and "Another process is making" in capsys.readouterr().err
    end.set()
    one.join()
    assert found(tmp_path) == ["x"]


def no_locks(*args, **options):
    class Refusing:
        def acquire(self) -> None:
            raise OSError(37, "No locks available")

    return Refusing()
