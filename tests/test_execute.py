"""tools.execute: notebooks run once and are saved, run twice and are not, and export as scripts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from textwrap import indent

import nbformat
import pandas as pd
import pytest
from nbconvert import ScriptExporter
from nbformat import v4

from data_scripts import course
from helpers.environment import config
from tools import execute

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
MEASURED = pd.read_csv(NOTEBOOKS[0].parent / "measured.csv")
SMALL = MEASURED.query("scale == 'small'")


def notebook(path: Path, *sources: str) -> Path:
    nbformat.write(v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources]), path)
    return path


def test_a_cell_that_lives_on_its_first_run_is_red_and_nothing_is_saved(tmp_path, capsys):
    path = notebook(tmp_path / "once.ipynb", "parts = iter([1])", "for _ in '1':\n    print(next(parts))")
    before = path.read_bytes()
    assert execute.main(["--twice", str(path)]) == 1
    assert "StopIteration" in capsys.readouterr().err
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]
    assert execute.main([str(path)]) == 0
    assert path.read_bytes() != before


def test_each_cell_runs_twice_in_a_row(tmp_path, capsys):
    lines = f"open({str(tmp_path / 'log')!r}, 'a').write"
    path = notebook(tmp_path / "two.ipynb", f"write = {lines}\nwrite('a')", "write('b')")
    assert execute.main(["--twice", str(path)]) == 0
    assert (tmp_path / "log").read_text() == "aabb"


def test_what_is_not_saved_is_not_asked_for(tmp_path):
    with pytest.raises(SystemExit):
        execute.main(["--twice", "x.ipynb", "--to", str(tmp_path)])


@pytest.mark.parametrize("name", SMALL.nsmallest(1, "minutes").notebook)
def test_the_shortest_notebook_runs_with_every_cell_twice(name, monkeypatch):
    monkeypatch.setenv("WORKSHOP_SCALE", "tiny")
    execute.execute_twice(NOTEBOOKS[0].parent / f"{name}.ipynb")


def test_a_notebook_of_dask_runs_as_a_script_with_a_main_guard(tmp_path):
    source, _ = ScriptExporter().from_filename(str(course.path("start_here")))
    script = tmp_path / "script.py"  # which each of the workers imports again
    script.write_text('if __name__ == "__main__":\n' + indent(source, "    "), encoding="utf-8")
    command = [sys.executable, "-m", "IPython", "--no-banner", str(script)]
    environment = os.environ | {"WORKSHOP_SCALE": "tiny", "MPLBACKEND": "agg"}
    done = subprocess.run(command, cwd=course.FOLDER, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0 and "Right!" in done.stdout and "Traceback" not in done.stdout + done.stderr, done


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_committed_notebooks_export_as_python(path):
    script, resources = ScriptExporter().from_filename(str(path))
    assert resources["output_extension"] == ".py"
    compile(script, path.name, "exec")
    assert nbformat.read(path, as_version=4).metadata == execute.METADATA


def test_every_notebook_was_measured_and_stays_below_the_budget_at_each_scale():
    measured = sorted(zip(MEASURED.notebook, MEASURED.scale, strict=True))
    assert measured == sorted((path.stem, scale) for path in NOTEBOOKS for scale in config.SCALES)
    above = MEASURED[MEASURED["peak MB"] * 1e6 > config.MEMORY_BUDGET]
    assert above.empty, f"needs more than {config.MEMORY_BUDGET / 1e6:,.0f} MB:\n{above}"
    assert (MEASURED.trips == MEASURED.scale.map(config.SCALES)).all()
