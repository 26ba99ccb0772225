"""Where libraries cache, for a user who may not write where they would: a folder for this process and its children.

Imported with ``helpers``, before anything that caches: numba gives up where it finds no place for compiled code, and
matplotlib complains.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

CACHES = ("NUMBA_CACHE_DIR", "MPLCONFIGDIR", "IPYTHONDIR", "XDG_CACHE_HOME")


def fall_back() -> None:
    """Name a temporary folder in the variables that say where libraries cache, if the home may not be written."""
    home = os.path.expanduser("~")  # this very sign for a user without a home
    unset = [name for name in CACHES if not os.environ.get(name)]
    if not unset or os.access(home, os.W_OK | os.X_OK):
        return
    folder = tempfile.mkdtemp(prefix="workshop-caches-")  # nobody else's: numba runs what it finds there
    atexit.register(_remove, folder, os.getpid())
    for name in unset:
        os.environ[name] = os.path.join(folder, name.lower())


def _remove(folder: str, process: int) -> None:
    if os.getpid() == process:  # not a fork
        shutil.rmtree(folder, ignore_errors=True)
