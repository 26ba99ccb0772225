"""What Binder and Codespaces read. Neither can be started here; what they are told can be tried."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BASH = pytest.mark.skipif(sys.platform == "win32", reason="Binder's scripts run in bash")


@BASH
def test_binder_takes_the_files_in_its_folder():
    command = shutil.which("repo2docker", path=Path(sys.executable).parent)
    if command is None:
        pytest.skip("needs jupyter-repo2docker, which is installed on Linux only")
    made = subprocess.run([command, "--no-build", "--debug", "."], cwd=ROOT, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    assert "python=3.11" in made.stderr  # what environment.yml asks for, in words that are recognised
    assert all(f"binder/{name}" in made.stdout for name in ("environment.yml", "postBuild", "start"))


@BASH
@pytest.mark.parametrize(("prefix", "link"), [("/user/me/", "/user/me/proxy/8787/status"), ("", "/proxy/8787/status")])
def test_on_binder_the_dashboard_is_behind_the_proxy(prefix, link):
    tell = "import dask, distributed; print(dask.config.get('distributed.dashboard.link').format(port=8787))"
    environment = os.environ | {"JUPYTERHUB_SERVICE_PREFIX": prefix}
    command = ["bash", ROOT / "binder" / "start", sys.executable, "-c", tell]
    assert subprocess.check_output(command, env=environment, text=True).strip() == link


@BASH
def test_binder_stops_building_at_the_first_error(tmp_path):
    (tmp_path / "pip").write_text("#!/bin/bash\nexit 3\n")
    (tmp_path / "pip").chmod(0o755)
    environment = os.environ | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["bash", ROOT / "binder" / "postBuild"], env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (3, "")


def test_codespaces_runs_what_the_makefile_has():
    settings = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    assert settings["postCreateCommand"] == "make setup"
    assert "\nsetup:" in (ROOT / "Makefile").read_text(encoding="utf-8")
    opened = settings["customizations"]["codespaces"]["openFiles"]
    assert opened and all((ROOT / name).is_file() for name in opened)
