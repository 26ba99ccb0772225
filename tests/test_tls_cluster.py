"""A cluster of separate processes that talk TLS, by the scripts of `deploy/cloud`, on one machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.skipif(
    sys.platform == "win32" or not (shutil.which("openssl") and shutil.which("bash")),
    reason="needs bash, and openssl to make certificates",
)
def test_two_workers_train_over_tls_and_nobody_joins_without_a_certificate(tmp_path):
    env = {**os.environ, "BIN": str(Path(sys.executable).parent), "TMPDIR": str(tmp_path)}
    env |= {"WORKSHOP_SCALE": "tiny", "WORKSHOP_DATA": str(tmp_path / "data")}
    command = ["bash", ROOT / "deploy" / "cloud" / "try.sh"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    made, trained, workers, learned, tls, tcp, _ = done.stdout.splitlines()
    assert made.startswith("100,000 trips") and trained.endswith("; scheduler tls")
    assert workers.startswith("workers: 2 on ") and learned.startswith("learned from ")
    assert "wants certificates" in tls and "No Dask scheduler answers" in tcp
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
