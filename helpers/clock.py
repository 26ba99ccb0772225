"""How long a call takes. Used by the notebook that moves a script to a stream, stage by stage."""

from __future__ import annotations

import timeit
from collections.abc import Callable


def seconds(function: Callable[..., object], *arguments: object, tries: int = 7) -> float:
    """Call a function several times and return how long the fastest call took.

    The fastest, because whatever else runs on the machine can only make a call longer.

    Parameters
    ----------
    function : callable
        What it returns is dropped.
    *arguments : object
        The same for each call: with an iterator, which is used up by the first, say ``tries=1``.
    tries : int
        At least 1.

    Returns
    -------
    float
        Seconds.

    Raises
    ------
    ValueError
        If `tries` is below 1.
    """
    if tries < 1:
        raise ValueError(f"tries is {tries}: a function has to be called at least once to take its time")
    return min(timeit.repeat(lambda: function(*arguments), number=1, repeat=tries))
