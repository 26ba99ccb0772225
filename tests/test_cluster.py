"""Clusters: sized, joined, linked to, and closed for sure."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import sysconfig
import threading
import time
import types
from contextlib import contextmanager

import dask
import dask.dataframe as dd
import numpy as np
import pandas as pd
import psutil
import pytest
from bokeh.server.connection import ServerConnection
from distributed import Client, LocalCluster
from xgboost import dask as dxgb

from helpers import cluster, memory, paused_workers, workers
from helpers.environment import config

# Before anything is started here


def test_the_cluster_that_dask_names_is_joined_and_survives(monkeypatch):
    with dask.config.set({"distributed.admin.tick.interval": "1s"}):
        with LocalCluster(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=":0") as running:
            monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", running.scheduler_address)
            client = cluster.connect()
            assert client.scheduler.address == running.scheduler_address
            assert not dask.config.get("xgboost", None)  # others' workers must reach its tracker
            cluster.close()
            assert len(running.workers) == 1


def test_an_address_where_nobody_answers_is_named(monkeypatch):
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", "tcp://127.0.0.1:1")
    with pytest.raises(ConnectionError, match=r"DASK_SCHEDULER_ADDRESS=tcp://127\.0\.0\.1:1:"):
        cluster.connect()


@contextmanager
def elsewhere(program: str, *words: str, folder, kit: bool = True):
    """A Dask scheduler or worker: a process of its own, in another folder, which may lack the kit."""
    # Without `site`, an installed kit, which a .pth file names, is not found.
    paths = [sysconfig.get_path("purelib"), *([str(config.ROOT)] if kit else [])]
    start = f"import sys; sys.path += {paths}; from distributed.cli.dask_{program} import main; main()"
    command = [sys.executable, "-I", "-S", "-c", start, *words, "--host", "127.0.0.1", "--no-dashboard"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.kill()


@pytest.mark.parametrize("kit", [False, True])
def test_a_worker_without_the_kit_or_the_files_is_found_out(kit, monkeypatch, tmp_path):
    data = tmp_path / "here" / "data"
    data.mkdir(parents=True)
    (data / "trips.parquet").touch()
    monkeypatch.chdir(data.parent)
    monkeypatch.setenv("WORKSHOP_DATA", "data")  # a path that leads elsewhere in another folder
    scheduler = {"host": "127.0.0.1", "protocol": "tcp", "dashboard_address": "127.0.0.1:0"}
    with LocalCluster(n_workers=0, processes=False, **scheduler) as running, Client(running) as client:
        address = running.scheduler_address
        monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", address)
        with elsewhere("worker", address, "--no-nanny", folder=tmp_path, kit=kit):
            client.wait_for_workers(1, timeout=60)
            said = "does not see 1 of the 1 files of WORKSHOP_DATA=data as" if kit else "cannot run the kit"
            with pytest.raises(RuntimeError, match=rf"^the worker tcp://127\.0\.0\.1:\d+ {said}"):
                cluster.connect()


def test_a_scheduler_without_the_kit_is_found_out(monkeypatch, tmp_path):
    (port,) = workers.free_ports(1)
    address = f"tcp://127.0.0.1:{port}"
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", address)
    with elsewhere("scheduler", "--port", str(port), folder=tmp_path, kit=False), Client(address, timeout="60s"):
        with pytest.raises(RuntimeError, match=r"^the scheduler cannot run the kit"):
            cluster.connect()


# Beside what is started here


@pytest.fixture(scope="module")
def client():
    """What `connect` starts on this machine, once for all tests that leave it as it was."""
    yield cluster.connect()
    cluster.close()
    assert not dask.config.get("xgboost", None)


@pytest.fixture
def small(monkeypatch):
    """Let `connect` start a worker in this process, where only what it does besides is looked at."""
    options = {"n_workers": 1, "threads_per_worker": 1, "processes": False, "dashboard_address": "127.0.0.1:0"}
    monkeypatch.setattr(cluster, "_client", None)
    monkeypatch.setattr(cluster, "_start", lambda: Client(**options))
    yield
    cluster.close()


@pytest.mark.parametrize(("cpus", "expected"), [(1, (1, 1)), (2, (2, 1)), (4, (2, 2)), (64, (2, 2))])
def test_workers_suit_the_machine_and_the_budget(cpus, expected):
    assert cluster.workers_and_threads(cpus) == expected


def test_a_local_cluster_stays_within_the_budget_and_works(client):
    limits = client.run(lambda dask_worker: dask_worker.memory_manager.memory_limit).values()
    assert sum(limits) + cluster.KERNEL_MEMORY <= config.MEMORY_BUDGET
    assert cluster.worker_memory(client) == sum(limits)
    assert client.submit(sum, [1, 2]).result() == 3
    assert client.dashboard_link.startswith("http://127.0.0.1:")


def test_workers_without_a_limit_do_not_say_how_many_rows_fit():
    workers = types.SimpleNamespace(run=lambda function: {"tcp://127.0.0.1:1": None, "tcp://127.0.0.1:2": 0})
    with pytest.raises(ValueError, match="none of the 2 workers has a memory limit"):
        cluster.worker_memory(workers)


def listening() -> set:
    """Where this process waits for connections: (address, port)."""
    connections = psutil.Process().net_connections("inet")
    return {connection.laddr for connection in connections if connection.status == psutil.CONN_LISTEN}


def test_xgboost_offers_its_tracker_to_this_machine_alone(client):
    seen, done = set(), threading.Event()

    def look():
        while not done.wait(0.05):
            seen.update(listening())

    before = listening()
    watch = threading.Thread(target=look)
    watch.start()
    table = dd.from_pandas(pd.DataFrame({"x": np.arange(1_000.0)}), npartitions=2)
    model = dxgb.DaskXGBRegressor(n_estimators=10).fit(table[["x"]], table["x"])
    done.set()
    watch.join()
    assert model.get_booster().num_boosted_rounds() == 10
    assert seen - before and {ip for ip, _ in seen} == {"127.0.0.1"}


def test_connecting_again_replaces_the_first_cluster(small):
    first = cluster.connect()
    second = cluster.connect()
    assert first.status == "closed" and second.submit(sum, [1, 2]).result() == 3


def test_behind_a_hub_the_link_leads_through_its_proxy(small, monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/user/jo/")
    with dask.config.set({"distributed.dashboard.link": "unchanged"}):
        client = cluster.connect()
        port = client.scheduler_info()["services"]["dashboard"]
        assert client.dashboard_link == f"/user/jo/proxy/{port}/status"


def test_on_colab_the_dashboard_is_shown_in_the_page(small, monkeypatch):
    shown = []
    output = types.SimpleNamespace(serve_kernel_port_as_iframe=lambda port, path, height: shown.append((port, path)))
    monkeypatch.setitem(sys.modules, "google.colab", types.SimpleNamespace(output=output))
    client = cluster.connect()
    assert shown == [(client.scheduler_info()["services"]["dashboard"], "/status")]


def test_beside_another_and_with_a_users_configuration_workers_may_spill_and_not_a_word_is_said(client, tmp_path):
    """Computing centres advise not to spill, where disks are shared: a worker of 800 MB would pause for ever."""
    (tmp_path / "dask.yaml").write_text(
        "distributed: {worker: {memory: {target: false, spill: false, pause: 0.5, terminate: false}}}", encoding="utf-8"
    )
    code = (
        "from helpers import cluster\n"
        "def fractions(dask_worker):\n"
        "    manager = dask_worker.memory_manager\n"
        "    return manager.memory_target_fraction, manager.memory_spill_fraction, manager.memory_pause_fraction\n"
        "client = cluster.connect()\n"
        "print(*set(client.run(fractions).values()))\n"
        "print(*{nanny.memory_manager.memory_terminate_fraction for nanny in client.cluster.workers.values()})\n"
        "print(client.dashboard_link)"
    )
    environment = os.environ | {"DASK_CONFIG": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=120)
    *fractions, link = done.stdout.splitlines()
    assert fractions == ["(0.6, 0.7, 0.85)", "0.95"] and done.stderr == ""
    # The usual port of the dashboard is taken by the other cluster, or by whoever had it before.
    assert link.startswith("http://127.0.0.1:") and link != client.dashboard_link


def logs_to_a_file(dask_worker) -> bool:
    return os.path.sameopenfile(2, os.open(os.path.join(dask_worker.local_directory, "stderr.log"), os.O_RDONLY))


def test_a_worker_that_was_started_anew_is_set_up_like_the_first(client):
    before = client.run(os.getpid)
    client.restart()
    after = client.run(os.getpid)
    assert not set(before.values()) & set(after.values())
    assert all(client.run(logs_to_a_file).values())


def note_trims(note):
    memory.trim = note.touch


def pause(dask_worker):
    from distributed.core import Status

    dask_worker.periodic_callbacks["memory_monitor"].stop()  # which would see that there is memory enough
    dask_worker.status = Status.paused


def test_a_worker_that_waits_for_memory_is_said_once(small, monkeypatch, capfd):
    monkeypatch.setattr(paused_workers, "PAUSED_SECONDS", 0)
    client = cluster.connect()
    client.run(pause)
    said, stop = "", time.monotonic() + 60
    while "paused" not in said and time.monotonic() < stop:
        time.sleep(0.2)
        said += capfd.readouterr().out
    assert "A worker has been paused" in said and "client.restart()" in said


def test_a_worker_that_waits_for_memory_gives_back_what_it_has_freed(small, tmp_path):
    client = cluster.connect()
    client.run(note_trims, tmp_path / "trimmed")
    client.run(pause)
    stop = time.monotonic() + 60
    while not (tmp_path / "trimmed").exists():
        assert time.monotonic() < stop
        time.sleep(0.2)


def test_a_page_of_the_dashboard_closed_while_it_loads_is_not_reported_but_other_errors_are(small, caplog):
    cluster.connect()
    log = logging.getLogger("tornado.application")
    log.addHandler(caplog.handler)
    session = types.SimpleNamespace(subscribe=lambda _: None, unsubscribe=lambda _: None)
    closed = ServerConnection(None, None, None, session)
    closed.detach_session()  # as bokeh does when the page has gone, and then asks for the session
    for fails in (lambda: closed.session, lambda: 1 / 0):
        try:
            fails()
        except (AssertionError, ZeroDivisionError):
            log.exception("Uncaught exception GET /status/ws")
    log.removeHandler(caplog.handler)
    assert "ZeroDivisionError" in caplog.text and "AssertionError" not in caplog.text


def test_a_script_without_a_main_guard_is_told_what_to_write_before_anything_starts(tmp_path):
    script = tmp_path / "script.py"
    script.write_text("from helpers import cluster\ncluster.connect()\n", encoding="utf-8")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 1 and done.stderr.count("Traceback") == 1
    assert done.stderr.splitlines()[-1].endswith('put its code under `if __name__ == "__main__":`')


def test_an_exported_notebook_without_a_main_guard_is_told_what_to_write_by_ipython_too(tmp_path):
    script = tmp_path / "script.py"
    script.write_text("from helpers import cluster\ncluster.connect()\n", encoding="utf-8")
    command = [sys.executable, "-m", "IPython", "--no-banner", "--colors=NoColor", str(script)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    said = done.stdout + done.stderr
    assert done.returncode == 1 and 'put its code under `if __name__ == "__main__":`' in said and "Nanny" not in said


def test_a_script_with_a_main_guard_works_and_leaves_no_process_behind_when_it_fails(tmp_path):
    script = tmp_path / "script.py"
    lines = (
        "import os",
        "from helpers import cluster",
        'if __name__ == "__main__":',
        "    client = cluster.connect()",
        "    print(client.submit(sum, [1, 2]).result(), *client.run(os.getpid).values(), flush=True)",
        "    1 / 0",
    )
    script.write_text("\n".join(lines), encoding="utf-8")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 1 and done.stderr.splitlines()[-1] == "ZeroDivisionError: division by zero"
    three, *pids = map(int, done.stdout.split())
    assert three == 3 and pids and not any(psutil.pid_exists(pid) for pid in pids)
