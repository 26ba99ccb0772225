"""A rehearsal of what the notebooks do, in small: find the data, start a cluster, let a model and a network learn.

Used by ``python -m tools.preflight``, which prints what each function returns. Packages are imported
inside the functions, so that a missing one stops one of them only.
"""

from __future__ import annotations

import os
from itertools import islice

TIMEOUT = 180  # seconds for one step on a machine that is busy with other things; a ready one needs a few


REAL = (
    "one real month, with which every notebook then works: `python -m data_scripts.taxi --months 2009-01` "
    "(470 MB, 14 million trips)"
)


def trips() -> str:
    from helpers import datasets

    found = datasets.taxi_trips()
    if datasets.real_taxi_files():
        return str(found)
    return f"{found}; {REAL}"


def images() -> str:
    from helpers import fashion

    return str(fashion.images())


def flight_data() -> str:
    from helpers import flights

    return str(flights.flights())


def dask_cluster() -> str:
    from helpers import cluster

    try:
        client = cluster.connect()
        count = len(client.run(os.getpid))
        if client.submit(sum, [1, 2]).result(timeout=TIMEOUT) != 3:
            raise RuntimeError("a worker cannot add")
        return f"{count} workers started and answered, dashboard at {client.dashboard_link}"
    finally:
        cluster.close()


def partial_fit() -> str:
    """The step that the course is about: a batch, its features, a model that learns from it."""
    from sklearn.linear_model import SGDRegressor
    from sklearn.preprocessing import StandardScaler

    from helpers import datasets, taxi

    scaler, model, rows = StandardScaler(), SGDRegressor(), 0
    for batch in islice(datasets.taxi_trips().stream(), 4):
        features, fares = taxi.to_xy(batch)
        model.partial_fit(scaler.partial_fit(features).transform(features), fares)
        rows += len(fares)
    return f"a linear model has learned from {rows:,} trips"


def tensorflow_step(timeout: float = TIMEOUT) -> str:
    """One step of a network, in a process of its own, which cannot hang this one."""
    from helpers import workers

    (loss,) = workers.values(workers.run(_one_step, [()], timeout=timeout))
    return f"a small network has made a step, its loss is {loss:.2f}"


def _one_step() -> float:
    import keras
    import numpy as np

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    return float(model.train_on_batch(np.ones((8, 4), "f4"), np.zeros(8, "f4")))
