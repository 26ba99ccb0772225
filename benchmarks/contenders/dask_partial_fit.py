"""Dask: workers read and compute features; the model goes from one to the next."""

import dask.dataframe as dd
from dask import delayed
from sklearn.linear_model import SGDRegressor

from helpers import cluster, taxi

TITLE, MODEL, NEEDS = "Dask, partial fit", "linear", ()


def prepare():
    cluster.connect()


def train(files):
    trips = dd.read_parquet(files, split_row_groups=2)
    table = taxi.features(taxi.clean(trips))
    first = table.get_partition(0).compute()[taxi.FEATURES]
    mean, scale = first.mean(), first.std()
    model = delayed(SGDRegressor(penalty=None, shuffle=False))
    for part in table.to_delayed():
        model = delayed(learn)(model, part, mean, scale)
    model = model.compute()
    mean, scale = mean.to_numpy(), scale.to_numpy()
    return lambda x: model.predict((x - mean) / scale)


def learn(model, part, mean, scale):
    z = (part[taxi.FEATURES] - mean) / scale
    return model.partial_fit(z.to_numpy(), part[taxi.TARGET].to_numpy())
