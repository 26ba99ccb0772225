"""Make sure that a notebook finds what it needs: ``python -m data_scripts.catch_up 06``.

No notebook works on what another one left behind: each needs its data set, which is prepared here if it is missing, and
tables that are part of the kit. So whoever comes late can begin anywhere, and reads here what the others have seen.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from data_scripts import course, fashion_mnist, files, flights, taxi
from helpers import datasets, fashion
from helpers import flights as flights_on_disk

FOLDER = course.FOLDER
RECAP = "**In this notebook we have**"
DATA = {  # name in `from data_scripts.… import prepare`: how it is prepared, and opened
    "taxi": (taxi.prepare, datasets.taxi_trips),
    "fashion_mnist": (fashion_mnist.prepare, fashion.images),
    "flights": (flights.prepare, flights_on_disk.flights),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m data_scripts.catch_up", description=__doc__.splitlines()[0])
    parser.add_argument("number", help="of a notebook, such as 06, or the word all")
    number = parser.parse_args(argv).number
    if number == "all":
        return files.exit_code(partial(prepare_data, list(DATA)))
    return files.exit_code(partial(_run, number))


def _run(number: str) -> None:
    notebooks = course.notebooks(FOLDER)
    chosen = find(number, notebooks)
    prepare_data(chosen.data)
    for table in chosen.tables:
        if not (FOLDER / table).is_file():
            raise FileNotFoundError(f"notebooks/{table} is missing: `git checkout notebooks/{table}` brings it back")
        print(f"{table}, which is part of the kit")
    for earlier in notebooks:
        if earlier.slug in chosen.before:
            print(f"\n{earlier.number:02}, {earlier.title}. {recap(FOLDER / f'{earlier.stem}.ipynb')}")
    print(f"\nReady for {chosen.number:02}, {chosen.title}.")
    jupyter = _from_here(Path(sys.executable).with_name("jupyter"))
    path = FOLDER / f"{chosen.stem}.ipynb"
    print(f"In JupyterLab, open notebooks/{path.name}. From a terminal: {jupyter} lab {_from_here(path)}")


def find(number: str, notebooks: Sequence[course.Notebook]) -> course.Notebook:
    """The notebook of a number: "6" and "06" are the same.

    Raises
    ------
    ValueError
        If there is none.
    """
    for notebook in notebooks:
        if number.isdecimal() and int(number) == notebook.number:
            return notebook
    numbers = " ".join(f"{notebook.number:02}" for notebook in notebooks)
    raise ValueError(f"there is no notebook {number}: choose one of {numbers}, or all")


def recap(path: Path) -> str:
    """What a notebook says at its end that one has seen: in the cell with the tag ``recap``, up to its sources."""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if "recap" in cell["metadata"].get("tags", []):
            text = "".join(cell["source"])
            return text[text.index(RECAP) :].partition("**Sources")[0].replace("**", "").strip()
    raise ValueError(f"{path.name} has no cell with the tag recap")


def prepare_data(names: Sequence[str]) -> None:
    """Make what is missing of these data sets, and say what is there."""
    for name in names:
        prepare, opened = DATA[name]
        prepare()
        print(opened())


def _from_here(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


if __name__ == "__main__":
    sys.exit(main())
