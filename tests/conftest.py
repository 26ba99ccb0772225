"""What all tests share: data of their own, and the folder of real rows where there is one."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import psutil
import pytest

# Notebooks and tests get a data folder of their own, so that what a learner downloaded neither
# changes the outputs that are compared nor is touched. Two million trips take seconds to generate.
_data = Path(tempfile.mkdtemp(prefix="workshop-test-data-"))


def pytest_configure(config: pytest.Config) -> None:
    os.environ["WORKSHOP_DATA"] = str(_data)
    os.environ["WORKSHOP_SCALE"] = "small"
    os.environ.pop("DASK_SCHEDULER_ADDRESS", None)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Test files side by side, as far as there are cores, and 2 GB for each: what a notebook may take."""
    return max(1, min(os.cpu_count() or 1, psutil.virtual_memory().available // 2_000_000_000))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take minutes come first, and the many short ones fill the cores at the end."""
    minutes = ["test_real_rows.py", *sorted({item.path.name for item in items if item.path.suffix == ".ipynb"})]
    items.sort(key=lambda item: minutes.index(item.path.name) if item.path.name in minutes else len(minutes))


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(_data, ignore_errors=True)


def pytest_terminal_summary(terminalreporter) -> None:
    """Minutes of each notebook, for those who teach and those who wait."""
    seconds = Counter()
    for report in (report for reports in terminalreporter.stats.values() for report in reports):
        path = getattr(report, "nodeid", "").partition("::")[0]
        if path.endswith(".ipynb"):
            seconds[path] += report.duration
    if seconds:
        terminalreporter.section("minutes of each notebook")
    for path, total in sorted(seconds.items()):
        terminalreporter.line(f"{total / 60:5.1f}  {path}")


@pytest.fixture(scope="session")
def mirror() -> Path:
    """The folder of real rows that WORKSHOP_MIRROR names; tests that need it skip without it."""
    folder = os.environ.get("WORKSHOP_MIRROR", "")
    if not (Path(folder) / "SHA256SUMS").is_file():
        pytest.skip("needs real rows: set WORKSHOP_MIRROR to a folder that holds them")
    return Path(folder)
