"""The course in a real browser, as a learner has it: JupyterLab as `make lab` leaves it, menus, clicks and keys."""

from __future__ import annotations

import shutil
from urllib.parse import urlsplit

import nbformat
import pytest

from data_scripts import course
from data_scripts.taxi import prepare
from tests import browser

sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="needs Debian's chromium: sudo apt-get install chromium"),
    pytest.mark.skipif(not shutil.which("make"), reason="needs make"),
]
START, TAXI = course.path("start_here").name, course.path("dask_nyc_taxi").name


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("lab")


@pytest.fixture(scope="module")
def address(folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKSHOP_SCALE", "tiny")  # what the pages hold at larger ones is for nbval
        prepare()  # as `make lab` does
        with browser.jupyterlab(folder) as address:
            yield address


@pytest.fixture(scope="module")
def context(address, request):
    """A browser that has never been here, and what it complained about."""
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=browser.CHROMIUM_FLAGS)
        context = chromium.new_context(viewport=browser.LAPTOP)
        context.set_default_timeout(120_000)
        context.errors, context.hosts = [], set()
        context.on("console", lambda line: context.errors.append(line.text) if line.type == "error" else None)
        context.on("weberror", lambda error: context.errors.append(str(error.error)))
        context.on("request", lambda request: context.hosts.add(urlsplit(request.url).hostname))
        yield context
        for number, page in enumerate(context.pages if request.session.testsfailed else []):
            browser.screenshot(page, f"failed-{number}")
        chromium.close()


@pytest.fixture(scope="module")
def page(context, address):
    page = context.new_page()
    page.goto(address)
    browser.wait_until_ready(page, START)
    return page


def saved(page, folder, name):
    """The notebook as the learner's Ctrl+S leaves it on disk."""
    page.keyboard.press("Control+s")
    page.wait_for_function("() => !jupyterapp.shell.currentWidget.context.model.dirty")
    return nbformat.read(folder / "notebooks" / name, as_version=4)


def assert_all_run(page, notebook):
    """Every cell has run in its turn, none has failed, chatted on stderr, or shown a box or an output it could not."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    outputs = [output for cell in code for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]
    assert page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    assert page.locator(".jp-Dialog, .Toastify__toast, .jp-mod-error").count() == 0


def test_the_printed_address_opens_the_first_notebook_without_login_or_pop_up(page):
    assert "/login" not in page.url
    assert page.locator("h1", has_text="Building petabyte-scale ML models").is_visible()
    assert page.locator(".jp-Dialog, .Toastify__toast").count() == 0
    browser.screenshot(page, "start-opened")


def test_run_all_runs_the_first_notebook(page, folder):
    browser.start_run_all(page)
    browser.wait_until_run(page)
    browser.screenshot(page, "start-run")
    assert_all_run(page, saved(page, folder, START))


def test_an_exercise_answers_back(page):
    blank = "bytes_per_trip = ..."
    browser.cell(page, blank).scroll_into_view_if_needed()
    assert browser.output(page, blank).startswith("Not yet")
    for answer, reply in {
        "8 * trips.bytes / trips.rows": "Not quite. Those are bits: a byte has eight.",
        "trips.bytes / trips.rows": "Right!",
    }.items():
        line = browser.cell(page, "bytes_per_trip = ").locator(".cm-line").first
        line.click()
        page.keyboard.press("Home")
        page.keyboard.press("Shift+End")
        page.keyboard.type(f"bytes_per_trip = {answer}")
        page.keyboard.press("Shift+Enter")
        browser.wait_until_run(page)
        assert browser.output(page, "bytes_per_trip = ") == reply
        browser.screenshot(page, f"start-exercise-{'right' if reply == 'Right!' else 'hint'}")


def test_the_dask_pane_finds_the_cluster_and_its_task_stream_moves(page):
    browser.run_cell(page, "cluster.connect()")
    page.locator(".lm-TabBar-tab[data-id='dask-dashboard-launcher']").click()
    page.locator("[title='Auto-detect dashboard URL']").click()
    page.locator(".dask-DashboardListing-item", has_text="Task Stream").wait_for()
    page.locator(".lm-TabBar-tab[data-id='filebrowser']").click()
    browser.cell(page, "cluster.connect()").get_by_text("Launch dashboard in JupyterLab").click()
    stream = page.wait_for_selector("iframe[src$='/individual-task-stream']").content_frame()
    browser.wait_for_tasks(stream, 0)
    assert stream.evaluate(browser.TASKS) <= 5  # a new cluster
    # Not more than before: after a pause Dask draws its stream anew.
    browser.run_cell_until_tasks(page, "by_weekday.mean().compute()", stream, 5)
    browser.screenshot(page, "start-dask-panes")
    for closer in page.locator(".lm-DockPanel-tabBar [data-id^='dask-dashboard'] .lm-TabBar-tabCloseIcon").all()[::-1]:
        closer.click()


def test_run_all_runs_the_taxi_notebook_while_the_dashboard_moves(page, context, folder):
    browser.open_notebook(page, TAXI)
    browser.start_run_all(page)
    link = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-OutputArea-output a[href$='/status']").first
    dashboard = context.new_page()
    dashboard.goto(link.get_attribute("href"))
    browser.wait_for_tasks(dashboard, 5)
    browser.wait_for_tasks(dashboard, dashboard.evaluate(browser.TASKS))
    browser.screenshot(dashboard, "taxi-dashboard")
    dashboard.close()
    browser.wait_until_run(page)
    browser.screenshot(page, "taxi-run")
    assert_all_run(page, saved(page, folder, TAXI))


@pytest.mark.parametrize("width", [700, 420])
def test_a_narrow_window_clips_nothing(page, width):
    folder = page.locator(".lm-TabBar-tab[data-id='filebrowser']")
    folder.click()  # folds the file browser away
    page.set_viewport_size({"width": width, "height": 800})
    for name in (START, TAXI):
        browser.show(page, name)
        browser.screenshot(page, f"{name[:2]}-{width}")
        assert not page.evaluate(browser.CLIPPED)
    page.set_viewport_size(browser.LAPTOP)
    folder.click()


def test_the_dark_theme_stays_legible(page):
    browser.choose(page, "Settings", "Theme", "JupyterLab Dark")
    page.wait_for_selector("body[data-jp-theme-light='false']", state="attached")
    for name in (START, TAXI):
        browser.show(page, name)
        browser.screenshot(page, f"{name[:2]}-dark")
        assert not page.evaluate(browser.PALE)
        assert not page.evaluate(browser.TRANSPARENT)


def test_the_browser_complained_about_nothing_and_stayed_on_this_machine(context):
    assert not context.errors
    assert context.hosts <= {"localhost", "127.0.0.1"}
