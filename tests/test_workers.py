"""Processes that work together: none hangs, none is left, and a killed training resumes to the same result."""

from __future__ import annotations

import ast
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from data_scripts import course
from data_scripts.fashion_mnist import prepare
from helpers import fashion, libraries, tf_workers, workers


@pytest.fixture(autouse=True)
def no_process_is_left():
    before = set(psutil.Process().children(recursive=True))
    yield
    left = [process for process in psutil.Process().children(recursive=True) if process not in before]
    assert not [process for process in left if process.status() != psutil.STATUS_ZOMBIE]


def is_gone(pid, seconds=60):  # a busy machine takes its time to end somebody
    stop = time.monotonic() + seconds
    while time.monotonic() < stop:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False


def wait_for_ever():
    print(f"pid {os.getpid()}", flush=True)
    time.sleep(600)


def test_each_worker_has_its_own_arguments_environment_and_process_and_answers_in_order():
    factor = 10

    def program(number):  # not importable: it travels by value
        print("grüezi")
        return number * factor, os.environ["ME"], os.getpid()

    outcomes = workers.run(program, [(1,), (2,), (3,)], [{"ME": name} for name in "abc"])
    assert [value[:2] for value in workers.values(outcomes)] == [(10, "a"), (20, "b"), (30, "c")]
    assert len({value[2] for value in workers.values(outcomes)} | {os.getpid()}) == 4
    assert all((o.error, o.printed, o.log) == (None, ["grüezi"], "") for o in outcomes)


def test_ports_are_free_and_different_and_free_again_after_a_run():
    ports = workers.free_ports(5)
    assert len(set(ports)) == 5

    def listen(port):
        with socket.create_server(("127.0.0.1", port)):
            return port

    assert workers.values(workers.run(listen, [(port,) for port in ports[:2]])) == ports[:2]
    with socket.create_server(("127.0.0.1", ports[0])):
        pass


def test_a_dead_peer_ends_those_who_would_wait_for_it():
    def program(number, port):
        if number == 1:
            sys.stderr.write("I am about to fail\n")
            os._exit(3)
        with socket.create_server(("127.0.0.1", port)) as server:
            server.accept()  # for ever

    (port,) = workers.free_ports(1)
    waiting, dead = workers.run(program, [(0, port), (1, port)], grace=1)
    assert dead.error == "ended with exit code 3 before the function returned" and dead.log == "I am about to fail"
    assert waiting.error == "was ended, as it still ran 1 s after worker 1 had failed"
    with socket.create_server(("127.0.0.1", port)):
        pass


def test_those_who_notice_by_themselves_say_so():
    def program(number):
        if number == 0:
            raise ValueError("first line\nsecond line")
        time.sleep(0.5)
        sys.exit("the other one is gone")

    failed, other = workers.run(program, [(0,), (1,)], grace=120)  # which may start late on a busy machine
    assert failed.error == "ValueError: first line" and "second line" in failed.log
    assert other.error == "SystemExit: the other one is gone"
    with pytest.raises(RuntimeError, match="worker 0: ValueError: first line"):
        workers.values([failed, other])


def test_a_worker_is_killed_without_warning_when_it_has_printed_a_line(tmp_path):
    def program(number):
        mark = tmp_path / "the first has printed"
        while number == 1 and not mark.exists():
            time.sleep(0.02)
        for step in range(1, 1_000):
            print("step", step, "done", flush=True)
            if number == 0 and step == 10:
                mark.touch()
        time.sleep(600)

    first, second = workers.run(program, [(0,), (1,)], kill=(1, "step 10 "), grace=1)
    assert (
        second.error == "was killed, as asked, after it had printed 'step 10 '" and second.printed[-1] == "step 10 done"
    )
    assert first.error.startswith("was ended, as it still ran 1 s after worker 1") and "step 10 done" in first.printed


def test_nobody_outlives_the_timeout_nor_do_descendants():
    def program():
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        print(child.pid)
        time.sleep(600)

    for timeout in (5, 30, 120):  # until both have begun, which takes longer on a busy machine
        outcomes = workers.run(program, [(), ()], timeout=timeout)
        assert [o.error for o in outcomes] == [f"was ended after {timeout} s, the timeout"] * 2
        if all(o.printed for o in outcomes):
            break
    assert all(is_gone(int(o.printed[0])) for o in outcomes)


def test_an_interrupt_leaves_nothing_behind(monkeypatch):
    pids = []

    def interrupt(team, *_):
        pids.extend(worker.process.pid for worker in team)
        raise KeyboardInterrupt

    monkeypatch.setattr(workers, "_wait", interrupt)
    with pytest.raises(KeyboardInterrupt):
        workers.run(wait_for_ever, [(), ()])
    assert len(pids) == 2 and all(is_gone(pid) for pid in pids)


def test_workers_end_when_the_process_that_started_them_is_killed():
    code = (
        "from tests.test_workers import wait_for_ever, workers\n"
        "import threading, psutil, time\n"
        "threading.Thread(target=workers.run, args=(wait_for_ever, [(), ()]), daemon=True).start()\n"
        "while len(pids := [p.pid for p in psutil.Process().children()]) < 2: time.sleep(0.05)\n"
        "time.sleep(3); print(*pids, flush=True); time.sleep(600)\n"
    )
    root = Path(__file__).parent.parent
    with subprocess.Popen([sys.executable, "-c", code], cwd=root, stdout=subprocess.PIPE, text=True) as parent:
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        parent.kill()
    assert len(pids) == 2 and all(is_gone(pid) for pid in pids)


@pytest.mark.parametrize(
    ("options", "said"),
    [({"timeout": 0}, "timeout is 0"), ({"kill": (2, "x")}, "kill names worker 2"), ({"grace": -1}, "grace -1")],
)
def test_what_makes_no_sense_is_refused_before_anything_starts(options, said):
    with pytest.raises(ValueError, match=said):
        workers.run(print, [(1,), (2,)], **options)
    with pytest.raises(ValueError, match="arguments is empty"):
        workers.run(print, [])


def test_what_cannot_travel_and_uneven_lists_are_refused():
    with pytest.raises((TypeError, AttributeError), match="cannot"):
        workers.run(print, [(socket.socket(),)])
    with pytest.raises(ValueError, match="1 environments for 2 workers"):
        workers.run(print, [(1,), (2,)], [{}])


@pytest.fixture(scope="module")
def notebook() -> dict:
    return defined_in(course.path("many_workers"))


@pytest.fixture(scope="module")
def others() -> dict:
    return defined_in(course.path("other_strategies"))


def defined_in(page: Path) -> dict:
    """The imports, functions and constants of a notebook, without what it runs."""
    kept = []
    for cell in json.loads(page.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and "colab.py" not in source:  # not the cell that fetches the kit on Colab
            kept += [node for node in ast.parse(source).body if _defines(node)]
    names = {"__name__": "notebook"}
    exec(compile(ast.Module(kept, []), str(page), "exec"), names)
    return names


def _defines(node: ast.stmt) -> bool:
    literal = (ast.Constant, ast.Tuple, ast.Dict, ast.expr_context)
    if isinstance(node, ast.Assign):
        return all(isinstance(part, literal) for part in ast.walk(node.value))
    return isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef))


def test_two_workers_end_with_the_same_weights_and_a_killed_run_resumes_to_them(notebook, tmp_path, monkeypatch):
    pytest.importorskip("tensorflow")
    monkeypatch.setenv("WORKSHOP_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("WORKSHOP_SCALE", "tiny")
    prepare()
    paths = [str(path) for path in fashion.images().train]
    notebook.update(STEPS=12, EVERY=4)
    train = notebook["train"]

    whole = tf_workers.run_two(train, paths, str(tmp_path / "whole"))
    losses = tf_workers.losses(whole[0])
    assert list(losses.index) == [*range(1, 13)]
    ends = tf_workers.compare(["first", "second"], whole, steps=losses.index)
    assert ends.nunique().max() == 1

    torn = tf_workers.run_two(train, paths, str(tmp_path / "torn"), kill=(1, "step 6 "))
    assert "Unavailable" in torn[0].error and "was killed" in torn[1].error

    again = tf_workers.run_two(train, paths, tf_workers.copy_of(str(tmp_path / "torn")))
    assert list(tf_workers.losses(again[0]).index) == [*range(5, 13)]
    assert tf_workers.losses(again[0])[12] == pytest.approx(losses[12], abs=1e-6)
    assert len(set(workers.values(again))) == 1

    forgot = tf_workers.run_two(train, paths, tf_workers.copy_of(str(tmp_path / "torn")), with_adam=False)
    ends = tf_workers.compare(["all", "without Adam's"], [again[0], forgot[0]], steps=[5, 6])
    assert list(ends.nunique()) == [2, 1, 2]
    with pytest.raises(RuntimeError, match="worker 0: Unavailable"):
        tf_workers.compare(["first", "second"], torn)


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    """Images, labels and weights that all libraries begin with, and what Keras makes of them on one device."""
    pytest.importorskip("tensorflow")
    paths = [str(path) for path in _drawn(tmp_path_factory.mktemp("data"))]
    return workers.values(workers.run(libraries.start, [(paths, 256)]))[0]


def _drawn(folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKSHOP_DATA", str(folder))
        patch.setenv("WORKSHOP_SCALE", "tiny")
        prepare()
        return fashion.images().train


def losses_of_keras(others, start):
    return workers.values(workers.run(others["fit"], [start], [{"CUDA_VISIBLE_DEVICES": ""}]))[0]


def test_two_mirrored_devices_learn_as_one_does(others, start):
    mirrored = workers.values(workers.run(others["fit_mirrored"], [start], [{"CUDA_VISIBLE_DEVICES": ""}]))[0]
    assert mirrored == pytest.approx(losses_of_keras(others, start), rel=0.02)


def test_two_devices_of_jax_learn_as_one_of_tensorflow_does(others, start):
    pytest.importorskip("jax")
    devices, losses = workers.values(workers.run(others["fit_jax"], [start], [others["JAX"]]))[0]
    assert len(devices) == 2 and losses == pytest.approx(losses_of_keras(others, start), rel=0.02)


def test_two_processes_of_pytorch_learn_as_one_of_tensorflow_does(others, start):
    pytest.importorskip("torch")
    others["pixels"], others["labels"], others["weights"] = start
    one, two = others["run_torch"](part=1)
    assert one["sum"] == two["sum"] and not np.array_equal(one["losses"], two["losses"])
    assert (one["losses"] + two["losses"]) / 2 == pytest.approx(losses_of_keras(others, start), rel=0.02)
