"""LightGBM on Dask: every worker holds its share of the rows, and they add up their histograms.

Source: https://lightgbm.readthedocs.io/en/stable/Parallel-Learning-Guide.html#dask
Mixes rows: no; trees do not depend on the order.
Cores: all: a worker process for each.
Would its maintainers sign it? Yes; on one machine they would tell us to leave Dask out.
"""

import dask.dataframe as dd
import lightgbm as lgb

from benchmarks.contenders import start_dask
from benchmarks.contenders.lightgbm_in_memory import PARAMETERS, ROUNDS
from helpers import taxi


def prepare():
    start_dask(memory=2_000_000_000)


def train(files):
    table = taxi.features(taxi.clean(dd.read_parquet(files, split_row_groups=4))).persist()
    model = lgb.DaskLGBMRegressor(n_estimators=ROUNDS, tree_learner="data", **PARAMETERS)
    model.fit(table[taxi.FEATURES], table[taxi.TARGET])
    return model.booster_.predict
