"""dask-ml: a scikit-learn model, wrapped so that it takes Dask arrays block by block."""

import dask.dataframe as dd
from dask_ml.preprocessing import StandardScaler
from dask_ml.wrappers import Incremental
from sklearn.linear_model import SGDRegressor

from helpers import cluster, taxi


def prepare():
    cluster.connect()


def train(files):
    table = taxi.features(taxi.clean(dd.read_parquet(files, split_row_groups=2)))
    lengths = tuple(table.map_partitions(len).compute())
    x = table[taxi.FEATURES].to_dask_array(lengths=lengths)
    y = table[taxi.TARGET].to_dask_array(lengths=lengths)
    scaler = StandardScaler().fit(x)
    sgd = SGDRegressor(penalty=None, shuffle=False)
    model = Incremental(sgd, shuffle_blocks=False).fit(scaler.transform(x), y)
    return lambda x: model.estimator_.predict((x - scaler.mean_) / scaler.scale_)
