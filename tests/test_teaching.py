"""What teachers get is true: slides of every notebook, notes for every section, run sheets that add up."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup  # comes with nbconvert

from data_scripts import course
from teaching import picture, runsheets, slides

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NOTES = slides.speaker_notes((ROOT / "teaching" / "notes.md").read_text(encoding="utf-8"))
SHEETS = (ROOT / "INSTRUCTORS.md").read_text(encoding="utf-8")
MEASURED = pd.read_csv(ROOT / "notebooks" / "measured.csv")


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def test_every_section_has_notes_and_every_note_a_section():
    assert set(NOTES) == {(path.stem, title) for path in NOTEBOOKS for title in slides.headings(read(path))}
    assert all(NOTES.values())


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_slides_show_every_figure_hide_solutions_and_load_nothing(path):
    page, notebook = BeautifulSoup(slides.page(path, NOTES), "html.parser"), read(path)
    notes = [aside.extract().get_text() for aside in page.select("aside.notes")]
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    images = page.select("img")
    assert len(images) == sum("image/png" in output.get("data", {}) for output in outputs)
    assert all(image["src"].startswith("data:image/png;base64,") and len(image["alt"]) > 20 for image in images)
    assert not page.select("script[src], link, iframe, object, embed, video, audio")
    assert not any("@import" in style.text or "url(http" in style.text for style in page.select("style"))
    hidden = [cell.source for cell in notebook.cells if cell.metadata.get("jupyter", {}).get("source_hidden")]
    solutions = [source for source in hidden if "check." in source]
    assert sum(text.strip().startswith("A solution:") for text in notes) == len(solutions) >= 2
    assert "A solution:" not in page.get_text()
    assert len(page.select("section section")) > len(slides.headings(notebook))


def test_figures_come_after_a_prediction_and_long_code_stays_in_the_notebook():
    cells = [
        nbformat.v4.new_markdown_cell("# Title\n\nWords.\n\n## 1 · One\n\n**Predict:** what?"),
        nbformat.v4.new_code_cell("x = 1\n" * 30),
        nbformat.v4.new_code_cell("x", outputs=[nbformat.v4.new_output("display_data", {"image/png": "AAAA"})]),
        nbformat.v4.new_markdown_cell("So.\n\n**Sources.** A book."),
    ]
    made = slides.slides(nbformat.v4.new_notebook(cells=cells), "n", {("n", "1 · One"): "Say this."}).cells
    kinds = [cell.metadata.get("slideshow", {}).get("slide_type") for cell in made]
    assert kinds == ["slide", None, "slide", None, "notes", "fragment", "subslide", None]
    text = " ".join(cell.source for cell in made)
    assert "Say this." in text and "x = 1" not in text and "A book" not in text


def test_run_sheets_are_up_to_date_and_last_as_long_as_they_say():
    assert runsheets.updated(SHEETS, MEASURED) == SHEETS, "run `make runsheets`"
    parts = re.split(r"(?m)^## ", SHEETS)
    sheets = {int(found[1]): part for part in parts if (found := re.search(r"(\d+) minutes", part.splitlines()[0]))}
    assert sorted(sheets) == [90, 210, 420]
    for minutes, part in sheets.items():
        rows = re.findall(r"(?m)^\| \d+:\d\d \| (\d+) \|", part)
        assert sum(map(int, rows)) == minutes


def test_run_sheets_name_sections_that_exist_and_leave_machines_their_time():
    for row in re.findall(r"(?m)^\| \d+:\d\d \|.*$", SHEETS):
        if found := runsheets.LINK.search(row):
            notebook = read(ROOT / "notebooks" / f"{found[1]}.ipynb")
            known = {title.split(" · ")[0] for title in slides.headings(notebook)[1:]}
            cells = [cell.strip() for cell in row.split("|")[1:-1]]
            assert set(cells[2].split(": ")[1].split(", ")) <= known, row
            assert float(cells[-1] or 0) < int(cells[1]), row


def test_a_new_measurement_moves_the_run_sheets():
    faster = MEASURED.assign(minutes=MEASURED.minutes + 1)
    assert runsheets.updated(SHEETS, faster) != SHEETS
    assert runsheets.updated(SHEETS.replace("| 10 | [00]", "| 11 | [00]", 1), MEASURED).count("| 0:36 |") == 1


def test_the_picture_of_the_readme_is_the_notebooks():
    png, alt = picture.picture()
    assert picture.PICTURE.read_bytes() == png, "run `python -m teaching.picture`"
    assert len(png) < 100_000 and "pandas at most" in alt


def test_no_paragraph_turns_dollars_into_a_formula():
    """Two bare dollar signs in a paragraph are mathematics to JupyterLab: write them as \\$."""
    for path in NOTEBOOKS:
        for cell in read(path).cells:
            for paragraph in cell.source.split("\n\n") if cell.cell_type == "markdown" else []:
                words = re.sub(r"`[^`]*`", "", paragraph)
                assert len(re.findall(r"(?<!\\)\$", words)) < 2, f"{path.name}: {paragraph}"


CUT_OFF = """() => {
  const found = [];
  for (;;) {
    fit();
    while (Reveal.availableFragments().next) Reveal.nextFragment();
    const slide = Reveal.getCurrentSlide();
    if (tooLarge(slide)) found.push(slide.innerText.slice(0, 80));
    if (Reveal.isLastSlide()) return [found, Reveal.getTotalSlides()];
    Reveal.next();
  }
}"""


@pytest.mark.skipif(not shutil.which("chromium"), reason="there is no chromium to look at slides with")
@pytest.mark.parametrize("name", ["linear_model_from_sums", "tf_data_and_distribute"])
def test_nothing_on_a_slide_is_cut_off_and_nothing_is_asked_of_a_network(name, tmp_path):
    browsers = pytest.importorskip("playwright.sync_api")
    page = tmp_path / "slides.html"
    page.write_text(slides.page(course.path(name), NOTES), encoding="utf-8")
    asked, errors = [], []
    with browsers.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_page(viewport={"width": 1280, "height": 720})
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("pageerror", lambda error: errors.append(str(error)))
        tab.goto(page.as_uri())
        tab.wait_for_function("Reveal.isReady()")
        cut_off, count = tab.evaluate(CUT_OFF)
        browser.close()
    assert not cut_off and count > 30 and not errors
    assert not [address for address in asked if not address.startswith(("file:", "data:"))]
