"""Where data lives, where it comes from, and how much of it: three environment variables, read here.

``WORKSHOP_DATA``    folder for data, or an address such as ``s3://bucket/prefix`` (default: ``data/`` in the checkout)
``WORKSHOP_MIRROR``  folder or http(s) address laid out like upstream, with a ``SHA256SUMS`` (default: none)
``WORKSHOP_SCALE``   ``tiny``, ``small`` (default), ``medium`` or ``large``: how many synthetic trips
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from helpers.store import Address

ROOT = Path(__file__).resolve().parents[2]
SCALES = {"tiny": 100_000, "small": 2_000_000, "medium": 10_000_000, "large": 55_000_000}
MEMORY_BUDGET = 2_000_000_000  # bytes for all processes of a notebook together, at every scale


def data_dir() -> Path | Address:
    """Folder for data, which need not exist yet, or an address in an object store.

    Raises
    ------
    ValueError
        If ``WORKSHOP_DATA`` is an address of a kind that is not known.
    """
    place = os.environ.get("WORKSHOP_DATA") or str(_default())
    if "://" in place:
        from helpers.store import located  # takes Arrow along, which not everybody needs who asks for the scale

        place = located(place)
    return Path(place).expanduser() if isinstance(place, str) else place


def data_folder() -> Path:
    """Folder for what can be read from a folder only.

    Raises
    ------
    ValueError
        If ``WORKSHOP_DATA`` is an address.
    """
    place = data_dir()
    if not isinstance(place, Path):
        raise ValueError(f"WORKSHOP_DATA is {place}, and images are read from a folder only: set it to one for them")
    return place


def _default() -> Path:
    """``data/`` in the kit; where that is missing and may not be made, a temporary folder of this user's.

    A sentence on stderr says so, once: this process and those that it starts find ``WORKSHOP_DATA`` set.
    """
    if (ROOT / "data").exists() or os.access(ROOT, os.W_OK):
        return ROOT / "data"
    folder = Path(tempfile.gettempdir(), f"workshop-data-{getattr(os, 'getuid', int)()}")
    os.environ["WORKSHOP_DATA"] = str(folder)
    print(
        f"{ROOT} may not be written by this user: data goes to {folder}, which may be emptied when the machine "
        "restarts; set WORKSHOP_DATA to a folder that stays",
        file=sys.stderr,
    )
    return folder


def mirror() -> str | None:
    """Folder or http(s) address to download from instead of upstream, or None."""
    return os.environ.get("WORKSHOP_MIRROR") or None


def scale() -> str:
    """Name of the current scale.

    Raises
    ------
    ValueError
        If ``WORKSHOP_SCALE`` names none.
    """
    name = os.environ.get("WORKSHOP_SCALE") or "small"
    if name not in SCALES:
        raise ValueError(f"WORKSHOP_SCALE is {name!r}; choose one of {', '.join(SCALES)}")
    return name


def rows() -> int:
    """Number of synthetic trips at the current scale."""
    return SCALES[scale()]


def enter_notebooks() -> None:
    """Go to the folder of the notebooks, whose tables they read, and let this process and its children find the kit."""
    paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if str(ROOT) not in paths:  # where child processes look; this one looks in sys.path
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), *paths]))
        sys.path.insert(0, str(ROOT))
    os.chdir(ROOT / "notebooks")
