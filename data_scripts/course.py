"""The notebooks of the course, from the one list that has them: notebooks/course.toml.

Used by everything that goes through the notebooks: the maps, catching up, slides, the site and tests. A notebook's
number is its place in the list, and stands nowhere else in code.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"


@dataclass(frozen=True)
class Notebook:
    """A notebook, as the list has it.

    Attributes
    ----------
    number : int
        Its place, from 0.
    slug : str
        Its file's name without the number.
    title : str
    minutes : int
        For a person who runs along.
    promise, question : str
        What one is able to do afterwards, and what it answers.
    before : list of str
        Slugs of the notebooks to read before.
    data, tables : list of str
        The data sets that it needs (modules of ``data_scripts``), and tables beside it.
    core : bool
        Whether it is one of the few that all others go further from.
    """

    number: int
    slug: str
    title: str
    minutes: int
    promise: str
    question: str
    before: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    core: bool = False

    @property
    def stem(self) -> str:
        """The name of its file, without the ending."""
        return f"{self.number:02}_{self.slug}"


def notebooks(folder: Path = FOLDER) -> list[Notebook]:
    """All notebooks in reading order."""
    listed = tomllib.loads((folder / "course.toml").read_text(encoding="utf-8"))["notebook"]
    return [Notebook(number, **entry) for number, entry in enumerate(listed)]


def path(slug: str, folder: Path = FOLDER) -> Path:
    """Where the notebook of that name is.

    Raises
    ------
    ValueError
        If the list has none.
    """
    for notebook in notebooks(folder):
        if notebook.slug == slug:
            return folder / f"{notebook.stem}.ipynb"
    raise ValueError(f"notebooks/course.toml has no notebook {slug!r}")
