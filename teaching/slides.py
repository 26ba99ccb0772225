"""Slides from the notebooks: ``python -m teaching.slides`` (``make slides``) writes pages to build/slides, one each.

What becomes a slide follows from how notebooks are written, so nothing is marked by hand. A heading begins a slide, and
each step below it, a paragraph or two and what they speak of, goes underneath. A figure stands without the code that
drew it, long code is left to the notebook, and what follows a "Predict" appears at the next key press. Solutions of
exercises are in the speaker's notes (key S), beside what ``notes.md`` says about the section.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path

import nbformat
from nbconvert.exporters import SlidesExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

HERE = Path(__file__).resolve().parent
REVEAL = Path(str(resources.files("sphinx_revealjs"))) / "_static" / "revealjs"  # all that is used of that package
NOTEBOOKS = HERE.parent / "notebooks"
TARGET = HERE.parent / "build" / "slides"
MAX_LINES = 18  # of code on a slide
MAX_WORDS = 75  # of text beside an exhibit
MAX_COLUMNS = 6  # of a table beside text
PLUMBING = r"(?m)^(prepare\(\)|plots\.name_source|client\.close|folder\.cleanup)"  # cells that no slide needs


def speaker_notes(text: str) -> dict[tuple[str, str], str]:
    """Split notes into what is said where.

    Parameters
    ----------
    text : str
        Markdown: ``## `` with a notebook's name, ``### `` with a heading of it, and then the notes.

    Returns
    -------
    dict of (notebook, heading) to notes
    """
    notes = {}
    for part in re.split(r"(?m)^## ", text)[1:]:
        name, *sections = re.split(r"(?m)^### ", part)
        for section in sections:
            heading, _, said = section.partition("\n")
            notes[name.strip(), heading.strip()] = said.strip()
    return notes


def headings(notebook: NotebookNode) -> list[str]:
    """Titles of a notebook's sections, its own title first."""
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return re.findall(r"(?m)^##? (.+)$", text)


def slides(notebook: NotebookNode, name: str, notes: dict[tuple[str, str], str]) -> NotebookNode:
    """A notebook whose cells are those of the slides, marked as nbconvert's exporter of slides expects.

    Parameters
    ----------
    notebook : NotebookNode
        With its outputs.
    name : str
        Its file's stem.
    notes : dict
        See `speaker_notes`.
    """
    cells, section, predict, full = [], "", False, False
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            predict, full = "**Predict" in cell.source, False
            for kind, text in _texts(cell.source):
                if kind == "slide":
                    section = re.match(r"#+ (.+)", text).group(1)
                cells += _begin(kind, text, section)
                if kind == "slide" and (said := notes.get((name, section))):
                    cells.append(_as("notes", new_markdown_cell(said)))
        elif cell.metadata.get("jupyter", {}).get("source_hidden"):
            if "check." in cell.source:
                cells.append(_as("notes", new_markdown_cell(f"A solution:\n\n```python\n{cell.source}\n```")))
        elif exhibit := _exhibit(cell, predict):
            if full or _is_wide(exhibit):
                cells += _begin("subslide", "", section)
            cells += exhibit
            full = True
    return new_notebook(cells=cells)


def _as(kind: str, cell: NotebookNode) -> NotebookNode:
    cell.metadata["slideshow"] = {"slide_type": kind}
    return cell


def _begin(kind: str, text: str, section: str) -> list[NotebookNode]:
    """The cells that begin a slide: its heading, or the name of the section it goes on with, then its text."""
    head, _, rest = text.partition("\n\n") if text.startswith("#") else (f'<p class="kicker">{section}</p>', "", text)
    words = [new_markdown_cell(rest, metadata={"tags": ["text"]})] if rest.strip() else []
    return [_as(kind, new_markdown_cell(head)), *words]


def _texts(source: str) -> Iterator[tuple[str, str]]:
    """Cut a text into slides ``(slide | subslide, text)``: at headings, tables, exercises, and where it is long."""
    kind, taken = "subslide", []
    for block in re.split(r"\n\n(?=\S)", source.strip()):
        if block.startswith(("**Sources.**", "**Next:**", "Open in")):
            continue
        new = block.startswith(("#", "|", "**Exercise", "**In this notebook")) or (taken and taken[-1].startswith("|"))
        room = MAX_WORDS if not taken or not taken[0].startswith("# ") else 2 * MAX_WORDS  # a title stands alone
        if taken and not taken[-1].startswith("#") and (new or _words([*taken, block]) > room):
            yield kind, "\n\n".join(taken)
            kind, taken = "subslide", []
        if re.match("##? ", block):
            kind = "slide"
        taken.append(block)
    if taken:
        yield kind, "\n\n".join(taken)


def _words(blocks: Sequence[str]) -> int:
    return len(" ".join(blocks).split())


def _exhibit(cell: NotebookNode, predict: bool) -> list[NotebookNode]:
    """What a code cell shows: its figure; else its code, if that is short, and its output."""
    outputs = [
        output for output in cell.outputs if not output.get("data", {}).get("text/plain", "").startswith("<Client")
    ]
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    if not pictures and re.search(PLUMBING, cell.source):
        return []
    is_exercise = "..." in cell.source and "check." in cell.source
    is_setup = all(re.match(r"(import|from) |[\s)]|$", line) for line in cell.source.splitlines())
    exhibit = []
    if not pictures and not is_setup and len(cell.source.splitlines()) <= MAX_LINES:
        exhibit.append(new_code_cell(cell.source))
    if shown := pictures or ([] if is_exercise else outputs):
        seen = new_code_cell(outputs=shown, metadata={"transient": {"remove_source": True}})
        exhibit.append(_as("fragment", seen) if predict else seen)
    return exhibit


def _is_wide(exhibit: Sequence[NotebookNode]) -> bool:
    """Whether there is a table that takes the whole width of a slide."""
    tables = [output.get("data", {}).get("text/html", "") for cell in exhibit for output in cell.outputs]
    return any(table.partition("</tr>")[0].count("<th") > MAX_COLUMNS for table in tables)


def page(path: Path, notes: dict[tuple[str, str], str]) -> str:
    """The slides of a notebook as one page of HTML that loads nothing."""
    notebook = nbformat.read(path, as_version=4)
    exporter = SlidesExporter(
        template_name="template",
        extra_template_basedirs=[str(HERE)],
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )
    files = [REVEAL / "dist" / "reveal.css", REVEAL / "dist" / "reveal.js", REVEAL / "plugin" / "notes" / "notes.js"]
    read = {file.name: file.read_text(encoding="utf-8") for file in [*files, *HERE.glob("template/*")]}
    filled_in = {
        "title": headings(notebook)[0],
        "reveal": {"css": read["reveal.css"], "js": read["reveal.js"], "notes": read["notes.js"]},
        "own_css": read["slides.css"],
        "own_js": read["slides.js"],
    }
    return exporter.from_notebook_node(slides(notebook, path.stem, notes), filled_in)[0]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m teaching.slides", description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path, help="(default: all)")
    paths = parser.parse_args(argv).notebooks or sorted(NOTEBOOKS.glob("*.ipynb"))
    notes = speaker_notes((HERE / "notes.md").read_text(encoding="utf-8"))
    TARGET.mkdir(parents=True, exist_ok=True)
    for path in paths:
        target = TARGET / f"{path.stem}.html"
        target.write_text(page(path, notes), encoding="utf-8")
        print(f"{target}: open it in a browser; S opens the speaker's notes", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
