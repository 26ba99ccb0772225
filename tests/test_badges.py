"""The repository's address stands in one place; links, first cells and the launch table follow from it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from tools import badges

NOTEBOOKS = sorted((badges.ROOT / "notebooks").glob("*.ipynb"))
MINE = "https://github.com/someone/kit"


def _small() -> nbformat.NotebookNode:
    cells = [nbformat.v4.new_markdown_cell("# Title\n\n**You will.**"), nbformat.v4.new_code_cell("1 + 1")]
    return nbformat.v4.new_notebook(cells=cells)


def test_everything_is_up_to_date():
    stale = [path.name for path, text in badges.texts().items() if path.read_text(encoding="utf-8") != text]
    assert not stale, "run `make badges`"


def test_a_second_run_changes_nothing_and_a_new_address_replaces_the_old_one():
    once = badges.marked(_small(), "07_x.ipynb", badges.repository())
    twice = badges.marked(nbformat.reads(nbformat.writes(once), 4), "07_x.ipynb", badges.repository())
    assert nbformat.writes(once) == nbformat.writes(twice)
    moved = nbformat.writes(badges.marked(twice, "07_x.ipynb", MINE))
    assert moved == nbformat.writes(badges.marked(_small(), "07_x.ipynb", MINE)) and "-owner-" not in moved


def test_links_have_the_form_that_their_hosts_document():
    opening = badges.marked(_small(), "07_x.ipynb", MINE).cells[0].source
    assert opening.startswith("# Title\n\nOpen in: [Binder](") and opening.endswith("\n\n**You will.**")
    assert re.findall(r"\((\S+)\)", opening) == [
        "https://mybinder.org/v2/gh/someone/kit/main?urlpath=lab/tree/notebooks/07_x.ipynb",
        "https://colab.research.google.com/github/someone/kit/blob/main/notebooks/07_x.ipynb",
        "https://kaggle.com/kernels/welcome?src=https://github.com/someone/kit/blob/main/notebooks/07_x.ipynb",
    ]
    assert "(https://codespaces.new/someone/kit)" in badges.launch_table(MINE)
    assert "<img" not in opening and "![" not in opening  # offline, a picture from elsewhere would be a broken one


def test_nothing_else_spells_the_address_out():
    address, allowed = badges.repository(), {badges.ROOT / "pyproject.toml", badges.ROOT / "README.md", *NOTEBOOKS}
    owner = address.removeprefix("https://github.com/").partition("/")[0]
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


@pytest.mark.parametrize("place", ["checkout", "installed"])
def test_the_first_cell_is_silent_and_does_nothing_where_the_kit_is(place, tmp_path, monkeypatch, capsys):
    cell = TransformerManager().transform_cell(badges.FIRST.format(repository=MINE))
    folder = badges.ROOT / "notebooks" if place == "checkout" else tmp_path
    monkeypatch.chdir(folder)
    exec(compile(cell, "first cell", "exec"), {})  # get_ipython, which would clone, is not defined here
    assert capsys.readouterr() == ("", "") and Path.cwd() == folder.resolve()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_first_code_cell_is_hidden_and_has_no_output(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    cell = next(cell for cell in cells if cell["cell_type"] == "code")
    assert "helpers/environment/colab.py" in "".join(cell["source"])
    assert cell["metadata"] == {"jupyter": {"source_hidden": True}} and not cell["outputs"]
