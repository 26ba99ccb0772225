"""Names of files that are not finished, in folders that many processes share, and what the killed ones left there."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import socket
import time
from contextlib import suppress
from pathlib import Path

import psutil

DAY = 86_400  # seconds after which a temporary file is nobody's
_HOST = re.sub(r"[^A-Za-z0-9]+", "-", socket.gethostname())


def name_beside(path: Path) -> Path:
    """A hidden name beside `path` that no other process has, not even on another machine that shares the folder.

    Raises
    ------
    ValueError
        If `path` has no name, such as an empty one.
    """
    if not path.name:
        raise ValueError(f"path is {str(path)!r}, which names no file: give the path of one")
    return path.with_name(f".{path.name}.{_HOST}.{os.getpid()}.{secrets.token_hex(4)}.part")


def remove_leftovers(folder: Path) -> None:
    """Remove temporary files of processes that were killed before they could do it themselves."""
    for part in folder.glob(".*.part"):
        with suppress(OSError):  # it may go by itself at any moment
            if _is_left_over(part):
                remove(part)


def remove(part: Path) -> None:
    """Remove a file or a folder with all in it, if it is there and may be removed."""
    with suppress(OSError):
        if part.is_dir():
            shutil.rmtree(part, ignore_errors=True)
        else:
            part.unlink()


def _is_left_over(part: Path) -> bool:
    """Whether it is certain that nobody writes to a temporary file any more; never for a name that is not ours."""
    ours = re.fullmatch(r"\..+\.([^.]+)\.(\d{1,9})\.[0-9a-f]{8}\.part", part.name)
    if ours is None:
        return False
    host, process = ours.groups()
    if host == _HOST and not _is_running(int(process)):
        return True
    return time.time() - part.stat().st_mtime > DAY


def _is_running(process: int) -> bool:
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
    except psutil.Error:  # another user's, on some systems
        return True
