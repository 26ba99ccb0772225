"""A cluster of separate processes that talk TLS, by the scripts of `deploy/cloud`, on one machine.

The kit's code runs unchanged: DASK_SCHEDULER_ADDRESS has the address, Dask's own variables the certificates.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parent.parent
CLOUD = ROOT / "deploy" / "cloud"
JOB = """
from helpers import cluster, datasets, taxi
client = cluster.connect()
trips = datasets.taxi_trips()
rows = len(taxi.clean(trips.dask()))
print(client.scheduler.address.split(":")[0], trips.rows, 0.9 < rows / trips.rows < 1)
"""

pytestmark = pytest.mark.skipif(
    sys.platform == "win32" or not (shutil.which("openssl") and shutil.which("bash")),
    reason="needs bash, and openssl to make certificates",
)


@contextmanager
def machine(*words: str, env: dict[str, str], log: Path):
    """What ``machine.sh`` starts, running meanwhile; it and its children are ended."""
    with log.open("wb") as file:
        command = ["bash", CLOUD / "machine.sh", *words]
        started = subprocess.Popen(command, env=env, cwd=ROOT, stdout=file, stderr=subprocess.STDOUT)
    try:
        yield started
    finally:
        if started.poll() is None:
            for member in [*psutil.Process(started.pid).children(recursive=True), psutil.Process(started.pid)]:
                member.kill()
        started.wait(60)


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """Address of a scheduler that talks TLS only and has a worker, and the variables that the scripts want."""
    folder = tmp_path_factory.mktemp("tls")
    make = ["bash", CLOUD / "certificates.sh", folder]
    subprocess.run(make, check=True, capture_output=True, timeout=300)
    env = {**os.environ, "TLS": str(folder), "BIN": str(Path(sys.executable).parent)}
    env |= {"WORKSHOP_SCALE": "tiny", "WORKSHOP_DATA": str(folder / "data")}
    prepare = [sys.executable, "-m", "data_scripts.taxi", "--synthetic"]
    subprocess.run(prepare, env=env, cwd=ROOT, check=True, capture_output=True, timeout=300)
    found, log = folder / "scheduler.json", folder / "scheduler.log"
    listen = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(found)]
    with machine("scheduler", *listen, env=env, log=log) as scheduler:
        while not (found.exists() and found.stat().st_size):
            assert scheduler.poll() is None, log.read_text()
            time.sleep(0.1)
        address = json.loads(found.read_text())["address"]
        one = ["--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--local-directory", str(folder)]
        with machine("worker", address, *one, env=env, log=folder / "worker.log"):
            yield address, env


def work(env: dict[str, str], address: str, *script: str | Path) -> subprocess.CompletedProcess:
    command = [*script, "-c", JOB]
    env = {**env, "DASK_SCHEDULER_ADDRESS": address}
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=300)


def test_the_kit_runs_unchanged_with_the_address_in_one_variable(running):
    address, env = running
    done = work(env, address, "bash", CLOUD / "machine.sh", "python")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "tls 100000 True\n"


@pytest.mark.parametrize("protocol", ["tls", "tcp"])
def test_nobody_joins_without_a_certificate(running, protocol):
    address, env = running
    done = work(env, address.replace("tls", protocol), sys.executable)
    assert done.returncode != 0 and not done.stdout
    assert ("TLS expects" if protocol == "tls" else "No Dask scheduler answers") in done.stderr
