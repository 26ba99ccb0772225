"""The site builds with warnings as errors and without a network; links lead somewhere, pictures have words."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from docs import build, check

NEEDS_SPHINX = pytest.mark.skipif(find_spec("sphinx_book_theme") is None, reason="needs the extra `site`")
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def site() -> Path:
    made = subprocess.run([sys.executable, "-m", "docs.build"], cwd=build.ROOT, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    return build.SITE


@NEEDS_SPHINX
def test_every_notebook_has_a_page_with_its_figures_and_their_words(site):
    for path in build.NOTEBOOKS:
        page = check.Page(site / "notebooks" / f"{path.stem}.html")
        words = [alt for source, alt in page.pictures if "_images" in source]
        assert words == [alt for _, alt in build.figures(path)]


@NEEDS_SPHINX
def test_solutions_are_collapsed_and_blanks_are_not(site):
    for path in build.NOTEBOOKS:
        html = (site / "notebooks" / f"{path.stem}.html").read_text(encoding="utf-8")
        hidden = re.findall(r'<details class="admonition hide.*?</details>', html, re.DOTALL)
        assert len(hidden) == len(_solutions(path)) >= 2
        assert all("Show the solution" in part and "Right!" in part for part in hidden)
        assert html.count("Not yet: ") == len(hidden) and "Not yet: " not in "".join(hidden)


def _solutions(path: Path) -> list[dict]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    hidden = [cell for cell in cells if cell["metadata"].get("jupyter", {}).get("source_hidden")]
    return [cell for cell in hidden if "check." in "".join(cell["source"])]


@NEEDS_SPHINX
def test_the_search_finds_words_of_the_notebooks(site):
    index = (site / "searchindex.js").read_text(encoding="utf-8")
    assert all(f'"{word}"' in index or f"{word}:" in index for word in ("reservoir", "straggler", "petabyt"))


@NEEDS_SPHINX
def test_pages_fit_a_phone_and_load_nothing_from_elsewhere(site):
    browser = shutil.which("chromium")
    if browser is None or find_spec("playwright") is None:
        pytest.skip("needs chromium and playwright")
    from playwright.sync_api import sync_playwright

    asked, wide = [], {}
    with sync_playwright() as play:
        window = play.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = window.new_page(viewport=PHONE)
        page.on("request", lambda request: asked.append(request.url))
        for path in sorted(site.rglob("*.html")):
            page.goto(path.as_uri())
            wide[path.name] = page.evaluate("document.documentElement.scrollWidth")
        window.close()
    assert {url.split(":")[0] for url in asked} <= {"file", "data"}
    assert {name: width for name, width in wide.items() if width > PHONE["width"]} == {}


def test_the_glossary_sends_readers_to_notebooks_that_have_the_word():
    entries = re.findall(r"(?m)^(\S.*)\n  (.*→.*)$", (build.ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"))
    assert len(entries) > 80 and [term.lower() for term, _ in entries] == sorted(term.lower() for term, _ in entries)
    for term, text in entries:
        words = [word.removesuffix("s")[:7] for word in re.split(r"[ -]", term.lower())]  # parallel, parallelism
        for name in re.findall(r"notebooks/(\w+\.ipynb)", text):
            cells = json.loads((build.ROOT / "notebooks" / name).read_text(encoding="utf-8"))["cells"]
            prose = " ".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
            assert all(word in prose.lower() for word in words), f"{name} does not say {term!r}"


def test_links_of_markdown_lead_to_pages_or_to_the_repository(monkeypatch):
    monkeypatch.setattr(build, "REPOSITORY", "https://github.com/someone/kit")

    def link(target, folder="notebooks"):
        return build.for_the_site(f"[x]({target})", folder)[4:-1]

    assert link("01_why_distribute.ipynb#7--when") == "01_why_distribute.ipynb#7--when"
    assert link("../notebooks/01_why_distribute.ipynb", "docs") == "notebooks/01_why_distribute.ipynb"
    assert link("notebooks/01_why_distribute.ipynb", ".") == "notebooks/01_why_distribute.ipynb"
    assert link("../docs/faq.md#spark-or-dask") == "../faq.md#spark-or-dask"
    assert link("measured.csv") == f"{build.REPOSITORY}/blob/HEAD/notebooks/measured.csv"
    assert link("../helpers/") == f"{build.REPOSITORY}/tree/HEAD/helpers"
    for same in ("https://docs.dask.org", "#here", "no_such_file.csv", "../../elsewhere"):
        assert link(same) == same
    monkeypatch.setattr(build, "REPOSITORY", None)
    assert build.for_the_site("see [the [kit]](../helpers/) and [a](#b)", "notebooks") == "see the [kit] and [a](#b)"


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        ('<img src="a.png" alt="Three bars.">', ""),
        ('<img src="a.png">', "has no alt text"),
        ('<img src="a.png" alt=" ">', "has no alt text"),
        ('<img src="a.png" alt="../_images/a.png">', "has no alt text"),
        ('<img src="b.png" alt="Three bars.">', "does not exist"),
        ('<img src="https://example.org/a.png" alt="Three bars.">', "from elsewhere"),
        ('<script src="//example.org/a.js"></script>', "from elsewhere"),
        ('<p id="here"></p><a href="#here">x</a> <a href="page.html?q=1#here">x</a>', ""),
        ('<a href="#there">x</a>', "no such place"),
        ('<a href="gone.html">x</a>', "does not exist"),
        ('<a href="https://docs.dask.org/en/stable/">x</a> <a href="mailto:a@example.org">x</a>', ""),
        ('<a href="https://docs dask.org">x</a>', "no address"),
        ('<a href="http://127.0.0.1:8787/status">x</a>', "no address"),
        ('<a href="htps://docs.dask.org">x</a>', "no address"),
        ('<a href="http://[docs.dask.org/">x</a>', "no address"),
    ],
)
def test_the_check_finds_dead_links_and_pictures_without_words(html, problem, tmp_path):
    (tmp_path / "a.png").write_bytes(b"")
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    found = check.problems(tmp_path)
    assert len(found) == bool(problem) and all(problem in sentence for sentence in found)
    assert check.main([str(tmp_path)]) == bool(problem)


def test_the_check_says_what_it_needs(tmp_path, capsys):
    assert check.main([]) == check.main([str(tmp_path / "none")]) == 2 and "build/site" in capsys.readouterr().err
    assert "holds no pages" in check.problems(tmp_path)[0]
    (tmp_path / "page.html").write_text("", encoding="utf-8")
    (tmp_path / "a.css").write_text("@import url('https://fonts.example.org/a.css');", encoding="utf-8")
    assert "from elsewhere" in check.problems(tmp_path)[0]
