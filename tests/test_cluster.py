"""Clusters: sized, joined, linked to, and closed for sure."""

from __future__ import annotations

import os
import subprocess
import sys
import types

import dask
import psutil
import pytest

from helpers import cluster
from helpers.environment import config


@pytest.fixture(autouse=True)
def closed():
    yield
    cluster.close()


@pytest.mark.parametrize(("cpus", "expected"), [(1, (1, 1)), (2, (2, 1)), (4, (2, 2)), (64, (2, 2))])
def test_workers_suit_the_machine_and_the_budget(cpus, expected):
    assert cluster.workers_and_threads(cpus) == expected


def test_a_local_cluster_stays_within_the_budget_works_and_closes():
    client = cluster.connect()
    workers = client.scheduler_info(n_workers=-1)["workers"].values()
    assert sum(worker["memory_limit"] for worker in workers) + cluster.KERNEL_MEMORY <= config.MEMORY_BUDGET
    pids = client.run(os.getpid).values()
    assert client.submit(sum, [1, 2]).result() == 3
    assert client.dashboard_link.startswith("http://127.0.0.1:")
    client.close()
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_connecting_again_replaces_the_first_cluster():
    first = cluster.connect()
    second = cluster.connect()
    assert first.status == "closed" and second.submit(sum, [1, 2]).result() == 3


def test_a_script_that_fails_leaves_no_process_behind():
    code = "import os\nfrom helpers import cluster\n"
    code += "print(*cluster.connect().run(os.getpid).values(), flush=True)\n1 / 0"
    script = f"if __name__ == '__main__':\n    exec({code!r})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert done.returncode == 1 and "ZeroDivisionError" in done.stderr
    pids = [int(pid) for pid in done.stdout.split()]
    assert pids and not any(psutil.pid_exists(pid) for pid in pids)


def test_the_cluster_that_dask_names_is_joined_and_survives(monkeypatch):
    with dask.config.set({"distributed.admin.tick.interval": "1s"}):
        from distributed import LocalCluster

        with LocalCluster(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=":0") as running:
            monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", running.scheduler_address)
            client = cluster.connect()
            assert client.scheduler.address == running.scheduler_address
            client.close()
            assert len(running.workers) == 1


def test_an_address_where_nobody_answers_is_named(monkeypatch):
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", "tcp://127.0.0.1:1")
    with pytest.raises(ConnectionError, match=r"DASK_SCHEDULER_ADDRESS=tcp://127\.0\.0\.1:1:"):
        cluster.connect()


def test_behind_a_hub_the_link_leads_through_its_proxy(monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/user/jo/")
    with dask.config.set({"distributed.dashboard.link": "unchanged"}):
        client = cluster.connect()
        port = client.scheduler_info()["services"]["dashboard"]
        assert client.dashboard_link == f"/user/jo/proxy/{port}/status"


def test_on_colab_the_dashboard_is_shown_in_the_page(monkeypatch):
    shown = []
    output = types.SimpleNamespace(serve_kernel_port_as_iframe=lambda port, path, height: shown.append((port, path)))
    monkeypatch.setitem(sys.modules, "google.colab", types.SimpleNamespace(output=output))
    client = cluster.connect()
    assert shown == [(client.scheduler_info()["services"]["dashboard"], "/status")]
