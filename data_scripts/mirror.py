"""Where files come from: upstream, or the mirror that ``WORKSHOP_MIRROR`` names, with its checksums."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from data_scripts import download, files, temporary
from helpers.environment import config


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
        As `download.fetch` does.
    """
    try:
        listing = download.fetch("SHA256SUMS", base, folder=folder)
    except FileNotFoundError:
        files.warn(f"Warning: {base} has no SHA256SUMS: what the kit itself knows no checksum of is not verified.")
        return {}
    lines = listing.read_text(encoding="utf-8", errors="replace").splitlines()
    listing.unlink()
    # A line of sha256sum: the checksum, a space, a space or * (text or binary mode), the path.
    found = (re.fullmatch(r"([0-9a-fA-F]{64}) [ *](?:\./)?(.+)", line) for line in lines)
    return {match[2]: match[1].lower() for match in found if match}


@contextmanager
def source(upstream: str, folder: Path, *, pause: float = 0) -> Iterator[Callable[..., Path]]:
    """Open the mirror of ``WORKSHOP_MIRROR``, or upstream without one.

    Parameters
    ----------
    upstream : str
        An http(s) address.
    folder : Path
        Where to keep what is fetched, in a subfolder that no other process has and that is removed at the end.
    pause : float
        Seconds between files from upstream, where the host refuses those who hurry.

    Yields
    ------
    callable
        ``fetch(name, sha256=None)`` as in `download.fetch`. A mirror's own checksums go first, as it may hold
        fewer rows; a file that has neither is warned of. A ValueError of the block names a file as it is named there.
    """
    if not isinstance(folder, Path):  # an address in a store
        folder = Path(tempfile.gettempdir())
    base, folder = config.mirror() or upstream, temporary.name_beside(folder / "download")
    sums, origins = None, {}  # by path: what was fetched

    def fetch_from_base(name: str, sha256: str | None = None) -> Path:
        nonlocal sums
        temporary.remove_leftovers(folder.parent)
        origins[str(folder / Path(name).name)] = f"{base.rstrip('/')}/{name}"
        if not config.mirror():
            if pause and len(origins) > 1:
                download.sleep(pause)
            return download.fetch(name, base, folder=folder, sha256=sha256)
        if sums is None:
            sums = checksums(base, folder)
        if sums and name not in sums and not sha256:
            files.warn(f"Warning: the SHA256SUMS of {base} does not list {name}, so it is not verified.")
        return download.fetch(name, base, folder=folder, sha256=sums.get(name, sha256))

    try:
        yield fetch_from_base
    except ValueError as error:  # about a file that is removed now
        said = str(error)
        for path, origin in origins.items():
            said = said.replace(path, origin)
        raise ValueError(said) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
