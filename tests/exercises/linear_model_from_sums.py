import dask.dataframe as dd
import numpy as np
import pandas as pd

from helpers import check, taxi
from tests.exercises import USABLE


def cases():
    table = taxi.features(USABLE.compute())
    y = table.fare_amount.to_numpy("f8")
    errors = {}
    for name in set(taxi.FEATURES) - {"distance"}:
        A = np.column_stack([np.ones(len(y)), table.distance, table[name]])
        errors[name] = np.sum((y - A @ np.linalg.lstsq(A, y)[0]) ** 2)
    first, second, *_, last = sorted(errors, key=errors.get)
    products = table.astype("f8").assign(constant=1.0)
    yield check.second_feature, (products.T @ products,), [first], [second, last, "distance", "hour", 3.75]

    rng = np.random.default_rng(0)
    fares = pd.DataFrame(rng.uniform(1, 20, (1_000, 3)), columns=["fare", "mean", "linear model"])
    fares["over 8 km"] = rng.random(1_000) < 0.1
    squared = (fares[["mean", "linear model"]].sub(fares.fare, axis=0) ** 2).groupby(fares["over 8 km"]).mean()
    right, mean = np.sqrt(squared["linear model"]), np.sqrt(squared["mean"])
    lazy = dd.from_pandas(fares, npartitions=3)
    wrong = [right**2, mean, right + 1, right.reset_index(drop=True)[:1], 3.9, lazy["fare"]]
    yield check.rmse_by_length, (lazy,), [right, right[::-1]], wrong
