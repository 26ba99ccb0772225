"""How long a call takes. Used by pages that compare ways to do the same."""

from __future__ import annotations

import timeit
from collections.abc import Callable


def seconds(function: Callable[..., object], *arguments: object, tries: int = 7) -> float:
    """Seconds of the fastest of several calls: whatever else runs on the machine can only make a call longer.

    All calls get the same arguments; with an iterator, which the first call uses up, say ``tries=1``.
    Raises ValueError if `tries` is below 1.
    """
    if tries < 1:
        raise ValueError(f"tries is {tries}: a function has to be called at least once to take its time")
    return min(timeit.repeat(lambda: function(*arguments), number=1, repeat=tries))
