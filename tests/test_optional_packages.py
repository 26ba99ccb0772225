"""What the course says to install by hand is what pyproject.toml lists for it."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_the_packages_that_tfds_needs_are_all_named_where_its_installation_is_advised():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    needed = {re.match(r"[\w-]+", requirement)[0] for requirement in extras["tfds"]}
    assert "tensorflow-datasets" in needed and len(needed) > 1
    assert needed <= set(re.search(r"pip install ([\w -]*tensorflow-datasets[\w -]*)", readme())[1].split())
    (advice,) = re.findall(r"if has_packages\((\"tensorflow_datasets\".*)\)", code())
    assert {name.strip(' "').replace("_", "-") for name in advice.split(",")} == needed


def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


def code() -> str:
    notebooks = [json.loads(path.read_text(encoding="utf-8")) for path in (ROOT / "notebooks").glob("*.ipynb")]
    cells = [cell for notebook in notebooks for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return "\n".join("".join(cell["source"]) for cell in cells)
