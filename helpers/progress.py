"""A progress bar where somebody watches: in a notebook or a terminal, not in a log file."""

from __future__ import annotations

import sys

from tqdm.auto import tqdm
from tqdm.notebook import tqdm_notebook


def bar(total: int | None, description: str, *, unit: str = " rows", initial: int = 0) -> tqdm:
    """A bar that vanishes when done; `total` may be unknown, `initial` is done already."""
    watched = issubclass(tqdm, tqdm_notebook) or (sys.stderr is not None and sys.stderr.isatty())
    look = {"unit_scale": True, "leave": False, "disable": not watched}
    return tqdm(total=total, initial=initial, desc=description, unit=unit, **look)
