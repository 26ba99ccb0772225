"""This kit's compiled loop: clean, features, standardise and learn while a few hundred trips are in the cache."""

from sklearn.linear_model import SGDRegressor

from benchmarks.contenders.kit_numpy import moments
from helpers import fused, stream, synthetic

TITLE, MODEL, NEEDS = "this kit, fused", "linear", ()


def prepare():
    (trips,) = synthetic.taxi_trips(0, 1).to_batches()
    fused.partial_fit(SGDRegressor(penalty=None, shuffle=False), trips, [0] * 17, [1] * 17)  # compiles


def train(files):
    mean, scale = moments(files)
    model = SGDRegressor(penalty=None, shuffle=False)
    for batch in stream.batches(files, batch_rows=65_536, read_ahead=2):
        fused.partial_fit(model, batch, mean, scale)
    return lambda x: model.predict((x - mean) / scale)
