"""XGBoost with all features in memory.

Source: https://xgboost.readthedocs.io/en/stable/python/python_intro.html (QuantileDMatrix, for less memory).
Mixes rows: no; trees do not depend on the order.
Cores: all.
Would its maintainers sign it? Yes.
"""

import numpy as np
import xgboost as xgb

from helpers import stream, taxi

PARAMETERS = {"max_depth": 6, "learning_rate": 0.3, "max_bin": 256}
ROUNDS = 50


def train(files):
    x, y = zip(*map(taxi.to_xy, stream.batches(files)), strict=True)
    matrix = xgb.QuantileDMatrix(np.concatenate(x), np.concatenate(y), max_bin=PARAMETERS["max_bin"])
    return xgb.train(PARAMETERS, matrix, ROUNDS).inplace_predict
