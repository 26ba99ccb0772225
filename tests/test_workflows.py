"""GitHub's workflows cannot be run here; what can be held is that they say what they mean and name what exists."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TARGETS = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))


def _read(path: Path) -> dict:
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    workflow["on"] = workflow.pop(True)  # YAML 1.1 takes `on` for a truth value
    return workflow


def _steps(workflow: dict) -> list[dict]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_ends_in_time_may_do_little_and_runs_once(path):
    workflow = _read(path)
    assert workflow["permissions"] == {"contents": "read"} and workflow["concurrency"]["group"]
    assert all(0 < job["timeout-minutes"] <= 60 for job in workflow["jobs"].values())
    for step in _steps(workflow):
        assert ("uses" in step) != ("run" in step)
        assert re.fullmatch(r"actions/[a-z-]+@v\d+", step.get("uses", "actions/x@v1"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_commands_of_a_workflow_name_what_exists(path):
    text = "\n".join(step.get("run", "") for step in _steps(_read(path)))
    assert set(re.findall(r"\bmake ([a-z-]+)", text)) <= TARGETS
    modules = set(re.findall(r"python -m ([\w.]+)", text)) - {"venv", "pip", "pytest"}
    assert all(find_spec(module) for module in modules)
    files = re.findall(r"(?<!\w)((?:\.ci|tests|docs|binder)/[\w./-]+|requirements\.txt)", text)
    keys = re.findall(r"hashFiles\('([^']+)'\)", path.read_text(encoding="utf-8"))
    assert files or keys or "make" in text
    assert all((ROOT / name).is_file() for name in files + keys)


def test_the_tests_run_on_three_systems_as_the_readme_says():
    matrix = _read(ROOT / ".github" / "workflows" / "test.yml")["jobs"]["test"]["strategy"]["matrix"]
    assert [name.split("-")[0] for name in matrix["os"]] == ["ubuntu", "macos", "windows"]
    assert matrix["python"] == ["3.11", "3.13"]

    # Without make: the README's commands, then those of `make test`, word for word but for the folder of programs.
    text = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8").replace("\\", "/")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("$(BIN)", "$BIN")
    for command in re.findall(r"(?m)^ +(\$BIN/.*|python tools/install.py)$", text):
        windows = command.replace("$BIN", ".venv/Scripts").replace("python tools", "py tools")
        assert windows in readme or command in makefile, command


def test_every_cell_runs_twice_each_week_and_every_page_under_a_users_own_configuration():
    weekly = _read(ROOT / ".github" / "workflows" / "weekly.yml")
    assert weekly["on"]["schedule"] and {"run": "make twice"} in _steps(weekly)
    assert {"run": ".venv/bin/python -m tools.environments configured"} in _steps(weekly)


def test_only_the_jobs_that_publish_may_publish():
    [job] = _read(ROOT / ".github" / "workflows" / "publish.yml")["jobs"].values()
    assert job["permissions"] == {"contents": "write"}
    pages = _read(ROOT / ".github" / "workflows" / "pages.yml")["jobs"]
    assert pages["deploy"]["permissions"] == {"pages": "write", "id-token": "write"}
    assert "permissions" not in pages["build"] and pages["deploy"]["needs"] == "build"
    assert any(step.get("with", {}).get("path") == "build/site" for step in pages["build"]["steps"])
