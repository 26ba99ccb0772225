"""A progress bar for those who watch: of ``helpers.incremental``, the data scripts and the long measurements."""

from __future__ import annotations

import sys

from tqdm.auto import tqdm
from tqdm.notebook import tqdm_notebook


def progress_bar(total: int | None, description: str, unit: str = " rows") -> tqdm:
    """A progress bar that vanishes when done; none where nobody watches, such as in a log file."""
    watched = issubclass(tqdm, tqdm_notebook) or (sys.stderr is not None and sys.stderr.isatty())
    return tqdm(total=total, desc=description, unit=unit, unit_scale=True, leave=False, disable=not watched)
