"""Files that are written whole or not at all, progress bars, and one sentence when something goes wrong.

Used by the data scripts and for checkpoints. Errors are Python's own (``OSError``, ``ValueError``) with a
message that says what, where and what to do next.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from tqdm.auto import tqdm
from tqdm.notebook import tqdm_notebook

INTERRUPTED = 130  # what shells report after Ctrl-C: 128 + SIGINT
_DISK_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_WINDOWS_DISK_FULL = {39, 112}  # ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL of the Windows API


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Write a file under a temporary name, which becomes `path` only when all went well.

    Parameters
    ----------
    path : Path
        The final name. Its folder is made if need be. A file of this name stays until the new one is complete.

    Yields
    ------
    Path
        A name in the same folder to write to. Whatever is there is removed if the block fails.

    Raises
    ------
    OSError
        If the disk is full or the folder cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(path.parent)
        yield part
        os.replace(part, path)
    except OSError as error:
        if error.errno is None:  # not the system's words, but a sentence from the block
            raise
        raise _explained(error, path) from error
    finally:
        with suppress(OSError):
            part.unlink()


def bar(total: int | None, description: str, unit: str = " rows") -> tqdm:
    """A progress bar that vanishes when done; none where nobody watches, such as in a log file."""
    watched = issubclass(tqdm, tqdm_notebook) or (sys.stderr is not None and sys.stderr.isatty())
    return tqdm(total=total, desc=description, unit=unit, unit_scale=True, leave=False, disable=not watched)


def warn(sentence: str) -> None:
    """Say something on stderr without ending."""
    print(sentence, file=sys.stderr)


def exit_code(job: Callable[[], None]) -> int:
    """Run a command-line job and return its exit code: 0, 1 after one sentence on stderr, 130 after Ctrl-C."""
    try:
        job()
    except KeyboardInterrupt:
        warn("Interrupted. Finished files are kept: run the same command again to go on.")
        return INTERRUPTED
    except (OSError, ValueError) as error:
        warn(f"Error: {error}")
        return 1
    return 0


def _explained(error: OSError, path: Path) -> OSError:
    if error.errno in _DISK_FULL or getattr(error, "winerror", None) in _WINDOWS_DISK_FULL:
        reason, remedy = f"there is no room for it on the disk ({error.strerror})", "on a disk with more room"
    else:
        reason, remedy = error.strerror, "that you may write to"
    return OSError(f"{path} cannot be written: {reason}; set WORKSHOP_DATA to a folder {remedy}, and run it again")


def _remove_leftovers(folder: Path) -> None:
    """Remove temporary files of processes that were killed before they could do it themselves."""
    for part in folder.glob(".*.part"):
        process = part.suffixes[-2][1:]
        if process.isdigit() and not psutil.pid_exists(int(process)):
            with suppress(OSError):
                part.unlink()
