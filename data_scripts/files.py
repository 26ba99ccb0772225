"""Files that are written whole or not at all, progress bars, and one sentence when something goes wrong.

The data scripts write into a folder that a room of processes may share. Errors are Python's own
(``OSError``, ``ValueError``) with a message that says what, where and what to do next.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import locket

from data_scripts import temporary
from helpers.store import Address, explained

INTERRUPTED = 130  # what shells report after Ctrl-C: 128 + SIGINT
SOON = 2  # seconds of waiting for another process that need no word
PATIENCE = 3_600  # seconds of waiting for one that hangs: half a gigabyte comes through a slow line in less
_DISK_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_WINDOWS_DISK_FULL = {39, 112}  # ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL of the Windows API


def once(path: Path, is_whole: Callable[[], bool], *, make: Callable[[Path], object]) -> bool:
    """Make a file or folder that many processes use, unless it is there; one makes it, the others wait and use it.

    Waiting saves work and is no condition: where a file system knows no locks, or the other hangs for an hour, each
    makes its own and the first to finish wins. A process that is killed holds nobody up.

    Parameters
    ----------
    path : Path
    is_whole : callable
        Says whether it is there and needs no making.
    make : callable
        Given a temporary name in the same folder, makes a file or folder of it.

    Returns
    -------
    bool
        Whether this process made it.

    Raises
    ------
    IsADirectoryError
        If a folder is in the way.
    OSError
        If the disk is full or the folder cannot be written, or as `make` does.
    """
    if is_whole():
        return False
    with _turn(path):
        if is_whole():
            return False
        if path.is_dir():
            raise IsADirectoryError(f"{path} is a folder, where a file belongs: move it elsewhere, and run it again")
        if path.exists():
            warn(f"{path} is damaged or holds something else: making it again.")
        try:
            with replacing(path) as part:
                make(part)
        except OSError:  # Windows, say, replaces no file that another process reads
            if not is_whole():
                raise
    return True


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Write a file or folder under a temporary name, which becomes `path` only when all went well.

    Parameters
    ----------
    path : Path
        The final name. Its folder is made if need be. A file of this name stays until the new one is complete.

    Yields
    ------
    Path
        A name in the same folder to write to, which no other process has. Whatever is there is removed if the block
        fails.

    Raises
    ------
    ValueError
        If `path` has no name, such as an empty one.
    OSError
        If the disk is full or the folder cannot be written.
    """
    part = temporary.name_beside(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.remove_leftovers(path.parent)
        yield part
        part.replace(path)
    except OSError as error:
        if isinstance(path, Address) and part.name in str(error):  # the store's words
            raise explained(path, error) from error
        if error.errno is None:  # not the system's words, but a sentence from the block
            raise
        raise _explained(error, path) from error
    finally:
        temporary.remove(part)


def warn(sentence: str) -> None:
    """Say something on stderr without ending."""
    print(printable(sentence), file=sys.stderr)


def printable(text: str) -> str:
    """Text of any origin in one line, with a question mark for each character that cannot be shown."""
    line = " ".join(text.split())
    return "".join("?" if not letter.isprintable() or letter == "\ufffd" else letter for letter in line)


def exit_code(job: Callable[[], None]) -> int:
    """Run a command-line job and return its exit code: 0, 1 after one sentence on stderr, 130 after Ctrl-C."""
    try:
        job()
    except KeyboardInterrupt:
        warn("Interrupted. Finished files are kept: run the same command again to go on.")
        return INTERRUPTED
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno is not None and error.filename:  # the system's words
            error = f"{error.filename} cannot be used: {error.strerror}; see to it that you may read and write there"
        warn(f"Error: {error}")
        return 1
    return 0


@contextmanager
def _turn(path: Path) -> Iterator[None]:
    """Wait while another process is in such a block for the same path; the system ends the turn of a killed one."""
    if isinstance(path, Address):  # a store has no locks: each makes its own, and both are whole
        yield
        return
    lock = path.with_name(f".{path.name}.lock")
    with suppress(OSError):  # whoever writes there says what is wrong
        path.parent.mkdir(parents=True, exist_ok=True)
    turn = _acquired(lock, SOON)
    if turn is False:
        warn(f"Another process is making {path}: waiting for it.")
        turn = _acquired(lock, PATIENCE)
    try:
        yield
    finally:
        if turn:
            turn.release()
            with suppress(OSError):  # on Windows, the last one that has it open removes it
                lock.unlink()


def _acquired(lock: Path, seconds: float):
    """The lock, False if another process held it all the time, None where there are no locks."""
    turn = locket.lock_file(str(lock), timeout=seconds)
    try:
        turn.acquire()
    except locket.LockError:
        return False
    except OSError:
        return None
    return turn


def _explained(error: OSError, path: Path) -> OSError:
    if path.is_dir():
        return OSError(f"{path} cannot be written: it is a folder; move it elsewhere, and run it again")
    if error.errno in _DISK_FULL or getattr(error, "winerror", None) in _WINDOWS_DISK_FULL:
        reason, remedy = f"there is no room for it on the disk ({error.strerror})", "on a disk with more room"
    else:
        reason, remedy = error.strerror, "that you may write to"
    return OSError(f"{path} cannot be written: {reason}; set WORKSHOP_DATA to a folder {remedy}, and run it again")
