"""The same job in the idiom of many libraries, one short file each, for ``benchmarks.race``.

The job: read Parquet files of taxi trips in random order, keep the usable ones, compute the features, standardise
them where the model needs that, and train: a linear model in one pass, or 50 rounds of boosted trees of depth 6.
``CONTENDERS`` names the files. A file holds

- its source, the page whose advice it follows; whether it mixes rows, how many cores it uses, and an answer to "would
  its maintainers sign it?": lines of its docstring;
- ``train(files)``, which returns a function from features (n, 17), not standardised, to predicted fares (n,); where
  it can mix the rows itself, ``train(files, shuffle=False)``;
- ``features(files)``, where the library computes them itself: an array of the 17 features, and one of the fares;
- ``prepare()``, where something is compiled or started once for many runs: it is not timed.
"""

import logging
from dataclasses import dataclass

import numpy as np
import sklearn
from dask.system import CPU_COUNT
from distributed import Client
from sklearn.linear_model import SGDRegressor
from sklearn.preprocessing import StandardScaler

from helpers import stream, taxi

MIXED_ROWS = 500_000  # that lie in memory to be mixed, as many as in the kit's own stream


@dataclass(frozen=True)
class Contender:
    """What is known of a contender before its file is imported, since its packages may be missing.

    Attributes
    ----------
    title : str
        What it is called in tables.
    model : {"linear", "trees"}
    needs : tuple of str
        Packages that it imports beside the kit's own, or "Java".
    remark : str
        What a reader of the results should know.
    package : str
        What one installs, and whose version stands in the table.
    """

    title: str
    model: str
    needs: tuple[str, ...] = ()
    remark: str = ""
    package: str = "scikit-learn"


CONTENDERS = {
    "daft_batches": Contender("Daft", "linear", ("daft",), package="daft"),
    "dask_local_sgd": Contender("Dask, local SGD", "linear", remark="models averaged 8 times", package="distributed"),
    "dask_ml_incremental": Contender("dask-ml Incremental", "linear", ("dask_ml",), package="dask-ml"),
    "dask_partial_fit": Contender("Dask, partial fit", "linear", package="dask"),
    "duckdb_sql": Contender("DuckDB", "linear", ("duckdb",), package="duckdb"),
    "keras_linear": Contender("tf.data + Keras", "linear", package="keras"),
    "kit_fused": Contender("this kit, fused", "linear", package="numba"),
    "kit_numpy": Contender("this kit, numpy", "linear"),
    "lightgbm_in_memory": Contender("LightGBM, in memory", "trees", ("lightgbm",), package="lightgbm"),
    "lightgbm_on_dask": Contender("LightGBM on Dask", "trees", ("lightgbm",), package="lightgbm"),
    "pandas_in_memory": Contender("pandas + scikit-learn", "linear", package="pandas"),
    "polars_streaming": Contender("Polars, streaming", "linear", ("polars",), package="polars"),
    "ray_data": Contender("Ray Data", "linear", ("ray",), package="ray[data]"),
    "river_mini_batches": Contender(
        "River, mini-batches", "linear", ("river",), package="river",
        remark="made for one instance at a time, such as a running sensor",
    ),
    "spark_mllib": Contender(
        "Spark MLlib", "linear", ("pyspark", "Java"), package="pyspark",
        remark="exact least squares, not one pass of descent",
    ),
    "xgboost_external_memory": Contender("XGBoost, external memory", "trees", package="xgboost"),
    "xgboost_in_memory": Contender("XGBoost, in memory", "trees", package="xgboost"),
    "xgboost_on_dask": Contender("XGBoost on Dask", "trees", package="xgboost"),
}  # fmt: skip

# Degrees, rounded to float32 as the columns of coordinates are: 1e-6 degrees are 10 cm.
CENTRE = tuple(map(float, np.float32(taxi.CENTRE)))
AIRPORTS = [tuple(map(float, np.float32(place))) for place in taxi.AIRPORTS.values()]
COSINE = tuple(map(float, taxi.COSINE))


def learn(arrays):
    """What follows where a library brings batches of features and fares: one pass of descent, the same for all.

    The first batch tells how to standardise. A thread prepares the next batches while scikit-learn takes its steps.
    """
    model, scaler = SGDRegressor(penalty=None, shuffle=False), StandardScaler()

    def standardised():
        for number, (x, y) in enumerate(arrays):
            if number == 0:
                scaler.fit(x)
            yield scaler.transform(x), y

    with sklearn.config_context(assume_finite=True):  # the features need not be looked through for NaN
        for x, y in stream.prefetch(standardised()):
            model.partial_fit(x, y)
    return lambda x: model.predict(scaler.transform(x))


def mixed(arrays, seed=0):
    """The rows of every ``MIXED_ROWS`` of a stream of batches, in random order: for libraries that bring batches."""
    draw, parts = np.random.default_rng(seed), []

    def shuffled():
        x, y = (np.concatenate(part) for part in zip(*parts, strict=True))
        order = draw.permutation(len(y))
        parts.clear()
        for start in range(0, len(y), 65_536):
            rows = order[start : start + 65_536]
            yield x[rows], y[rows]

    for batch in arrays:
        parts.append(batch)
        if sum(len(y) for _, y in parts) >= MIXED_ROWS:
            yield from shuffled()
    if parts:
        yield from shuffled()


def start_dask(memory):
    """Dask's workers on this machine, one process for each core, with so many bytes each."""
    return Client(
        n_workers=CPU_COUNT,
        threads_per_worker=1,
        memory_limit=memory,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL,
    )
