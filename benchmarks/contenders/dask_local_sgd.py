"""Dask: each worker learns from its own rows, and eight times in the pass all models are averaged.

Source: https://distributed.dask.org/en/stable/api.html (futures); M. Zinkevich and others, 2010, for the averages.
Mixes rows: if asked, as the kit's stream does, each worker its own files' rows.
Cores: all: a worker process for each.
Would its maintainers sign it? The futures yes. The step within a worker is this kit's compiled loop: it shows what
    Dask adds to it, not what Dask is.
"""

from distributed import Client
from sklearn.linear_model import SGDRegressor

from benchmarks.contenders import kit_fused, start_dask
from benchmarks.contenders.kit_numpy import scaler_of
from helpers import fused, local_sgd


def prepare():
    start_dask(memory=800_000_000).run(kit_fused.prepare)


def train(files, shuffle=False):
    scaler = scaler_of(files, shuffle)

    def step(model, batch):
        return fused.partial_fit(model, batch, scaler=scaler)

    first = SGDRegressor(penalty=None, shuffle=False)
    model, _ = local_sgd.fit(Client.current(), first, step=step, paths=files, shards=8, rounds=8, shuffle=shuffle)
    return lambda x: model.predict(scaler.transform(x))
