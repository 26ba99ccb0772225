"""The map of the notebooks, and what each page promises to whoever only reads it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from data_scripts import course

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def cells(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def text(path: Path) -> str:
    return "\n\n".join("".join(cell["source"]) for cell in cells(path) if cell["cell_type"] == "markdown")


@pytest.mark.parametrize("where", ["README.md", f"notebooks/{course.notebooks()[0].stem}.ipynb"])
def test_the_map_has_every_notebook_and_the_minutes_that_it_gives_itself(where):
    path = ROOT / where
    table = path.read_text(encoding="utf-8") if path.suffix == ".md" else text(path)
    for notebook in NOTEBOOKS:
        minutes = re.search(r"(?m)^\*(\d+) minutes", text(notebook))[1]
        row = rf"(?m)^(\|| *-) \**\[{notebook.stem[:2]} .*( \| {minutes} \| .*\?|\?.* · {minutes} min\b).*$"
        assert re.search(row, table), f"{where} has no row for {notebook.stem} with {minutes} minutes and a question"


def test_notebooks_follow_one_another():
    for notebook, following in zip(NOTEBOOKS, [*NOTEBOOKS[1:], NOTEBOOKS[0]], strict=True):
        assert f"]({following.name})" in text(notebook).rpartition("**Next:**")[2], f"{notebook.stem} leads elsewhere"


def test_every_figure_can_be_read_without_seeing_it():
    for notebook in NOTEBOOKS:
        for output in (output for cell in cells(notebook) for output in cell.get("outputs", [])):
            if "image/png" in output.get("data", {}):
                assert len(output["metadata"]["image/png"]["alt"]) > 20, f"{notebook.stem} has a figure without words"


def test_a_collapsed_solution_gives_nothing_away():
    for notebook in NOTEBOOKS:
        for cell in cells(notebook):
            if cell["metadata"].get("jupyter", {}).get("source_hidden") and "check." in "".join(cell["source"]):
                assert cell["source"][0].startswith("# "), (
                    f"{notebook.stem}: JupyterLab shows a collapsed cell's first line"
                )
