"""What runs in a contender's own process: the job of ``benchmarks.race``, on as many cores as it may have.

Nothing else is imported before the cores are set, as libraries count them when they are imported.
"""

from __future__ import annotations

import os
import time

HELD_OUT = 250_000  # trips after those that are trained on


def run(
    name: str, paths: list[str], first_held_out: int, cores: int | None, shuffle: bool = False
) -> tuple[float, float, float]:
    """Train and judge a contender; return seconds of training, RMSE in US$, and seconds of starting before that.

    Parameters
    ----------
    name : str
        Of its module.
    paths : list of str
        Parquet files to train on.
    first_held_out : int
        Row of the synthetic trips where those held out begin.
    cores : int or None
        Of this machine, for all its processes; None for all. Linux alone can keep a process to some of them.
    shuffle : bool
        Whether it shall mix the rows, too.

    Raises
    ------
    ValueError
        If it predicts an array of another shape.
    """
    if cores is not None:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    begun = time.perf_counter()
    import importlib

    import numpy as np

    from helpers import synthetic, taxi

    contender = importlib.import_module(f"benchmarks.contenders.{name}")
    getattr(contender, "prepare", lambda: None)()
    start = time.perf_counter()
    predict = contender.train(paths, shuffle=True) if shuffle else contender.train(paths)
    seconds = time.perf_counter() - start
    x, y = taxi.to_xy(synthetic.taxi_trips(first_held_out, first_held_out + HELD_OUT))
    predicted = np.asarray(predict(x))
    if predicted.shape != y.shape:  # numpy would compare every prediction with every fare
        raise ValueError(
            f"{name} predicts an array of shape {predicted.shape}; {y.shape} is wanted, a fare for each trip"
        )
    return seconds, float(np.sqrt(np.mean((predicted - y) ** 2))), start - begun
