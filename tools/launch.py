"""Where the course opens with a click, and the first cell of a notebook that was opened alone; see ``tools.badges``."""

from __future__ import annotations

from data_scripts.course import notebooks

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
    "notebook": "Binder, Colab or Kaggle, as soon as this course is on GitHub. (Pushing it there writes the links.)",
    "readme": "Links that open the course in a browser stand here as soon as it is published: pushing it to GitHub\n"
    "writes them (`.github/workflows/publish.yml`), and so does `make badges` in a checkout whose origin is on GitHub.",
    "clone": "<address of this repository>",
}
FIRST = """\
# Nothing to read here. Where this page was opened alone, as on Colab, the
# cell gets the kit (on Kaggle, switch Internet on first).
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
    %run {{Path(kit).name}}/tools/colab.py"""
ASK = """\
    raise ImportError(
        "the kit of this notebook is not here: clone its repository, "
        "set it up (README.md), and open the notebook there"
    )"""


def first_cell(address: str | None) -> str:
    """Source of the first code cell of every notebook."""
    return FIRST.format(get=GET.format(repository=address) if address else ASK)


def on_github(address: str | None) -> bool:
    """Whether the hosts that open notebooks find them there."""
    return bool(address and address.startswith("https://github.com/"))


def link(host: str, path: str, address: str) -> str:
    """Where a host opens a file of the repository."""
    slug = address.removeprefix("https://github.com/")
    return HOSTS[host][0].format(slug=slug, branch=BRANCH, path=path)


def launch_table(address: str | None) -> str:
    """Where the course opens with a click, as Markdown."""
    if not on_github(address):
        return UNPUBLISHED["readme"]
    slug, start = address.removeprefix("https://github.com/"), f"notebooks/{notebooks()[0].stem}.ipynb"
    rows = [(host, link(host, start, address), what) for host, (_, what) in HOSTS.items()]
    rows.append(("Codespaces", CODESPACES[0].format(slug=slug), CODESPACES[1]))
    return "\n".join(["| open in | what you get |", "| --- | --- |"] + [f"| [{h}]({u}) | {w} |" for h, u, w in rows])
