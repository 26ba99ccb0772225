"""Dask: workers read and compute features; the model goes from one to the next.

Source: https://docs.dask.org/en/stable/delayed-best-practices.html,
    https://docs.dask.org/en/stable/dataframe-parquet.html
Mixes rows: no.
Cores: all for reading and features; the model goes from partition to partition.
Would its maintainers sign it? The graph yes: large partitions, nothing sent but the model. They would ask why a job
    of this size needs Dask.
"""

import dask.dataframe as dd
from dask import delayed
from sklearn.linear_model import SGDRegressor
from sklearn.preprocessing import StandardScaler

from benchmarks.contenders import start_dask
from helpers import taxi


def prepare():
    start_dask(memory=800_000_000)


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
