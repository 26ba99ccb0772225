"""Bring a file from an address or a folder, verified and whole or not at all. Knows nothing about datasets."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING

from data_scripts import files
from helpers.progress import bar as progress_bar

if TYPE_CHECKING:
    from requests import Response

DELAYS = (2, 6, 20, 60)  # seconds between five tries
LONGEST = 120  # seconds to wait at most where a server asks for more (Retry-After)
TIMEOUT = 30  # seconds of silence until a connection counts as broken
CHUNK = 2**20  # bytes


def fetch(relative_path: str, base: str, *, folder: Path, sha256: str | None = None) -> Path:
    """Download or copy ``base/relative_path`` into a folder.

    Answers 403 (shared networks are rate-limited with it), 429 and 5xx, broken connections, silence and
    short reads are tried again, up to five times, after as long as a server's Retry-After asks for.

    Parameters
    ----------
    relative_path : str
        With forward slashes, below `base`.
    base : str
        An http(s) address, or a folder.
    folder : Path
        Where the file goes, under the last part of its name. It belongs to the caller, also if `base` is a folder.
    sha256 : str, optional
        Hexadecimal checksum. A file that is already there and has it is not fetched again.

    Returns
    -------
    Path
        The complete file.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ConnectionError
        If all tries failed.
    ValueError
        If the checksum is another, `base` is no address, or a name is empty.
    OSError
        If the file cannot be written, or the disk has too little room for it.
    """
    import pooch  # takes a moment, and most commands download nothing

    if not base or not Path(relative_path).name:
        raise ValueError(f"base is {base!r} and relative_path {relative_path!r}: give an address and a file's name")
    target = Path(folder) / Path(relative_path).name
    if sha256 and target.is_file() and pooch.file_hash(target) == sha256:
        return target
    with files.replacing(target) as part:
        if is_address(base):
            source = f"{base.rstrip('/')}/{relative_path}"
            _download(source, part)
        else:
            source = Path(base).expanduser() / relative_path
            _copy(Path(base).expanduser(), source, part)
        if sha256 and (actual := pooch.file_hash(part)) != sha256:
            raise ValueError(
                f"{source} has the SHA-256 checksum {actual[:12]}… instead of {sha256[:12]}…, so it is damaged or was "
                "replaced: run the command again, or take another mirror (WORKSHOP_MIRROR)"
            )
    return target


def is_address(base: str) -> bool:
    """Whether `base` is an http(s) address rather than a folder."""
    return base.lower().startswith(("http://", "https://"))


def _copy(base: Path, source: Path, part: Path) -> None:
    if not base.is_dir():
        raise NotADirectoryError(f"There is no folder {base} to take files from: correct WORKSHOP_MIRROR, or unset it")
    try:
        size, old = source.stat().st_size, open(source, "rb")
    except FileNotFoundError as error:
        raise FileNotFoundError(f"There is no {source}: choose another file, or another WORKSHOP_MIRROR") from error
    except OSError as error:  # a folder of this name, or no permission
        raise OSError(f"{source} cannot be read ({error.strerror}): repair or change WORKSHOP_MIRROR") from error
    with old, progress_bar(size, source.name, unit="B") as progress, open(part, "wb") as new:
        _check_room(part, size)
        while chunk := old.read(CHUNK):
            new.write(chunk)
            progress.update(len(chunk))


def _download(url: str, part: Path) -> None:
    from requests import RequestException

    # No Retry of urllib3's does it: it ends with the headers, and most of what breaks is the body behind them.
    for delay in (*DELAYS, None):
        try:
            return _get(url, part)
        except RequestException as error:
            if isinstance(error, ValueError):
                raise ValueError(f"{url} is no web address ({error}): correct WORKSHOP_MIRROR, or unset it") from error
            status = error.response.status_code if error.response is not None else None
            if status in (404, 410):
                raise FileNotFoundError(
                    f"There is no {url} (HTTP status {status}): choose another file, or another mirror"
                ) from error
            reason = f"HTTP status {status}" if status else f"no connection, or it broke off ({type(error).__name__})"
            lasting = status and status not in (403, 408, 429) and status < 500
            if lasting or delay is None:
                raise ConnectionError(
                    f"{url} cannot be downloaded: {reason}; check the network and run the command again later, "
                    "or take a mirror (WORKSHOP_MIRROR)"
                ) from error
            delay = max(delay, min(_retry_after(error.response), LONGEST))
            files.warn(f"{url}: {reason}; trying again in {delay:g} s")
            sleep(delay)


def _retry_after(answer: Response | None) -> float:
    """Seconds that a server asks to wait, given as such or as a date; 0 if it does not ask, or for nonsense."""
    from urllib3 import Retry
    from urllib3.exceptions import InvalidHeader

    try:
        return (answer is not None and Retry().get_retry_after(answer.raw)) or 0
    except InvalidHeader:
        return 0


def _get(url: str, part: Path) -> None:
    """One try; a body shorter than its Content-Length is an error of urllib3's."""
    import pooch
    import requests

    def on_headers(answer: requests.Response, **_) -> None:
        _check_room(part, int(answer.headers.get("Content-Length", 0)))

    # Pooch puts the true total in; it takes a bar without a total for none.
    with progress_bar(1, url.rsplit("/", 1)[-1], unit="B") as progress:
        get = pooch.HTTPDownloader(
            progressbar=progress,
            chunk_size=CHUNK,
            timeout=TIMEOUT,
            headers={"Accept-Encoding": "identity"},  # else a .gz file may arrive unpacked
            hooks={"response": on_headers},
        )
        get(url, str(part), None)


def _check_room(part: Path, size: int) -> None:
    free = shutil.disk_usage(part.parent).free
    if size > free:
        raise OSError(errno.ENOSPC, f"{size / 1e6:,.0f} MB needed, {free / 1e6:,.0f} MB free")
