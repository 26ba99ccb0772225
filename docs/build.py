"""Build the site: ``python -m docs.build`` leaves pages for self-study in build/site.

The pages are those of this folder and the notebooks as they are committed, outputs included: nothing is executed and
nothing is fetched. All are copied to build/site-source first, and on the way each copy is made ready for the web.
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

from docs import check

ROOT = Path(__file__).resolve().parent.parent
SOURCE, SITE = ROOT / "build" / "site-source", ROOT / "build" / "site"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REPOSITORY = PROJECT.get("urls", {}).get("Repository")  # None until the kit is published
NOWHERE = "nowhere:"  # in place of the address of a repository that is not published
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SHOW = {"code_prompt_show": "Show the solution", "code_prompt_hide": "Hide the solution"}


def stage(source: Path) -> None:
    """Copy pages, notebooks and the picture of the first page to a fresh folder `source`."""
    shutil.rmtree(source, ignore_errors=True)
    (source / "notebooks").mkdir(parents=True)
    for path in (ROOT / "docs").glob("*.md"):
        text = for_the_site(path.read_text(encoding="utf-8"), "docs")
        (source / path.name).write_text(text, encoding="utf-8")
    for path in NOTEBOOKS:
        notebook = for_the_web(json.loads(path.read_text(encoding="utf-8")))
        (source / "notebooks" / path.name).write_text(json.dumps(notebook), encoding="utf-8")
    (source / "picture.png").write_bytes(figures(NOTEBOOKS[0])[0][0])


def figures(path: Path) -> list[tuple[bytes, str]]:
    """The figures of a notebook, as PNG and alt text, in order."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", []) if "image/png" in output.get("data", {})]
    return [
        (base64.b64decode("".join(o["data"]["image/png"])), o["metadata"].get("image/png", {}).get("alt", ""))
        for o in outputs
    ]


def for_the_web(notebook: dict) -> dict:
    """Collapse the solutions of a notebook, leave out what a page cannot run, and let its links lead somewhere."""
    notebook["metadata"].setdefault("language_info", {"name": "python"})["pygments_lexer"] = "ipython3"
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            cell["source"] = for_the_site(text, "notebooks")
        elif cell["metadata"].get("jupyter", {}).get("source_hidden"):
            solution = "check." in text  # any other hidden cell prepares a machine; a page has none
            cell["metadata"].setdefault("tags", []).append("hide-cell" if solution else "remove-cell")
            cell["metadata"]["mystnb"] = SHOW
        for output in cell.get("outputs", []):
            if html := output.get("data", {}).get("text/html"):  # a dashboard ended long ago
                output["data"]["text/html"] = re.sub(r'\shref="http://127\.0\.0\.1:\d+/\w*"', "", "".join(html))
    return notebook


def for_the_site(text: str, folder: str) -> str:
    """Rewrite the relative links of Markdown that lies in `folder`: to the site's pages, else to the repository.

    Without a repository, what would lead there is no link. Links that lead nowhere stay as they are, for Sphinx to
    complain about.
    """

    def rewrite(match: re.Match) -> str:
        target, hash_, anchor = match[1].partition("#")
        path = Path(os.path.normpath(ROOT / folder / target))
        if not target or re.match(r"\w+:", target) or not path.exists() or ROOT not in [path, *path.parents]:
            return match[0]
        if path in NOTEBOOKS or path.match("docs/*.md"):
            target = os.path.relpath(_page(path), _page(ROOT / folder / "page").parent).replace(os.sep, "/")
        else:
            kind = "tree" if path.is_dir() else "blob"
            target = f"{REPOSITORY or NOWHERE}/{kind}/HEAD/{path.relative_to(ROOT).as_posix()}"
        return f"]({target}{hash_}{anchor})"

    text = re.sub(r"\]\(([^()\s]+)\)", rewrite, text)
    return re.sub(rf"\[([^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*)\]\({NOWHERE}/[^()\s]+\)", r"\1", text)


def _page(path: Path) -> Path:
    """Where a page lies in the site's sources: those of docs/ at the top, notebooks in a folder of theirs."""
    return SOURCE / path.relative_to(ROOT / "docs" if path.is_relative_to(ROOT / "docs") else ROOT)


def main() -> int:
    if find_spec("myst_nb") is None or find_spec("sphinx_book_theme") is None:
        print("The site is built by Sphinx, which is not installed here: run `make setup`.", file=sys.stderr)
        return 1
    from sphinx.cmd.build import build_main

    stage(SOURCE)
    shutil.rmtree(SITE, ignore_errors=True)  # no page of a notebook that is gone
    strict = ["--fail-on-warning", "--keep-going", "--nitpicky", "--fresh-env"]
    places = ["-c", str(ROOT / "docs"), "-d", str(ROOT / "build" / "site-doctrees"), str(SOURCE), str(SITE)]
    if build_main([*strict, *places]):
        return 1
    found = check.problems(SITE)
    if found:
        print(*found, sep="\n", file=sys.stderr)
        return 1
    print(f"Every link and every picture is fine. Open {SITE / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
