"""What all tests share: data of their own, and the folder of real rows where there is one."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

# Notebooks and tests get a data folder of their own, so that what a learner downloaded neither
# changes the outputs that are compared nor is touched. Two million trips take seconds to generate.
_data = Path(tempfile.mkdtemp(prefix="workshop-test-data-"))


def pytest_configure(config: pytest.Config) -> None:
    os.environ["WORKSHOP_DATA"] = str(_data)
    os.environ["WORKSHOP_SCALE"] = "small"
    os.environ.pop("DASK_SCHEDULER_ADDRESS", None)


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(_data, ignore_errors=True)


@pytest.fixture(scope="session")
def mirror() -> Path:
    """The folder of real rows that WORKSHOP_MIRROR names; tests that need it skip without it."""
    folder = os.environ.get("WORKSHOP_MIRROR", "")
    if not (Path(folder) / "SHA256SUMS").is_file():
        pytest.skip("needs real rows: set WORKSHOP_MIRROR to a folder that holds them")
    return Path(folder)
