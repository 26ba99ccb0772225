"""dask-ml: a scikit-learn model, wrapped so that it takes Dask arrays block by block.

Source: https://ml.dask.org/incremental.html
Mixes rows: no; shuffle_blocks would draw the order of the blocks.
Cores: all for reading and features; the model goes from block to block.
Would its maintainers sign it? Yes, for a model that learns in order, and their page says that blocks come one after
    the other. Reading the files once more for the lengths of the blocks they would have us spare.
"""

import dask.dataframe as dd
from dask_ml.preprocessing import StandardScaler
from dask_ml.wrappers import Incremental
from sklearn.linear_model import SGDRegressor

from benchmarks.contenders import start_dask
from helpers import taxi


def prepare():
    start_dask(memory=800_000_000)


def train(files):
    table = taxi.features(taxi.clean(dd.read_parquet(files, split_row_groups=2)))
    lengths = tuple(table.map_partitions(len).compute())
    x = table[taxi.FEATURES].to_dask_array(lengths=lengths)
    y = table[taxi.TARGET].to_dask_array(lengths=lengths)
    scaler = StandardScaler().fit(x)
    sgd = SGDRegressor(penalty=None, shuffle=False)
    model = Incremental(sgd, shuffle_blocks=False).fit(scaler.transform(x), y)
    return lambda x: model.estimator_.predict((x - scaler.mean_) / scaler.scale_)
