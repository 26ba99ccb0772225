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
        ["make", *words], cwd=folder, env=env, input=stdin, capture_output=True, text=True, timeout=300
    )


def claims(folder: Path, name: str, version: str, does: str = "") -> None:
    """Put a program in a folder that is this Python, says that it is another version, and `does` something first."""
    script = f"""#!{sys._base_executable}
import platform, runpy, sys
platform.python_version = lambda: "{version}"
platform.python_version_tuple = lambda: tuple("{version}".split("."))
sys.executable = sys._base_executable = __file__
{does}
sys.version_info = type("version_info", (tuple,), dict(zip(("major", "minor", "micro"), {version.split(".")})))(
    [*map(int, {version.split(".")}), "final", 0])
arguments = sys.argv[1:]
while arguments[0] in ("-I", "-B"):
    del arguments[0]
flag, *sys.argv = arguments if arguments[0] in ("-c", "-m") else ["file", *arguments]
if flag == "-c":
    code, sys.argv[0] = sys.argv[0], "-c"
    exec(code)
else:
    {{"-m": runpy.run_module, "file": runpy.run_path}}[flag](sys.argv[0], run_name="__main__")
"""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(script)
    (folder / name).chmod(0o755)


@pytest.fixture
def bare(tmp_path) -> Path:
    """A checkout of what `make setup` reads, with a lock that holds nothing, and a folder of few programs."""
    for name in ("Makefile", "pyproject.toml", "tools/install.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy2(ROOT / name, tmp_path / name)
    (tmp_path / "requirements.txt").touch()
    (tmp_path / "programs").mkdir()
    return tmp_path


def set_up(folder: Path) -> subprocess.CompletedProcess:
    """Run `make setup` where nothing but folder/programs is on the path and nothing can be downloaded."""
    env = {"PATH": str(folder / "programs"), "HOME": str(folder), "UV_PYTHON_DOWNLOADS": "never", "UV_OFFLINE": "1"}
    make = shutil.which("make")
    return subprocess.run([make, "setup"], cwd=folder, env=env, capture_output=True, text=True, timeout=300)


def test_setup_takes_of_3_10_and_3_12_the_one_that_suits(bare):
    (bare / "programs" / "uv").symlink_to(Path(sys.executable).with_name("uv"))
    claims(bare / "programs", "python3.10", "3.10.4")
    claims(bare / "programs", "python3.12", "3.12.2")
    said = set_up(bare).stderr
    assert "\nversion_info = 3.12.2\n" in (bare / ".venv" / "pyvenv.cfg").read_text(), said


@pytest.mark.parametrize("other", ["python3.13", None])
def test_where_python3_is_3_14_setup_takes_another_or_says_in_a_sentence_what_to_do(bare, other):
    (bare / "programs" / "uv").symlink_to(Path(sys.executable).with_name("uv"))
    claims(bare / "programs", "python3", "3.14.0")
    if other:
        claims(bare / "programs", other, "3.13.1")
    done = set_up(bare)
    if other:
        assert "\nversion_info = 3.13.1\n" in (bare / ".venv" / "pyvenv.cfg").read_text(), done.stderr
        return
    said = [line for line in done.stderr.splitlines() if line and not line.startswith("make: ")]
    assert done.returncode and len(said) == 1 and not (bare / ".venv").exists()
    assert said[0].startswith("Looking for a Python >=3.11,<3.14 failed. This one is 3.14.0, ")
    assert "install Python 3.13, or let uv download it" in said[0]


@pytest.mark.parametrize("programs", [[], ["uv"]])
def test_without_python_setup_says_what_to_install(bare, programs):
    for name in programs:
        (bare / "programs" / name).symlink_to(Path(sys.executable).with_name(name))
    (said,) = [line for line in set_up(bare).stderr.splitlines() if line and not line.startswith("make: ")]
    assert said.startswith("Looking for Python failed. Install Python 3.13 or uv (which downloads it")


def test_without_venv_setup_says_what_to_install_and_installs_nothing(bare):
    (bare / "programs" / "sudo").symlink_to(shutil.which("touch"))
    without = "if sys.argv[1:3] == ['-m', 'venv']: sys.exit(1)"  # a Debian's, as it comes
    claims(bare / "programs", "python3", "3.12.2", without)
    done = set_up(bare)
    assert done.returncode and not (bare / ".venv").exists() and not (bare / "python3-venv").exists()
    assert (
        "Creating an environment failed. On Debian and Ubuntu `sudo apt install python3-venv`, then run it again."
        in done.stderr
    )


def test_a_half_made_environment_and_one_with_an_unsuitable_python_are_made_anew(bare):
    (bare / "programs" / "uv").symlink_to(Path(sys.executable).with_name("uv"))
    claims(bare / "programs", "python3", "3.12.2")
    (bare / ".venv" / "bin").mkdir(parents=True)
    for broken in ("exit 1", "echo 3 10"):
        command(bare / ".venv" / "bin", "python", broken)
        set_up(bare)
        assert (bare / ".venv" / "pyvenv.cfg").exists()
        shutil.rmtree(bare / ".venv")
        (bare / ".venv" / "bin").mkdir(parents=True)


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
