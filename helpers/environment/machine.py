"""What this machine has: the table that the first notebook shows."""

from __future__ import annotations

import platform
import shutil
from importlib.metadata import version
from pathlib import Path

import pandas as pd
import psutil
from dask.system import CPU_COUNT
from distributed.system import MEMORY_LIMIT

from helpers.environment import config

PACKAGES = ("dask", "pandas", "pyarrow", "scikit-learn")  # the versions that a question about a problem should name


def describe() -> pd.DataFrame:
    """Processors, memory and disk that this process may use, and the versions of what it runs on.

    Returns
    -------
    pandas.DataFrame
        One row per thing, one column of text. Containers count with their limits.
    """
    folder = config.data_dir()
    room = str(folder)
    if isinstance(folder, Path):
        while not folder.exists():
            folder = folder.parent
        room = f"{shutil.disk_usage(folder).free / 1e9:,.0f} GB free"
    rows = {
        "system": f"{platform.system()} on {platform.machine()}, Python {platform.python_version()}",
        "processors": str(CPU_COUNT),
        "memory": f"{MEMORY_LIMIT / 1e9:.1f} GB, {psutil.virtual_memory().available / 1e9:.1f} GB free",
        "disk for data": room,
        "scale": f"{config.scale()}: {config.rows():,} synthetic trips",
        **{package: version(package) for package in PACKAGES},
    }
    return pd.DataFrame({"this machine": rows})
