"""The same job in the idiom of many libraries, one short file each, for ``benchmarks.race``.

The job: read Parquet files of taxi trips in random order, keep the usable ones, compute the features, standardise
them where the model needs that, and train: a linear model in one pass, or 50 rounds of boosted trees of depth 6.
``CONTENDERS`` names the files. A file holds

- ``train(files)``, which returns a function from features (n, 17), not standardised, to predicted fares (n,);
- ``features(files)``, where the library computes them itself: an array of the 17 features, and one of the fares;
- ``prepare()``, where something is compiled or started once for many runs: it is not timed.
"""

from dataclasses import dataclass

import numpy as np

from helpers import taxi


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
    rows : int or None
        The most trips that it is given, where it is too slow for all of them.
    remark : str
        What a reader of the results should know.
    """

    title: str
    model: str
    needs: tuple[str, ...] = ()
    rows: int | None = None
    remark: str = ""


CONTENDERS = {
    "dask_ml_incremental": Contender("dask-ml Incremental", "linear", ("dask_ml",), remark="two workers, 0.8 GB each"),
    "dask_partial_fit": Contender("Dask, partial fit", "linear", remark="two workers, 0.8 GB each"),
    "duckdb_sql": Contender("DuckDB", "linear", ("duckdb",)),
    "keras_linear": Contender("tf.data + Keras", "linear"),
    "kit_fused": Contender("this kit, fused", "linear"),
    "kit_numpy": Contender("this kit, numpy", "linear"),
    "lightgbm_in_memory": Contender("LightGBM, in memory", "trees", ("lightgbm",)),
    "pandas_in_memory": Contender("pandas + scikit-learn", "linear"),
    "polars_streaming": Contender("Polars, streaming", "linear", ("polars",)),
    "river_one_by_one": Contender(
        "River, trip by trip", "linear", ("river",), rows=1_000_000,
        remark="made for one instance at a time, such as a running sensor",
    ),
    "spark_mllib": Contender(
        "Spark MLlib", "linear", ("pyspark", "Java"),
        remark="two threads; least squares in several passes, not one pass of descent",
    ),
    "xgboost_external_memory": Contender("XGBoost, external memory", "trees"),
    "xgboost_in_memory": Contender("XGBoost, in memory", "trees"),
    "xgboost_on_dask": Contender("XGBoost on Dask", "trees", remark="two workers, 2 GB each"),
}  # fmt: skip

# Degrees, rounded to float32 as the columns of coordinates are: 1e-6 degrees are 10 cm.
CENTRE = tuple(map(float, np.float32(taxi.CENTRE)))
AIRPORTS = [tuple(map(float, np.float32(place))) for place in taxi.AIRPORTS.values()]
COSINE = tuple(map(float, taxi.COSINE))
