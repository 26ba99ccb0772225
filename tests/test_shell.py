"""Makefile and shell scripts: advice is printed and never executed, and nothing is quoted by luck."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SCRIPTS = [ROOT / ".ci" / "run", ROOT / "binder" / "start", ROOT / "binder" / "postBuild"]
SCRIPTS += sorted([*ROOT.glob("deploy/*/*.sh"), *ROOT.glob("deploy/*/*.sbatch")])

pytestmark = pytest.mark.skipif(sys.platform == "win32" or not shutil.which("make"), reason="needs make and a shell")


def command(folder: Path, name: str, script: str) -> None:
    """Put a program in a folder."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def make(*words: str, folder: Path, programs: Path, stdin: str | None = None) -> subprocess.CompletedProcess:
    env = os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(
        ["make", *words], cwd=folder, env=env, input=stdin, capture_output=True, text=True, timeout=60
    )


def test_without_venv_setup_says_what_to_install_and_installs_nothing(tmp_path):
    for name in ("Makefile", "pyproject.toml", "requirements.txt"):
        shutil.copy2(ROOT / name, tmp_path)
    programs, mark = tmp_path / "programs", tmp_path / "mark"
    command(programs, "python3", 'test "$2" != venv')  # as on a Debian without python3-venv
    command(programs, "sudo", f"touch '{mark}'")
    done = make("setup", folder=tmp_path, programs=programs)
    assert done.returncode != 0
    advice = (
        "Creating .venv failed. On Debian and Ubuntu `sudo apt install python3-venv` first; else delete .venv and run"
    )
    assert advice in done.stderr
    assert not mark.exists()


def test_after_the_missing_package_is_installed_setup_makes_a_half_made_environment_whole(tmp_path):
    for name in ("Makefile", "pyproject.toml", "requirements.txt"):
        shutil.copy2(ROOT / name, tmp_path)
    command(tmp_path / "programs", "python3", 'test "$2" != venv || echo made anew')
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    command(tmp_path / ".venv" / "bin", "python", "exit 1")  # without pip: what a venv without ensurepip leaves
    done = make("setup", folder=tmp_path, programs=tmp_path / "programs")
    assert "made anew" in done.stdout


def test_whatever_stands_in_an_advice_is_printed_and_not_executed(tmp_path):
    shutil.copy2(ROOT / "Makefile", tmp_path)
    said = """it's `touch mark` "$(touch mark)" %s \\n ; touch mark"""
    rule = f"include Makefile\nspoken:\n\t@false $(call else_say,Trying,{said.replace('$', '$$')})\n"
    done = make("-f", "-", "spoken", folder=tmp_path, programs=tmp_path, stdin=rule)
    assert f"Trying failed. {said}" in done.stderr.splitlines()
    assert not (tmp_path / "mark").exists()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_shellcheck_finds_nothing(script):
    if not shutil.which("shellcheck"):
        pytest.skip("needs shellcheck: `sudo apt install shellcheck`")
    done = subprocess.run(["shellcheck", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
