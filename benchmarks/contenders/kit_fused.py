"""This kit's compiled loop: from columns to weights, while a thread reads ahead.

Source: helpers/fused.py, helpers/stream.py.
Mixes rows: if asked, half a million at a time.
Cores: two: one thread reads ahead, one learns.
Would its maintainers sign it? Yes; it knows one model of one data set, and more than two cores are idle.
"""

import numpy as np
from sklearn.linear_model import SGDRegressor
from sklearn.preprocessing import StandardScaler

from benchmarks.contenders.kit_numpy import scaler_of
from helpers import fused, stream, synthetic


def prepare():
    trips, scaler = synthetic.taxi_trips(0, 1).to_batches()[0], StandardScaler().fit(np.eye(2, 17))
    fused.partial_fit(SGDRegressor(penalty=None, shuffle=False), trips, scaler=scaler)  # compiles


def train(files, shuffle=False):
    scaler = scaler_of(files, shuffle)
    model = SGDRegressor(penalty=None, shuffle=False)
    for batch in stream.batches(files, batch_rows=65_536, shuffle=shuffle, read_ahead=2):
        fused.partial_fit(model, batch, scaler=scaler)
    return lambda x: model.predict(scaler.transform(x))
