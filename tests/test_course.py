"""One list numbers the notebooks: the repository follows from it, and a notebook goes in between by it."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest

from data_scripts import course
from tools import course as tool

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def checkout(tmp_path):
    """A copy of what names notebooks."""
    copied = {path for page in (*tool.PAGES, "notebooks/*.ipynb", "notebooks/*.toml") for path in ROOT.glob(page)}
    for path in copied:
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    return tmp_path


def test_the_repository_is_as_the_list_says(checkout):
    assert tool.write(checkout) == []


def test_a_notebook_goes_in_between_by_its_file_and_its_entry(checkout):
    folder = checkout / "notebooks"
    before = course.notebooks(folder)
    place = 3
    page = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# New\n\n**Next:** [00, x](00_start_here.ipynb)")]
    )
    nbformat.write(page, folder / "99_brand_new.ipynb")
    entry = 'slug = "brand_new"\ntitle = "Brand new"\nminutes = 5\npromise = "p"\nquestion = "q?"\n'
    entry += 'before = ["start_here"]\n\n'
    parts = (folder / "course.toml").read_text(encoding="utf-8").split("[[notebook]]\n")
    parts.insert(place + 1, entry)
    (folder / "course.toml").write_text("[[notebook]]\n".join(parts), encoding="utf-8")

    done = tool.write(checkout)
    after = course.notebooks(folder)
    assert [n.slug for n in after] == [n.slug for n in before[:place]] + ["brand_new"] + [
        n.slug for n in before[place:]
    ]
    assert sorted(path.stem for path in folder.glob("*.ipynb")) == [n.stem for n in after]
    moved = before[place]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(checkout.rglob("*")) if path.is_file())
    assert f"{moved.number + 1:02}_{moved.slug}" in text
    assert [old.stem for old in before[place:] if old.stem in text] == []  # in code, too
    assert "| [03 Brand new](notebooks/03_brand_new.ipynb) | 5 | p | q? |" in text
    last = nbformat.read(folder / f"{before[place - 1].stem}.ipynb", as_version=4).cells[-1].source
    assert "](03_brand_new.ipynb)" in last
    assert done and tool.write(checkout) == []


def test_an_entry_without_a_file_is_named(checkout):
    (checkout / "notebooks" / f"{course.notebooks()[2].stem}.ipynb").unlink()
    with pytest.raises(FileNotFoundError, match=rf"0 files .* NN_{course.notebooks()[2].slug}"):
        tool.write(checkout)
