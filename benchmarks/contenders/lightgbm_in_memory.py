"""LightGBM with all features in memory.

Source: https://lightgbm.readthedocs.io/en/stable/Python-Intro.html (data from a list of arrays),
    https://lightgbm.readthedocs.io/en/stable/Parameters-Tuning.html
Mixes rows: no; trees do not depend on the order.
Cores: all.
Would its maintainers sign it? Yes, beside their wish for 31 leaves or fewer: depth 6, 64 leaves and a rate of 0.3 are
    the same for all trees here.
"""

import lightgbm as lgb
import numpy as np

from helpers import stream, taxi

PARAMETERS = {"max_depth": 6, "num_leaves": 64, "learning_rate": 0.3, "verbose": -1}
ROUNDS = 50


def train(files):
    x, y = zip(*map(taxi.to_xy, stream.batches(files)), strict=True)
    matrix = lgb.Dataset(list(x), np.concatenate(y))
    return lgb.train({"objective": "regression", **PARAMETERS}, matrix, ROUNDS).predict
