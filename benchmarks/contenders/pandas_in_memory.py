"""Everything at once: the way a notebook on a small file would do it."""

import pandas as pd
from sklearn.linear_model import SGDRegressor
from sklearn.preprocessing import StandardScaler

from helpers import taxi


def train(files):
    table = taxi.features(taxi.clean(pd.read_parquet(files)))
    x, y = table[taxi.FEATURES].to_numpy(), table[taxi.TARGET].to_numpy()
    scaler = StandardScaler()
    z = scaler.fit_transform(x)
    model = SGDRegressor(penalty=None, shuffle=False, max_iter=1, tol=None).fit(z, y)
    return lambda x: model.predict(scaler.transform(x))
