import dask.dataframe as dd
import numpy as np
import pandas as pd
from sklearn.model_selection import GridSearchCV
from sklearn.tree import DecisionTreeRegressor

from helpers import check, taxi
from tests.exercises import USABLE


def search(leaves, columns=taxi.FEATURES, cv=3):
    table = taxi.features(USABLE.head(500))
    tree = DecisionTreeRegressor(max_depth=2)
    return GridSearchCV(tree, {"min_samples_leaf": leaves}, cv=cv).fit(table[columns], table["fare_amount"])


def cases():
    unfitted = GridSearchCV(DecisionTreeRegressor(), {"min_samples_leaf": [2, 10, 50]})
    wrong = [unfitted, search([2, 10]), search([2, 10, 50], ["distance"]), search([2, 10, 50], cv=2), 10]
    yield check.grid_search, (), [search([2, 10, 50]), search([50, 10, 2])], wrong

    rng = np.random.default_rng(0)
    fares = pd.DataFrame(rng.uniform(1, 20, (1_000, 5)), columns=["hour", "km", "fare", "line", "trees"])
    squared = fares[["line", "trees"]].sub(fares.fare, axis=0) ** 2
    long = np.sqrt(squared[fares.km > 8].mean())
    lazy = dd.from_pandas(fares, npartitions=3)
    wrong = [np.sqrt(squared.mean()), long**2, long + 1, long[:1], long["line"], lazy["fare"]]
    yield check.long_rmse, (lazy,), [long, long[::-1]], wrong
