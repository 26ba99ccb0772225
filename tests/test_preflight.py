"""The pre-flight check: each check says what it found, and fails for real with what to do; all of it in one run."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time

import pytest

from data_scripts import fashion_mnist, flights, taxi
from tools import preflight, rehearsal


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """A data folder with nothing in it."""
    monkeypatch.setenv("WORKSHOP_DATA", str(tmp_path))
    monkeypatch.setenv("WORKSHOP_SCALE", "tiny")
    return tmp_path


def test_a_ready_machine_is_told_so_in_plain_words():
    taxi.prepare()  # where the notebooks' tests find it, too
    fashion_mnist.prepare()
    flights.prepare()
    run = subprocess.run(
        [sys.executable, "-m", "tools.preflight"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=900,
    )
    lines = run.stdout.splitlines()
    assert run.returncode == 0, run.stdout + run.stderr
    assert lines[-1] == "Ready." and len(lines) == len(preflight.CHECKS) + 1
    assert all(line.startswith("ok ") for line in lines[:-1]) and run.stdout.isascii()


def test_missing_data_is_named_with_the_command_that_makes_it(empty):
    for check in (rehearsal.trips, rehearsal.images, rehearsal.flight_data):
        with pytest.raises(FileNotFoundError, match=r"run `python -m data_scripts\.\w+"):
            check()


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (lambda: preflight.python_version((3, 10, 4)), "3.10.4 is too old: install Python"),
        (lambda: preflight.disk(needed=1e18), "1000000000.0 GB needed: make room, or set WORKSHOP_DATA"),
        (lambda: preflight.memory(needed=1e15), "close other programs"),
        (lambda: preflight.two_processes("192.0.2.1"), "let Python through the firewall"),
    ],
    ids=["old Python", "full disk", "no memory", "no way to talk"],
)
def test_what_is_not_ready_says_what_to_do(check, said):
    with pytest.raises(preflight.NotReady) as failed:
        check()
    assert said in str(failed.value)


def test_packages_that_are_missing_or_too_old_are_named(tmp_path):
    project = tmp_path / "pyproject.toml"
    wanted = ["numpy>=99", "no-such-package-of-ours", "pandas>=2", "not-here; python_version < '3'"]
    project.write_text(f"[project]\ndependencies = {wanted}\n", encoding="utf-8")
    with pytest.raises(preflight.NotReady) as failed:
        preflight.packages(project)
    said = str(failed.value)
    assert "numpy is " in said and ", not >=99" in said and "no-such-package-of-ours is missing" in said
    assert "make setup" in said and "pandas" not in said and "not-here" not in said


def test_a_folder_that_takes_no_files_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(preflight.tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(preflight.NotReady, match="set TMPDIR"):
        preflight.temporary_folder()


def test_a_taken_port_is_named_and_does_not_stop_anybody():
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]
        said = preflight.ports({"JupyterLab": taken, "Dask's dashboard": 1})
    assert f"{taken} is taken, so JupyterLab takes another" in said and "1 is free for Dask's dashboard" in said


def test_a_network_that_does_not_answer_is_ended(monkeypatch):
    monkeypatch.setattr(rehearsal, "_one_step", lambda: time.sleep(60))
    with pytest.raises(RuntimeError, match=r"ended after 0\.5 s, the timeout"):
        rehearsal.tensorflow_step(timeout=0.5)


def test_the_report_counts_what_is_to_be_fixed_and_goes_on_after_any_error(capsys):
    def no_package():
        raise ImportError("No module named 'dask'")

    def broken():
        raise RuntimeError("worker 0: it broke\nTraceback: …")

    checks = {"one": lambda: "fine", "two": no_package, "three": broken}
    assert preflight.main(checks) == 2
    one, two, three, end = capsys.readouterr().out.splitlines()
    assert one == "ok  one: fine" and two.startswith("FIX two: No module named 'dask': run `make setup`")
    assert three == "FIX three: RuntimeError: worker 0: it broke" and end == "Not ready: 2 things to fix."
    assert preflight.main({"one": lambda: "fine"}) == 0 and capsys.readouterr().out.endswith("Ready.\n")


def test_a_terminal_gets_colours_unless_it_wants_none(monkeypatch, capsys):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    preflight.main({"one": lambda: "fine"})
    assert "\033[32m✓\033[0m one: fine" in capsys.readouterr().out
    monkeypatch.setitem(os.environ, "NO_COLOR", "1")
    preflight.main({"one": lambda: "fine"})
    assert "\033" not in capsys.readouterr().out
