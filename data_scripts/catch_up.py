"""Make sure that a notebook finds what it needs: ``python -m data_scripts.catch_up 06``.

No notebook works on what another one left behind: each needs its data set, which is prepared here if it is missing, and
tables that are part of the kit. So whoever comes late can begin anywhere, and reads here what the others have seen.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from data_scripts import fashion_mnist, flights, taxi
from helpers import datasets, fashion
from helpers import flights as flights_on_disk
from helpers.environment import files

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
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
    path = notebook(number)
    names, tables = needs(path)
    title, before = read(path)
    prepare_data(names)
    for table in tables:
        if not (FOLDER / table).is_file():
            raise FileNotFoundError(f"notebooks/{table} is missing: `git checkout notebooks/{table}` brings it back")
        print(f"{table}, which is part of the kit")
    for stem in before:
        earlier = FOLDER / f"{stem}.ipynb"
        print(f"\n{stem[:2]}, {read(earlier)[0]}. {recap(earlier).replace('**', '')}")
    print(f"\nReady for {path.stem[:2]}, {title}.")
    jupyter = _from_here(Path(sys.executable).with_name("jupyter"))
    print(f"In JupyterLab, open notebooks/{path.name}. From a terminal: {jupyter} lab {_from_here(path)}")


def notebook(number: str) -> Path:
    """The notebook of a number: "6" and "06" are the same.

    Raises
    ------
    ValueError
        If there is none.
    """
    numbers = {path.name[:2]: path for path in sorted(FOLDER.glob("[0-9][0-9]_*.ipynb"))}
    if number.zfill(2) not in numbers:
        raise ValueError(f"there is no notebook {number}: choose one of {' '.join(numbers)}, or all")
    return numbers[number.zfill(2)]


def needs(path: Path) -> tuple[list[str], list[str]]:
    """Names of the data sets that a notebook prepares, and of the tables beside it that it reads."""
    code = "\n".join(_sources(path, "code"))
    tables = re.findall(r"(?:read_csv|Path)\(\"(\w+\.(?:csv|json))\"\)", code)
    imported = re.findall(r"(?m)^from data_scripts(?:\.| import )(\w+)", code)
    return list(dict.fromkeys(name.removesuffix("_synthetic") for name in imported)), list(dict.fromkeys(tables))


def read(path: Path) -> tuple[str, list[str]]:
    """Title of a notebook, and the stems of those that it wants read before."""
    opening = _sources(path, "markdown")[0]
    wanted = re.search(r"(?m)^\*\d+ minutes\..*\*$", opening)
    return opening.partition("\n")[0].lstrip("# "), re.findall(r"\((\w+)\.ipynb\)", wanted[0] if wanted else "")


def recap(path: Path) -> str:
    """What a notebook says at its end that one has seen."""
    text = "\n\n".join(_sources(path, "markdown"))
    return re.search(r"\*\*In this notebook we have\*\*[\s\S]*?(?=\n\n\*\*Sources|\Z)", text)[0]


def prepare_data(names: Sequence[str]) -> None:
    """Make what is missing of these data sets, and say what is there."""
    for name in names:
        prepare, opened = DATA[name]
        prepare()
        print(opened())


def _from_here(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _sources(path: Path, kind: str) -> list[str]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == kind]


if __name__ == "__main__":
    sys.exit(main())
