"""Dask: workers read and compute features; the model goes from one to the next."""

import dask.dataframe as dd
from dask import delayed
from sklearn.linear_model import SGDRegressor
from sklearn.preprocessing import StandardScaler

from helpers import cluster, taxi


def prepare():
    cluster.connect()


def train(files):
    trips = dd.read_parquet(files, split_row_groups=2)
    table = taxi.features(taxi.clean(trips))
    first = table.get_partition(0).compute()
    scaler = StandardScaler().fit(first[taxi.FEATURES].to_numpy())
    model = delayed(SGDRegressor(penalty=None, shuffle=False))
    for part in table.to_delayed():
        model = delayed(learn)(model, part, scaler)
    model = model.compute()
    return lambda x: model.predict(scaler.transform(x))


def learn(model, part, scaler):
    z = scaler.transform(part[taxi.FEATURES].to_numpy())
    return model.partial_fit(z, part[taxi.TARGET].to_numpy())
