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

from data_scripts.course import notebooks
from tools.execute import normalise

ROOT = Path(__file__).resolve().parent.parent
BRANCH = "main"
HOSTS = {  # where a notebook opens, and what the README says about it
    "Binder": (
        "https://mybinder.org/v2/gh/{slug}/{branch}?urlpath=lab/tree/{path}",
        "JupyterLab with everything installed and the Dask pane; no account. 2 GB, one processor. The first start "
        "after a change builds for minutes. It ends after 10 idle minutes, so save what you wrote.",
    ),
    "Colab": (
        "https://colab.research.google.com/github/{slug}/blob/{branch}/{path}",
        "Google's notebooks, with a Google account. Run the first cell: it fetches the kit and the few packages that "
        "are missing, and changes none.",
    ),
    "Kaggle": (
        "https://kaggle.com/kernels/welcome?src=https://github.com/{slug}/blob/{branch}/{path}",
        "The same with a Kaggle account, once *Internet* is switched on in the notebook's settings.",
    ),
}
CODESPACES = (
    "https://codespaces.new/{slug}",
    "VS Code in the browser, with a GitHub account; `make setup` runs by itself (`.devcontainer/`).",
)
UNPUBLISHED = {
    "notebook": "Binder, Colab or Kaggle, by links that stand here once the course is published: pushing it to GitHub "
    "writes them.",
    "readme": "Links that open the course in a browser stand here as soon as it is published: pushing it to GitHub\n"
    "writes them (`.github/workflows/publish.yml`), and so does `make badges` in a checkout whose origin is on GitHub.",
    "clone": "<address of this repository>",
}
FIRST = """\
# Where this notebook was opened alone, as on Colab: get the kit.
# (On Kaggle, switch Internet on first.) Elsewhere: go to its folder.
from importlib.util import find_spec
from pathlib import Path

if not find_spec("data_scripts") and not Path("../data_scripts").exists():
{get}
elif not Path("course.toml").exists():
    from helpers.environment import config

    config.enter_notebooks()"""
GET = """\
    kit = "{repository}"
    !test -d {{Path(kit).name}} || git clone --quiet --depth 1 {{kit}}
    %run {{Path(kit).name}}/helpers/environment/colab.py"""
ASK = """\
    raise ImportError(
        "the kit of this notebook is not here: clone its repository, "
        "set it up (README.md), and open the notebook there"
    )"""


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


def first_cell(address: str | None) -> str:
    """Source of the first code cell of every notebook."""
    return FIRST.format(get=GET.format(repository=address) if address else ASK)


def with_address(project: str, address: str | None) -> str:
    """The text of a pyproject.toml with an address in ``[project.urls]``, or without this table."""
    rest = re.sub(r"(?m)^\[project\.urls\]\n(?:.+\n)*\n", "", project)
    urls = f'[project.urls]\nRepository = "{address}"  # written by `make badges`\n\n' if address else ""
    return rest.replace("[project.optional-dependencies]", f"{urls}[project.optional-dependencies]", 1)


def on_github(address: str | None) -> bool:
    """Whether the hosts that open notebooks find them there."""
    return bool(address and address.startswith("https://github.com/"))


def link(host: str, path: str, address: str) -> str:
    """Where a host opens a file of the repository."""
    slug = address.removeprefix("https://github.com/")
    return HOSTS[host][0].format(slug=slug, branch=BRANCH, path=path)


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
    links = UNPUBLISHED["notebook"]
    if on_github(address):
        links = " · ".join(f"[{host}]({link(host, f'notebooks/{name}', address)})" for host in HOSTS)
    title, text = re.match(r"(# .+)\n+(?:Open in: .*\n+)?([\s\S]*)", opening.source).groups()
    opening.source = f"{title}\n\nOpen in: {links}\n\n{text}"
    first = next((cell for cell in others if 'find_spec("data_scripts")' in cell.source), None)
    if first is None:
        first = nbformat.v4.new_code_cell()
        notebook.cells.insert(1, first)
    first.source = first_cell(address)
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


def launch_table(address: str | None) -> str:
    """Where the course opens with a click, as Markdown."""
    if not on_github(address):
        return UNPUBLISHED["readme"]
    slug, start = address.removeprefix("https://github.com/"), f"notebooks/{notebooks()[0].stem}.ipynb"
    rows = [(host, link(host, start, address), what) for host, (_, what) in HOSTS.items()]
    rows.append(("Codespaces", CODESPACES[0].format(slug=slug), CODESPACES[1]))
    return "\n".join(["| open in | what you get |", "| --- | --- |"] + [f"| [{h}]({u}) | {w} |" for h, u, w in rows])


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
        lambda _: f"git clone {address or UNPUBLISHED['clone']}",
        readme.read_text(encoding="utf-8"),
    )
    measured = measurements(root / "notebooks" / "environments.csv")
    should = {
        project: with_address(project.read_text(encoding="utf-8"), address),
        readme: between(clone, "launch", launch_table(address)),
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
