"""Bring a file from an address or a folder, verified and whole or not at all. Knows nothing about datasets."""

from __future__ import annotations

import errno
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

from helpers.environment import config, files

DELAYS = (2, 6, 20, 60)  # seconds between five tries
TIMEOUT = 30  # seconds of silence until a connection counts as broken
CHUNK = 2**20  # bytes


def fetch(relative_path: str, base: str, folder: Path, sha256: str | None = None) -> Path:
    """Download or copy ``base/relative_path`` into a folder.

    Answers 403 (shared networks are rate-limited with it), 429 and 5xx, broken connections, silence and
    short reads are tried again, up to five times.

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
        If the checksum is another, or `base` is no address.
    OSError
        If the file cannot be written, or the disk has too little room for it.
    """
    import pooch  # takes a moment, and most commands download nothing

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


def checksums(base: str, folder: Path) -> dict[str, str]:
    """Read the ``SHA256SUMS`` of a mirror.

    Parameters
    ----------
    base : str
        An http(s) address, or a folder.
    folder : Path
        For a temporary file.

    Returns
    -------
    dict of str to str
        Checksum by relative path. Empty, after a warning, if the mirror has no such file.

    Raises
    ------
    OSError
        As `fetch` does.
    """
    try:
        listing = fetch("SHA256SUMS", base, folder)
    except FileNotFoundError:
        files.warn(f"Warning: {base} has no SHA256SUMS, so its files are not verified.")
        return {}
    lines = listing.read_text(encoding="utf-8", errors="replace").splitlines()
    listing.unlink()
    # A line of sha256sum: the checksum, a space, a space or * (text or binary mode), the path.
    found = (re.fullmatch(r"([0-9a-fA-F]{64}) [ *](?:\./)?(.+)", line) for line in lines)
    return {match[2]: match[1].lower() for match in found if match}


@contextmanager
def source(upstream: str, folder: Path) -> Iterator[Callable[..., Path]]:
    """Open the mirror of ``WORKSHOP_MIRROR``, or upstream without one.

    Parameters
    ----------
    upstream : str
        An http(s) address.
    folder : Path
        Where to keep what is fetched, in a subfolder that is removed at the end.

    Yields
    ------
    callable
        ``fetch(name, sha256=None)`` as in `fetch`. A mirror's own checksums go first; one that it lacks is warned of.
    """
    base, folder = config.mirror() or upstream, folder / ".download"
    sums = None

    def fetch_from_base(name: str, sha256: str | None = None) -> Path:
        nonlocal sums
        if not config.mirror():
            return fetch(name, base, folder, sha256)
        if sums is None:
            sums = checksums(base, folder)
        if sums and name not in sums:
            files.warn(f"Warning: the SHA256SUMS of {base} does not list {name}, so it is not verified.")
        return fetch(name, base, folder, sums.get(name))

    try:
        yield fetch_from_base
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def is_address(base: str) -> bool:
    """Whether `base` is an http(s) address rather than a folder."""
    return base.lower().startswith(("http://", "https://"))


def _copy(base: Path, source: Path, part: Path) -> None:
    if not base.is_dir():
        raise NotADirectoryError(f"There is no folder {base} to take files from: correct WORKSHOP_MIRROR, or unset it")
    if not source.is_file():
        raise FileNotFoundError(f"There is no {source}: choose another file, or another WORKSHOP_MIRROR")
    size = source.stat().st_size
    _check_room(part, size)
    with files.bar(size, source.name, "B") as progress, open(source, "rb") as old, open(part, "wb") as new:
        while chunk := old.read(CHUNK):
            new.write(chunk)
            progress.update(len(chunk))


def _download(url: str, part: Path) -> None:
    from requests import RequestException

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
            files.warn(f"{url}: {reason}; trying again in {delay} s")
            sleep(delay)


def _get(url: str, part: Path) -> None:
    """One try; a body shorter than its Content-Length is an error of urllib3's."""
    import pooch
    import requests

    def on_headers(answer: requests.Response, **_) -> None:
        _check_room(part, int(answer.headers.get("Content-Length", 0)))

    # Pooch puts the true total in; it takes a bar without a total for none.
    with files.bar(1, url.rsplit("/", 1)[-1], "B") as progress:
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
