"""Processes that work together: none hangs, and none is left."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from helpers import tf_workers, workers
from helpers.processes import Outcome


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

    outcomes = workers.run(program, [(1,), (2,), (3,)], environments=[{"ME": name} for name in "abc"])
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


def test_a_dead_peer_ends_those_who_would_wait_for_it(monkeypatch):
    def program(number, port):
        if number == 1:
            sys.stderr.write("I am about to fail\n")
            os._exit(3)
        with socket.create_server(("127.0.0.1", port)) as server:
            server.accept()  # for ever

    (port,) = workers.free_ports(1)
    monkeypatch.setattr(workers, "GRACE", 1)
    waiting, dead = workers.run(program, [(0, port), (1, port)])
    assert dead.error == "ended with exit code 3 before the function returned" and dead.log == "I am about to fail"
    assert waiting.error == "was ended, as it still ran 1 s after worker 1 had failed"
    with socket.create_server(("127.0.0.1", port)):
        pass


def test_those_who_notice_by_themselves_say_so(monkeypatch):
    def program(number):
        if number == 0:
            raise ValueError("first line\nsecond line")
        time.sleep(0.5)
        sys.exit("the other one is gone")

    monkeypatch.setattr(workers, "GRACE", 120)  # the other may start late on a busy machine
    failed, other = workers.run(program, [(0,), (1,)])
    assert failed.error == "ValueError: first line" and "second line" in failed.log
    assert other.error == "SystemExit: the other one is gone"
    with pytest.raises(RuntimeError, match="worker 0: ValueError: first line"):
        workers.values([failed, other])


def test_a_worker_is_killed_without_warning_when_it_has_printed_a_line(tmp_path, monkeypatch):
    def program(number):
        mark = tmp_path / "the first has printed"
        while number == 1 and not mark.exists():
            time.sleep(0.02)
        for step in range(1, 1_000):
            print("step", step, "done", flush=True)
            if number == 0 and step == 10:
                mark.touch()
        time.sleep(600)

    monkeypatch.setattr(workers, "GRACE", 1)
    first, second = workers.run(program, [(0,), (1,)], kill=(1, "step 10 "))
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
    [({"timeout": 0}, "timeout is 0"), ({"kill": (2, "x")}, "kill names worker 2")],
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
        workers.run(print, [(1,), (2,)], environments=[{}])


def test_two_workers_of_tensorflow_are_told_of_each_other_and_get_the_same_arguments():
    def program(word, *, number):
        return word, number, json.loads(os.environ["TF_CONFIG"]), os.environ["CUDA_VISIBLE_DEVICES"]

    one, two = workers.values(tf_workers.run_two(program, "word", number=3))
    assert one[:2] == two[:2] == ("word", 3) and one[2]["cluster"] == two[2]["cluster"] and one[3] == two[3] == ""
    assert len(set(one[2]["cluster"]["worker"])) == 2
    assert [config["task"] for config in (one[2], two[2])] == [{"type": "worker", "index": i} for i in (0, 1)]


def test_workers_are_compared_by_what_they_printed_and_returned(tmp_path):
    ended = [Outcome(value, None, printed=[f"step {n} loss {loss}" for n in (1, 2)]) for value, loss in ("a1", "a2")]
    ends = tf_workers.compare(["first", "second"], ended, steps=[1, 2])
    assert ends.to_dict("list") == {"fingerprint": ["a", "a"], "loss 1": [1.0, 2.0], "loss 2": [1.0, 2.0]}
    with pytest.raises(RuntimeError, match="worker 1: Unavailable"):
        tf_workers.compare(["first", "second"], [ended[0], Outcome(None, "Unavailable")], steps=[1])
    (tmp_path / "state").write_text("saved")
    copy = Path(tf_workers.copy_of(str(tmp_path)))
    assert (copy / "state").read_text() == "saved" and copy.parent == tmp_path.parent
