"""Number the notebooks by their places in notebooks/course.toml: ``python -m tools.course`` (``make course``).

Renames their files, and brings up to date what names them: links and their numbers in notebooks and pages, the rows of
the tables of measurements, the cells that look these up, the link to the notebook that follows, and the maps of
README.md and of the first notebook. To put a notebook in between, write its file (with any number before its name) and
its entry in the list, and run this.
It changes nothing when everything is as it should be.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import nbformat

from data_scripts.course import Notebook, notebooks
from tools.badges import between

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("README.md", "INSTRUCTORS.md", "CONTRIBUTING.md", "docs/*.md", "teaching/notes.md", "notebooks/*.csv")
PAGES += ("Makefile", ".devcontainer/devcontainer.json", "deploy/*/*.sbatch")


def rename(course: list[Notebook], folder: Path) -> list[str]:
    """Give every notebook's file the number of its place; return what was done.

    Raises
    ------
    FileNotFoundError
        If there is not just one file for an entry of the list.
    """
    done = []
    for notebook in course:
        found = sorted(folder.glob(f"[0-9][0-9]_{notebook.slug}.ipynb"))
        if len(found) != 1:
            raise FileNotFoundError(f"{len(found)} files in {folder} are named NN_{notebook.slug}.ipynb instead of 1")
        if found[0].stem != notebook.stem:
            found[0].rename(folder / f"{notebook.stem}.ipynb")
            done.append(f"{found[0].name} is {notebook.stem}.ipynb now")
    return done


def linked(text: str, course: list[Notebook]) -> str:
    """The text with the right number before every notebook's name, and in the words of links that begin with one."""
    for notebook in course:
        text = re.sub(rf"\b\d\d_{notebook.slug}\b", notebook.stem, text)
        number = f"{notebook.number:02}"
        link = rf"(\[(?:[^\[\]]*\b[Nn]otebook )?)\d\d((?:[ ,·][^\[\]]*)?\]\([\w./:-]*{notebook.stem}\.ipynb)"
        text = re.sub(link, lambda found, number=number: f"{found[1]}{number}{found[2]}", text)
    return text


def course_table(course: list[Notebook]) -> str:
    """The map of the README, as Markdown: a row for each notebook."""
    lines = ["| notebook | minutes | you will be able to | the question it answers |", "| --- | --- | --- | --- |"]
    for notebook in course:
        name = f"[{notebook.number:02} {notebook.title}](notebooks/{notebook.stem}.ipynb)"
        lines.append(f"| {name} | {notebook.minutes} | {notebook.promise} | {notebook.question} |")
    return "\n".join(lines)


def course_path(course: list[Notebook]) -> str:
    """The map of the first notebook, as Markdown: the core in order, and below each what goes further from it.

    Each is one short line, so that the shape can be seen.
    """
    by_slug = {notebook.slug: notebook for notebook in course}
    further: dict[str, list[Notebook]] = {notebook.slug: [] for notebook in course if notebook.core}
    for notebook in course:
        nearest = notebook
        while not nearest.core:
            nearest = by_slug[nearest.before[-1]]
        if nearest is not notebook:
            further[nearest.slug].append(notebook)
    core = " → ".join(f"[{by_slug[slug].number:02}]({by_slug[slug].stem}.ipynb)" for slug in further)
    lines = [f"The core: **{core}**", ""]
    for slug, others in further.items():
        lines.append(f"- **{_line(by_slug[slug])}**")
        lines += [f"  - {_line(notebook)}" for notebook in others]
    return "\n".join(lines)


def _line(notebook: Notebook) -> str:
    """A line of ten words or so: its question says more than its title."""
    return f"[{notebook.number:02} {notebook.question}]({notebook.stem}.ipynb) · {notebook.minutes} min"


def followed(cells: list, following: Notebook) -> None:
    """Let a notebook's last text cell lead to the notebook that follows."""
    last = next(cell for cell in reversed(cells) if cell.cell_type == "markdown")
    before, word, after = last.source.rpartition("**Next:**")
    if word and f"({following.stem}.ipynb)" not in after:
        link = f"[{following.number:02}, {following.title}]({following.stem}.ipynb)"
        last.source = before + word + re.sub(r"\[[^]]*\]\(\d\d_\w+\.ipynb\)", link, after, count=1)


def write(root: Path = ROOT) -> list[str]:
    """Bring a checkout up to date; return what was done."""
    folder = root / "notebooks"
    course = notebooks(folder)
    done = rename(course, folder)
    for path in sorted(path for page in PAGES for path in root.glob(page)):
        text = linked(path.read_text(encoding="utf-8"), course)
        if path.name == "README.md":
            text = between(text, "map", course_table(course))
        done += _written(path, text)
    for notebook, following in zip(course, [*course[1:], course[0]], strict=True):
        path = folder / f"{notebook.stem}.ipynb"
        page = nbformat.read(path, as_version=4)
        for cell in page.cells:
            cell.source = linked(cell.source, course)  # code, too: a page looks up its own row of measured.csv
            if "<!-- map -->" in cell.source:
                cell.source = between(cell.source, "map", course_path(course))
        followed(page.cells, following)
        done += _written(path, nbformat.writes(page) + "\n")
    return done


def _written(path: Path, text: str) -> list[str]:
    if path.read_text(encoding="utf-8") == text:
        return []
    path.write_text(text, encoding="utf-8", newline="\n")
    return [f"{path.name} is up to date now"]


def main() -> int:
    print(*write() or ["Everything is up to date."], sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
