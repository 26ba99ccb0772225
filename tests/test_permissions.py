"""Folders and files that may not be read or written: one sentence that blames the right one, and a non-zero exit."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from data_scripts import fashion_mnist, flights, taxi
from helpers import datasets, stream
from helpers.environment import config, tensorflow_setup

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs POSIX permissions")
NOBODY = 65_534
MONTH = "trip-data/yellow_tripdata_2009-01.parquet"


@contextmanager
def an_ordinary_user() -> Iterator[None]:
    """Root may do everything, so as root the block runs as nobody."""
    import pooch  # noqa: F401  # nobody may not read where root's Python is, so what the block imports comes first

    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.fixture
def folder(monkeypatch) -> Iterator[Path]:
    """A folder that everybody may enter, with a mirror and place for data."""
    path = Path(tempfile.mkdtemp(prefix="workshop-test-permissions-"))
    (path / "mirror" / "trip-data").mkdir(parents=True)
    (path / "mirror" / MONTH).write_bytes(b"nobody looks at it")
    (path / "data").mkdir()
    for each in (path, *path.rglob("*")):
        each.chmod(0o777)
    monkeypatch.setenv("WORKSHOP_DATA", str(path / "data"))
    monkeypatch.setenv("WORKSHOP_MIRROR", str(path / "mirror"))
    monkeypatch.setenv("WORKSHOP_SCALE", "tiny")
    yield path
    for each in (path, path / "data", path / "mirror", path / "mirror" / "trip-data"):
        each.chmod(0o777)
    shutil.rmtree(path)


def error(capsys, script, *argv: str) -> str:
    """Run a command that must fail; return its one sentence."""
    with an_ordinary_user():
        assert script.main(argv) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("Error: ") and "delete" not in last
    return last


@pytest.mark.parametrize("mode", [0o500, 0o000])
@pytest.mark.parametrize(
    ("script", "argv"),
    [
        (taxi, ["--synthetic", "--rows", "1000"]),
        (taxi, ["--months", "2009-01"]),
        (flights, []),
        (fashion_mnist, []),
        (fashion_mnist, ["--synthetic"]),
    ],
)
def test_a_data_folder_that_may_not_be_written(folder, capsys, script, argv, mode):
    (folder / "data").chmod(mode)
    said = error(capsys, script, *argv)
    assert str(folder / "data") in said and "ermission denied" in said and "write" in said


def test_images_in_a_folder_that_may_not_be_written(folder, capsys):
    """TensorFlow, which writes them, has errors of its own."""
    tensorflow_setup.quiet()
    import tensorflow as tf

    tf.io.TFRecordWriter(str(folder / "data" / "any")).close()
    tf.train.Example()
    inner = folder / "data" / "fashion-mnist" / "synthetic-seed0"
    inner.mkdir(parents=True)
    inner.chmod(0o555)
    assert "set WORKSHOP_DATA" in error(capsys, fashion_mnist, "--synthetic")


@pytest.mark.parametrize("closed", ["mirror/trip-data", f"mirror/{MONTH}"])
def test_a_mirror_that_may_not_be_read(folder, capsys, closed):
    (folder / closed).chmod(0)
    said = error(capsys, taxi, "--months", "2009-01")
    assert f"{folder / 'mirror' / MONTH} cannot be read (Permission denied)" in said and "WORKSHOP_MIRROR" in said
    assert not [path for path in (folder / "data").rglob("*") if path.is_file()]


def test_a_file_of_kaggle_s_that_may_not_be_read_and_one_that_is_a_folder(folder, capsys):
    csv = folder / "train.csv"
    csv.touch()
    csv.chmod(0)
    assert f"{csv} cannot be read (Permission denied)" in error(capsys, taxi, "--kaggle", str(csv))
    assert f"{folder} cannot be read (Is a directory)" in error(capsys, taxi, "--kaggle", str(folder))


def test_a_folder_in_place_of_a_month(folder, capsys):
    (folder / "data" / "taxi" / "tlc" / "2009-01.parquet").mkdir(parents=True)
    for inner in (folder / "data").rglob("*"):
        inner.chmod(0o777)
    said = error(capsys, taxi, "--months", "2009-01")
    assert "2009-01.parquet is a folder, where a file belongs: move it elsewhere" in said


def test_every_reader_says_of_a_file_that_it_may_not_be_read_and_not_that_it_should_be_deleted(folder):
    path = folder / "trips.parquet"
    path.touch()
    path.chmod(0)
    for read in (
        lambda: next(stream.batches(path)),
        lambda: stream.footer(path, "fare_amount"),
        lambda: datasets.described([path], taxi.SCHEMA, noun="trips", script="any"),
    ):
        with an_ordinary_user(), pytest.raises(PermissionError, match=f"{path} may not be read by this user: ask"):
            read()


@pytest.fixture
def as_nameless():
    """Run Python as a user without a name or a home, who may read everything and write only temporary files."""
    if os.geteuid() or not shutil.which("setpriv"):
        pytest.skip("only root, with util-linux' setpriv, may become another user")
    # To read everything is what makes up for a Python in a folder of root's.
    may = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search", "--bounding-set=-all,+dac_read_search"]
    user = ["setpriv", "--reuid=12345", "--regid=12345", "--clear-groups", *may]
    names = ("IPYTHONDIR", "MPLCONFIGDIR", "NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "USER", "LOGNAME", "USERNAME")
    environment = {name: value for name, value in os.environ.items() if name not in names}
    environment |= {"HOME": "/nonexistent", "PYTHONPATH": str(config.ROOT), "PYTHONDONTWRITEBYTECODE": "1"}

    def run(script: str, *, warned: str = "", **variables: str) -> str:
        command, env = [*user, sys.executable, "-c", script], environment | variables
        done = subprocess.run(command, cwd="/", env=env, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0 and done.stderr.partition(":")[0] == warned, done.stderr
        return done.stdout

    return run


def test_a_user_without_a_name_or_a_home_compiles_and_draws_with_a_kit_that_may_not_be_written(as_nameless):
    said = as_nameless("""if True:
        import os, pwd
        assert not os.access(os.environ["PYTHONPATH"], os.W_OK) and not os.path.exists(os.path.expanduser("~"))
        try:
            raise SystemExit(pwd.getpwuid(os.getuid()))
        except KeyError:
            pass
        import helpers.fused  # numba looks for a place for what it compiles, and gives up if there is none
        import matplotlib.pyplot as plt
        import numba
        plt.plot([1, 2])
        plt.gcf().canvas.draw()
        folder = helpers.fused_loop.learn.stats.cache_path
        print(numba.njit(lambda x: abs(x))(-1.0), os.access(folder, os.W_OK), os.environ["NUMBA_CACHE_DIR"])
    """)
    compiled, writable, caches = said.split()
    assert compiled == "1.0" and writable == "True" and not Path(caches).parent.exists()  # gone with the process


def test_a_user_without_a_name_or_a_home_starts_a_cluster(as_nameless):
    said = as_nameless("""if True:
        import dask.array as da
        from helpers import cluster
        if __name__ == "__main__":
            client = cluster.connect()
            print(da.ones(10).sum().compute())
            client.close()
    """)
    assert "10.0" in said


def test_in_a_kit_without_data_that_may_not_be_written_trips_go_to_a_temporary_folder(as_nameless, tmp_path):
    for name in ("helpers", "data_scripts"):
        shutil.copytree(config.ROOT / name, tmp_path / "kit" / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "temporary").mkdir()
    (tmp_path / "temporary").chmod(0o777)
    said = as_nameless(
        "from data_scripts import taxi; taxi.prepare(); taxi.main([])",
        warned=f"{tmp_path / 'kit'} may not be written by this user",
        WORKSHOP_DATA="",
        WORKSHOP_SCALE="tiny",
        PYTHONPATH=str(tmp_path / "kit"),
        TMPDIR=str(tmp_path / "temporary"),
    )
    assert said.startswith("100,000 trips (synthetic, seed 0) in 1 file")
    assert len([*tmp_path.glob("temporary/workshop-data-12345/taxi/synthetic-seed0/*.parquet")]) == 1
