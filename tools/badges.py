"""Write the address of the repository wherever it is needed: ``python -m tools.badges`` (``make badges``).

The address comes from the platform's variables (``GITHUB_SERVER_URL``, ``GITHUB_REPOSITORY``), else from the checkout's
remote ``origin``, else from pyproject.toml, where the last run left it. It goes into ``[project.urls]`` there, the line
of launch links under each notebook's title, the first cell that fetches the kit where a notebook was opened alone, and
two places of the README. Where there is none, a sentence says what to do. The workflow ``publish`` runs it.
CONTRIBUTING.md gets the table of what ``tools.environments`` measured.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pandas as pd
from nbformat import NotebookNode

from tools import launch
from tools.execute import normalise

ROOT = Path(__file__).resolve().parent.parent


def repository(root: Path = ROOT) -> str | None:
    """Address of the repository, as pyproject.toml has it; None if it has none yet."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project.get("urls", {}).get("Repository")


def found(root: Path = ROOT) -> str | None:
    """Address of the repository, as the platform or the checkout's remote says, else as pyproject.toml has it."""
    if name := os.environ.get("GITHUB_REPOSITORY"):
        return f"{os.environ.get('GITHUB_SERVER_URL', 'https://github.com')}/{name}"
    remote = subprocess.run(["git", "remote", "get-url", "origin"], cwd=root, capture_output=True, text=True)
    return web_address(remote.stdout.strip()) or repository(root)


def web_address(remote: str) -> str | None:
    """What a browser and an anonymous ``git clone`` take for a remote; None if that is a folder of this machine."""
    shape = r"(?:https?://(?:[^@/]*@)?|ssh://(?:[^@/]*@)?|git@)([\w.-]+)[:/]([^:]+?)(?:\.git)?/?"
    match = re.fullmatch(shape, remote)
    return match and f"https://{match[1]}/{match[2]}"


def with_address(project: str, address: str | None) -> str:
    """The text of a pyproject.toml with an address in ``[project.urls]``, or without this table."""
    rest = re.sub(r"(?m)^\[project\.urls\]\n(?:.+\n)*\n", "", project)
    urls = f'[project.urls]\nRepository = "{address}"  # written by `make badges`\n\n' if address else ""
    return rest.replace("[project.optional-dependencies]", f"{urls}[project.optional-dependencies]", 1)


def marked(notebook: NotebookNode, name: str, address: str | None) -> NotebookNode:
    """The same notebook with its line of links and its first code cell; those of an earlier run are replaced.

    Parameters
    ----------
    notebook : NotebookNode
        Begins with a text cell that begins with a title.
    name : str
        Of its file, in the folder of the notebooks.
    address : str or None
        Of the repository; None as long as it is not published.
    """
    opening, *others = notebook.cells
    links = launch.UNPUBLISHED["notebook"]
    if launch.on_github(address):
        links = " · ".join(f"[{host}]({launch.link(host, f'notebooks/{name}', address)})" for host in launch.HOSTS)
    title, text = re.match(r"(# .+)\n+(?:Open in: .*\n+)?([\s\S]*)", opening.source).groups()
    opening.source = f"{title}\n\nOpen in: {links}\n\n{text}"
    first = next((cell for cell in others if 'find_spec("data_scripts")' in cell.source), None)
    if first is None:
        first = nbformat.v4.new_code_cell()
        notebook.cells.insert(1, first)
    first.source = launch.first_cell(address)
    first.metadata = nbformat.from_dict({"jupyter": {"source_hidden": True}})
    normalise(notebook)
    renumber(notebook, first)
    return notebook


def renumber(notebook: NotebookNode, first: NotebookNode) -> None:
    """Count the first cell, which does nothing where the kit is, among those of an executed notebook."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code, start=1):
        if cell is first or cell.execution_count is not None:
            cell.execution_count = number
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = cell.execution_count


def measurements(table: Path) -> str:
    """Minutes and peak memory of each notebook in each environment, as Markdown, from the table of the same."""
    rows = pd.read_csv(table)
    found = rows["minutes"].map("{:.1f} min, ".format) + rows["peak MB"].map("{:,.0f} MB".format)
    scale = (", " + rows["scale"]).where(rows["scale"] != "small", "")
    rows["found"] = (found + scale).where(rows["passed"], "failed")
    wide = rows.pivot_table("found", "notebook", "environment", "first").fillna("not run")
    lines = [f"| notebook | {' | '.join(wide)} |", "| --- |" + " --- |" * len(wide.columns)]
    return "\n".join([*lines, *(f"| {name[:2]} | {' | '.join(cells)} |" for name, cells in wide.iterrows())])


def between(text: str, name: str, new: str) -> str:
    """Replace what stands between ``<!-- name -->`` and ``<!-- /name -->``.

    Raises
    ------
    ValueError
        If the text has no such markers.
    """
    pattern = rf"(<!-- {name} -->\n)[\s\S]*?(<!-- /{name} -->)"
    if not re.search(pattern, text):
        raise ValueError(f"There is no place for it: write the lines <!-- {name} --> and <!-- /{name} --> first.")
    return re.sub(pattern, lambda found: f"{found[1]}\n{new}\n\n{found[2]}", text)


def texts(root: Path, address: str | None) -> dict[Path, str]:
    """What pyproject.toml, the README, CONTRIBUTING.md and the notebooks of a checkout should hold."""
    project, readme, for_us = (root / name for name in ("pyproject.toml", "README.md", "CONTRIBUTING.md"))
    clone = re.sub(
        r"git clone (?:<.+?>|\w+://\S+)",
        lambda _: f"git clone {address or launch.UNPUBLISHED['clone']}",
        readme.read_text(encoding="utf-8"),
    )
    measured = measurements(root / "notebooks" / "environments.csv")
    should = {
        project: with_address(project.read_text(encoding="utf-8"), address),
        readme: between(clone, "launch", launch.launch_table(address)),
        for_us: between(for_us.read_text(encoding="utf-8"), "environments", measured),
    }
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        should[path] = nbformat.writes(marked(nbformat.read(path, as_version=4), path.name, address)) + "\n"
    return should


def write(root: Path, address: str | None) -> list[Path]:
    """Bring a checkout up to date; return the files that changed."""
    changed = {path: text for path, text in texts(root, address).items() if path.read_text(encoding="utf-8") != text}
    for path, text in changed.items():
        path.write_text(text, encoding="utf-8", newline="\n")
    return list(changed)


def main() -> int:
    changed = write(ROOT, found())
    print(*[f"Written: {path.relative_to(ROOT)}" for path in changed] or ["Everything is up to date."], sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
