"""Drive JupyterLab in a real browser as a learner does, for `test_browser.py`: menus, keys, clicks, screenshots."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
SCREENSHOTS = ROOT / "build" / "screenshots"
LAPTOP = {"width": 1366, "height": 768}  # pixels of a small one
CHROMIUM_FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()

# Scripts that run in the page. `jupyterapp` is there because the server was started with --expose-app-in-browser.
CURRENT = "const panel = jupyterapp.shell.currentWidget, cells = [...panel.content.model.cells];"
RUNNING = f"() => {{ {CURRENT} return cells.filter(c => c.executionState == 'running').length }}"
# Rectangles in a task stream of Dask's dashboard: one a task, and one that is there from the beginning.
TASKS = """() => Math.max(0, ...[...(window.Bokeh?.documents?.[0]?._all_models.values() ?? [])]
    .filter(model => model.type == "ColumnDataSource" && "worker_thread" in model.data)
    .map(model => model.get_length()))"""


def lab_arguments() -> list[str]:
    """What the recipe of `make lab` gives to JupyterLab."""
    recipe = subprocess.run(["make", "--dry-run", "lab"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return shlex.split(re.findall(r"jupyter lab (.*)", recipe)[-1])


@contextmanager
def jupyterlab(folder: Path, deadline: float = 60) -> Iterator[str]:
    """Start what `make lab` starts, on a copy of the notebooks in `folder`; yield the address that it prints.

    At the end nothing that it started is left, or an AssertionError names it.
    """
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    places = {name: str(folder / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")}
    command = [sys.executable, "-m", "jupyterlab", *lab_arguments(), "--no-browser", "--expose-app-in-browser"]
    log = folder / "lab.log"
    with log.open("w") as output:
        server = psutil.Popen(command, cwd=folder, env={**os.environ, **places}, stdout=output, stderr=output)
    try:
        yield _printed_address(log, server, time.monotonic() + deadline)
    finally:
        started = [*server.children(recursive=True), server]
        server.terminate()
        _, alive = psutil.wait_procs(started, timeout=30)
        left = [" ".join(process.cmdline()[:6]) for process in alive]
        for process in alive:
            process.kill()
        assert not left, f"still running after JupyterLab was stopped: {left}"


def _printed_address(log: Path, server: psutil.Popen, until: float) -> str:
    while time.monotonic() < until and server.poll() is None:
        if found := re.search(r"http://(localhost|127\.0\.0\.1)\S+token=\w+", log.read_text()):
            return found.group()
        time.sleep(0.2)
    raise AssertionError(f"JupyterLab printed no address:\n{log.read_text()}")


def choose(page, *path: str) -> None:
    """Choose from the menus, for example ``choose(page, "Run", "Run All Cells")``."""
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile(f"^{path[0]}$")).click()
    for label in path[1:]:
        page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{label}$")).last.click()


def open_notebook(page, name: str) -> None:
    """Open a notebook from the file browser at the left and wait for its kernel."""
    page.locator(".jp-DirListing-item", has_text=name).dblclick()
    wait_until_ready(page, name)


def wait_until_ready(page, name: str) -> None:
    page.wait_for_function(
        "name => { const panel = window.jupyterapp?.shell.currentWidget;"
        " return panel?.context?.path.endsWith(name) && panel.context.isReady"
        " && panel.sessionContext.session?.kernel?.status == 'idle' }",
        arg=name,
        polling=250,
    )


def show(page, name: str) -> None:
    """Turn to a notebook that is open already, and to its first figure."""
    page.evaluate(
        "name => jupyterapp.shell.activateById("
        "[...jupyterapp.shell.widgets('main')].find(panel => panel.context?.path.endsWith(name)).id)",
        name,
    )
    wait_until_ready(page, name)
    page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-RenderedImage img").first.scroll_into_view_if_needed()


def start_run_all(page) -> None:
    choose(page, "Run", "Run All Cells")
    page.wait_for_function(f"() => ({RUNNING})() > 1", polling=100)


def wait_until_run(page, seconds: float = 400) -> None:
    page.wait_for_function(f"() => ({RUNNING})() == 0", timeout=1000 * seconds, polling=500)


def wait_for_tasks(dashboard, more_than: int) -> None:
    """Wait until a page of Dask's dashboard shows so many rectangles in its task stream."""
    dashboard.wait_for_function(f"n => ({TASKS})() > n", arg=more_than, polling=500)


def cell(page, text: str):
    """The first code cell of the current notebook that contains `text`."""
    return page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell", has_text=text).first


def run_cell(page, text: str) -> None:
    """Click into a cell, run it with Shift+Enter and wait."""
    cell(page, text).locator(".cm-line").first.click()
    page.keyboard.press("Shift+Enter")
    wait_until_run(page)


def run_cell_until_tasks(page, text: str, dashboard, more_than: int) -> None:
    """Run a cell until a page of Dask's dashboard shows its tasks: a pane that opens may take the keys meanwhile."""
    for _ in range(8):
        run_cell(page, text)
        for _ in range(30):
            if dashboard.evaluate(TASKS) > more_than:
                return
            page.wait_for_timeout(500)  # milliseconds
    raise AssertionError(f"the task stream shows {dashboard.evaluate(TASKS)} tasks, not more than {more_than}")


def output(page, text: str) -> str:
    """What a cell says under itself."""
    return cell(page, text).locator(".jp-OutputArea-output").inner_text().strip()


def screenshot(page, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")


# Texts of the notebook that are hard to read on their ground: contrast below what WCAG 2.2 asks (4.5, large text 3).
PALE = """() => {
    const parse = c => { const n = c.match(/[\\d.]+/g).map(Number); return n.length == 3 ? [...n, 1] : n };
    const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3]));
    const ground = e => {
        if (!e) return [255, 255, 255];
        const colour = parse(getComputedStyle(e).backgroundColor);
        return colour[3] == 1 ? colour : over(colour, ground(e.parentElement));
    };
    const bad = new Set();
    for (const part of document.querySelectorAll(".jp-MarkdownOutput, .jp-OutputArea-output")) {
        const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
            const text = texts.currentNode.data.trim(), e = texts.currentNode.parentElement;
            if (!text || !e.checkVisibility() || e.closest("script, style, .jp-InternalAnchorLink")) continue;
            const style = getComputedStyle(e), below = ground(e), size = parseFloat(style.fontSize);
            const [a, b] = [light(over(parse(style.color), below)), light(below)].sort((x, y) => y - x);
            const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
            if ((a + 0.05) / (b + 0.05) < (large ? 3 : 4.5)) bad.add(text.slice(0, 60));
        }
    }
    return [...bad];
}"""

# Figures whose corner is not opaque white: their dark captions would vanish on a dark page.
TRANSPARENT = """() => [...document.querySelectorAll(".jp-RenderedImage img")].filter(img => {
    const canvas = Object.assign(document.createElement("canvas"), {width: 1, height: 1});
    const pen = canvas.getContext("2d");
    pen.drawImage(img, 0, 0);
    return pen.getImageData(0, 0, 1, 1).data.some(value => value < 250);
}).map(img => img.alt)"""

# Parts of the notebook, or words in them, that stick out at the right, where nobody can scroll to.
CLIPPED = """() => {
    const panel = document.querySelector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-WindowedPanel-outer");
    const edge = panel.getBoundingClientRect().right + 1;
    const scrolls = e => e && e != panel
        && (/auto|scroll/.test(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
    const parts = [".jp-MarkdownOutput", ".jp-OutputArea-output"]
        .flatMap(part => [...panel.querySelectorAll(`${part} :is(img, table, p, li, h1, h2, pre)`)]);
    const sticksOut = e => e.getBoundingClientRect().right > edge
        || (!/IMG|TABLE/.test(e.tagName) && e.scrollWidth > e.clientWidth + 1);
    return parts.filter(e => e.checkVisibility() && sticksOut(e) && !scrolls(e))
        .map(e => (e.alt || e.textContent).trim().slice(0, 60));
}"""
