"""The repository's address stands in one place; links, first cells and the launch table follow from it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from IPython.core.inputtransformer2 import TransformerManager

from tools import badges, launch

NOTEBOOKS = sorted((badges.ROOT / "notebooks").glob("*.ipynb"))
MINE = "https://github.com/someone/kit"


def _small() -> nbformat.NotebookNode:
    cells = [nbformat.v4.new_markdown_cell("# Title\n\n**You will.**"), nbformat.v4.new_code_cell("1 + 1")]
    return nbformat.v4.new_notebook(cells=cells)


def test_everything_is_up_to_date():
    should = badges.texts(badges.ROOT, badges.repository())
    stale = [path.name for path, text in should.items() if path.read_text(encoding="utf-8") != text]
    assert not stale, "run `make badges`"


@pytest.mark.parametrize("address", [None, MINE])
def test_a_second_run_changes_nothing_and_a_new_address_replaces_the_old_one(address):
    other = "https://github.com/another/kit"
    once = badges.marked(_small(), "07_x.ipynb", address)
    twice = badges.marked(nbformat.reads(nbformat.writes(once), 4), "07_x.ipynb", address)
    assert nbformat.writes(once) == nbformat.writes(twice)
    moved = nbformat.writes(badges.marked(twice, "07_x.ipynb", other))
    assert moved == nbformat.writes(badges.marked(_small(), "07_x.ipynb", other))
    assert "someone" not in moved and "another" in moved


def test_before_it_is_published_a_page_has_no_link_but_says_what_to_do():
    page = badges.marked(_small(), "07_x.ipynb", None)
    assert "http" not in nbformat.writes(page) and "writes the links" in page.cells[0].source
    assert "http" not in launch.launch_table(None) and "make badges" in launch.launch_table(None)
    with pytest.raises(ImportError, match=r"clone its repository"):
        exec(launch.ASK.strip())


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("https://github.com/someone/kit.git", MINE),
        ("https://x-access-token:secret@github.com/someone/kit", MINE),
        ("git@github.com:someone/kit.git", MINE),
        ("ssh://git@github.com/someone/kit/", MINE),
        ("/srv/git/kit.git", None),
        ("", None),
    ],
)
def test_a_remote_gives_the_address_that_others_may_clone(remote, address, tmp_path, monkeypatch):
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    if remote:
        subprocess.run(["git", "-C", tmp_path, "remote", "add", "origin", remote], check=True)
    assert badges.found(tmp_path) == address


def test_the_address_in_pyproject_is_replaced_and_can_go_again():
    bare = '[project]\nname = "x"\n\n[project.optional-dependencies]\na = []\n'
    mine = badges.with_address(bare, MINE)
    assert f'\n[project.urls]\nRepository = "{MINE}"' in mine
    assert badges.with_address(mine, MINE) == mine and badges.with_address(mine, None) == bare


def test_links_have_the_form_that_their_hosts_document():
    opening = badges.marked(_small(), "07_x.ipynb", MINE).cells[0].source
    assert opening.startswith("# Title\n\nOpen in: [Binder](") and opening.endswith("\n\n**You will.**")
    assert re.findall(r"\((\S+)\)", opening) == [
        "https://mybinder.org/v2/gh/someone/kit/main?urlpath=lab/tree/notebooks/07_x.ipynb",
        "https://colab.research.google.com/github/someone/kit/blob/main/notebooks/07_x.ipynb",
        "https://kaggle.com/kernels/welcome?src=https://github.com/someone/kit/blob/main/notebooks/07_x.ipynb",
    ]
    assert "(https://codespaces.new/someone/kit)" in launch.launch_table(MINE)
    assert "<img" not in opening and "![" not in opening  # offline, a picture from elsewhere would be a broken one


def test_nothing_else_spells_the_address_out():
    address, allowed = badges.repository(), {badges.ROOT / "pyproject.toml", badges.ROOT / "README.md", *NOTEBOOKS}
    owner = address.split("/")[-2] if address else "-own" + "er-"
    files = [path for kind in ("py", "md", "toml", "yml", "json", "ipynb") for path in badges.ROOT.glob(f"*/*.{kind}")]
    files += [path for path in badges.ROOT.glob("*.*") if path.is_file()]
    named = [
        path for path in files if f"github.com/{owner}" in path.read_text(encoding="utf-8") and path not in allowed
    ]
    assert not named


def test_what_did_not_pass_is_not_shown_as_measured(tmp_path):
    table = tmp_path / "environments.csv"
    table.write_text(
        "environment,notebook,scale,minutes,peak MB,passed\n"
        "a,00_x,small,1.0,900,True\nb,00_x,small,,,False\na,01_y,tiny,2,1,True\n"
    )
    assert badges.measurements(table).splitlines()[2:] == [
        "| 00 | 1.0 min, 900 MB | failed |",
        "| 01 | 2.0 min, 1 MB, tiny | not run |",
    ]


def test_the_launch_table_needs_a_place():
    with pytest.raises(ValueError, match="<!-- launch -->"):
        badges.between("# A README", "launch", "a table")


@pytest.mark.parametrize("address", [None, MINE])
def test_the_first_cell_is_silent_and_goes_to_the_notebooks_from_wherever_the_kernel_was_started(
    address, tmp_path, monkeypatch, capsys
):
    cell = compile(TransformerManager().transform_cell(launch.first_cell(address)), "first cell", "exec")
    monkeypatch.setenv("PYTHONPATH", os.environ.get("PYTHONPATH", ""))
    for folder in (badges.ROOT / "notebooks", badges.ROOT, tmp_path):
        monkeypatch.chdir(folder)
        exec(cell, {})  # get_ipython, which would clone, is not defined here
        assert capsys.readouterr() == ("", "") and Path.cwd() == badges.ROOT / "notebooks"


def _git(folder: Path, *words: str) -> str:
    who = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org", "-c", "init.defaultBranch=main"]
    done = subprocess.run(["git", *who, *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.skipif(sys.platform == "win32" or not shutil.which("git"), reason="runs the workflow's shell commands")
def test_a_push_publishes_working_links_and_a_first_cell_that_fetches_the_kit(tmp_path):
    """A bare repository stands in for the platform: its server is a folder."""
    kit, server = tmp_path / "checkout", tmp_path / "server"
    for name in filter(None, _git(badges.ROOT, "ls-files", "-z").split("\0")):
        if (badges.ROOT / name).is_file():  # not one that is deleted and not yet committed
            (kit / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(badges.ROOT / name, kit / name)
    badges.write(kit, None)
    for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "The kit"]):
        _git(kit, *words)
    _git(tmp_path, "clone", "--quiet", "--bare", str(kit), str(server / "someone" / "kit"))

    # The workflow, on a machine of the platform's.
    runner = tmp_path / "runner"
    address = f"file://{server}/someone/kit"
    _git(tmp_path, "clone", "--quiet", address, str(runner))
    environment = os.environ | {"GITHUB_SERVER_URL": f"file://{server}", "GITHUB_REPOSITORY": "someone/kit"}
    environment |= {"PYTHONPATH": str(runner)}
    workflow = yaml.safe_load((badges.ROOT / ".github" / "workflows" / "publish.yml").read_text(encoding="utf-8"))
    commands = [step["run"] for step in workflow["jobs"]["address"]["steps"] if "run" in step]
    assert commands[0] == "make badges"
    commands[0] = f"'{sys.executable}' -m tools.badges"  # what `make badges` runs, without installing anything first
    for _ in range(2):  # the second time, nothing differs
        for command in commands:
            subprocess.run(["bash", "-e", "-c", command], cwd=runner, env=environment, check=True, capture_output=True)
    log = _git(server / "someone" / "kit", "log", "--format=%an: %s", "main").splitlines()
    assert log == ["github-actions[bot]: The address of this repository in links and first cells", "nobody: The kit"]

    # Somebody opens a notebook of the published kit alone, where the kit is not installed.
    content = tmp_path / "content"
    content.mkdir()
    name = next(path.name for path in NOTEBOOKS if "dask_nyc_taxi" in path.name)
    cells = json.loads(_git(server / "someone" / "kit", "show", f"main:notebooks/{name}"))["cells"]
    first = next("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    script = f"""if True:
        import sys
        sys.path = [path for path in sys.path if path != {str(badges.ROOT)!r}]
        sys.meta_path = [finder for finder in sys.meta_path if "editable" not in str(finder)]
        from IPython.core.interactiveshell import InteractiveShell
        from pathlib import Path
        shell = InteractiveShell.instance()
        shell.run_cell({first!r}).raise_error()
        shell.run_cell("import helpers.taxi, data_scripts.taxi").raise_error()
        print(sys.modules["helpers.taxi"].__file__, len(open("measured.csv").read()) > 100)
    """
    alone = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "GITHUB_REPOSITORY")}
    alone |= {"IPYTHONDIR": str(tmp_path / "ipython")}
    done = subprocess.run(
        [sys.executable, "-P", "-c", script], cwd=content, env=alone, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == f"{content / 'kit' / 'helpers' / 'taxi.py'} True"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_first_code_cell_is_hidden_and_has_no_output(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    cell = next(cell for cell in cells if cell["cell_type"] == "code")
    assert "".join(cell["source"]) == launch.first_cell(badges.repository())
    assert cell["metadata"] == {"jupyter": {"source_hidden": True}} and not cell["outputs"]
