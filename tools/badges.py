"""Write the address of the repository wherever it is needed: ``python -m tools.badges`` (``make badges``).

It stands in one place, ``[project.urls]`` of pyproject.toml. From there come the line of launch links under each
notebook's title, the first cell that fetches the kit where a notebook was opened alone, and two places of the README.
CONTRIBUTING.md gets the table of what ``tools.environments`` measured. Run it again after an edit of pyproject.toml, or
when a notebook has been added; it changes nothing otherwise.
"""

from __future__ import annotations

import re
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
FIRST = """\
# Only where this notebook was opened alone, as on Colab: get the kit.
# (On Kaggle, switch Internet on first.) Elsewhere nothing happens.
from importlib.util import find_spec
from pathlib import Path

if not find_spec("data_scripts") and not Path("../data_scripts").exists():
    kit = "{repository}"
    !test -d {{Path(kit).name}} || git clone --quiet --depth 1 {{kit}}
    %run {{Path(kit).name}}/helpers/environment/colab.py"""


def repository(root: Path = ROOT) -> str:
    """Address of the repository, as pyproject.toml has it."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["urls"]["Repository"].removesuffix("/").removesuffix(".git")


def link(host: str, path: str, address: str) -> str:
    """Where a host opens a file of the repository."""
    slug = address.removeprefix("https://github.com/")
    return HOSTS[host][0].format(slug=slug, branch=BRANCH, path=path)


def marked(notebook: NotebookNode, name: str, address: str) -> NotebookNode:
    """The same notebook with its line of links and its first code cell; those of an earlier run are replaced.

    Parameters
    ----------
    notebook : NotebookNode
        Begins with a text cell that begins with a title.
    name : str
        Of its file, in the folder of the notebooks.
    address : str
        Of the repository.
    """
    opening, *others = notebook.cells
    links = " · ".join(f"[{host}]({link(host, f'notebooks/{name}', address)})" for host in HOSTS)
    title, text = re.match(r"(# .+)\n+(?:Open in: .*\n+)?([\s\S]*)", opening.source).groups()
    opening.source = f"{title}\n\nOpen in: {links}\n\n{text}"
    first = next((cell for cell in others if cell.source.endswith("helpers/environment/colab.py")), None)
    if first is None:
        first = nbformat.v4.new_code_cell()
        notebook.cells.insert(1, first)
    first.source = FIRST.format(repository=address)
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


def launch_table(address: str) -> str:
    """Where the course opens with a click, as Markdown."""
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


def texts(root: Path = ROOT) -> dict[Path, str]:
    """What the README, CONTRIBUTING.md and the notebooks of a checkout should hold."""
    address, readme, for_us = repository(root), root / "README.md", root / "CONTRIBUTING.md"
    clone = re.compile(r"git clone (?:<.+?>|https://\S+)")
    measured = measurements(root / "notebooks" / "environments.csv")
    should = {
        readme: between(clone.sub(f"git clone {address}", readme.read_text("utf-8")), "launch", launch_table(address)),
        for_us: between(for_us.read_text(encoding="utf-8"), "environments", measured),
    }
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        should[path] = nbformat.writes(marked(nbformat.read(path, as_version=4), path.name, address)) + "\n"
    return should


def write(root: Path = ROOT) -> list[Path]:
    """Bring a checkout up to date; return the files that changed."""
    changed = {path: text for path, text in texts(root).items() if path.read_text(encoding="utf-8") != text}
    for path, text in changed.items():
        path.write_text(text, encoding="utf-8", newline="\n")
    return list(changed)


def main() -> int:
    changed = write()
    print(*[f"Written: {path.relative_to(ROOT)}" for path in changed] or ["Everything is up to date."], sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
