"""The files of `deploy`: whole, and run as far as one machine can."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parent.parent / "deploy"
unix = pytest.mark.skipif(sys.platform == "win32" or not shutil.which("bash"), reason="needs bash")


def test_every_file_is_in_the_readme():
    text = (DEPLOY / "README.md").read_text(encoding="utf-8")
    assert all(f"`{folder.name}/`" in text for folder in DEPLOY.iterdir() if folder.is_dir())


@unix
@pytest.mark.parametrize("script", sorted(path.name for path in DEPLOY.glob("*/*.sh")))
def test_scripts_are_bash(script):
    subprocess.run(["bash", "-n", next(DEPLOY.glob(f"*/{script}"))], check=True)


@unix
def test_the_slurm_job_runs_a_command_on_its_cluster(tmp_path):
    """`srun` stands in: it drops its options and runs the command here."""
    srun = tmp_path / "srun"
    srun.write_text('#!/bin/sh\nwhile [ "${1#--}" != "$1" ]; do shift; done\nexec "$@"\n')
    srun.chmod(0o755)
    env = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "TMPDIR": str(tmp_path)}
    env |= {"SLURM_JOB_ID": "1", "SLURM_CPUS_PER_TASK": "1", "SLURM_MEM_PER_NODE": "1000"}
    env |= {"SLURM_JOB_NUM_NODES": "1", "PYTHON": sys.executable, "INTERFACE": "lo" if sys.platform == "linux" else ""}
    env["DASK_DISTRIBUTED__DASHBOARD__ENABLED"] = "False"
    job = "from distributed import Client; print(Client(timeout='120s').submit(sum, [1, 2]).result())"
    command = ["bash", DEPLOY / "slurm" / "dask.sbatch", sys.executable, "-c", job]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=300)
    address, result = done.stdout.split()
    assert address.startswith("DASK_SCHEDULER_ADDRESS=tcp://") and result == "3"


def test_tensorflow_workers_learn_who_they_are(tmp_path):
    script = tmp_path / "train.py"
    script.write_text("import os, sys\nprint(os.environ['TF_CONFIG'], sys.argv[1])")
    words = [sys.executable, DEPLOY / "tensorflow" / "launch.py", "a:1,b:2"]

    def launch(number: str):
        command, env = [*words, number, script, "5"], {**os.environ, "SLURM_PROCID": "1"}
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=300)

    for number, index in (("0", 0), ("", 1)):
        config, word = launch(number).stdout.rsplit(maxsplit=1)
        expected = {"cluster": {"worker": ["a:1", "b:2"]}, "task": {"type": "worker", "index": index}}
        assert json.loads(config) == expected and word == "5"
    assert launch("2").stderr == "worker 2 is none of the 2 hosts: a:1,b:2\n"
