"""This kit's stream: batches become arrays in a thread while scikit-learn learns from the arrays before.

Source: helpers/stream.py; https://scikit-learn.org/stable/computing/scaling_strategies.html (partial_fit).
Mixes rows: if asked, half a million at a time.
Cores: two: one thread reads and computes features, one learns; more are idle.
Would its maintainers sign it? Yes.
"""

import sklearn
from sklearn.linear_model import SGDRegressor
from sklearn.preprocessing import StandardScaler

from helpers import stream, taxi


def train(files, shuffle=False):
    scaler = scaler_of(files, shuffle)
    model = SGDRegressor(penalty=None, shuffle=False)
    batches = stream.batches(files, batch_rows=65_536, shuffle=shuffle)
    arrays = (taxi.to_xy(batch, scaler=scaler) for batch in batches)
    with sklearn.config_context(assume_finite=True):  # what `to_xy` returns need not be looked through for NaN
        for x, y in stream.prefetch(arrays):
            model.partial_fit(x, y)
    return lambda x: model.predict(scaler.transform(x))


def scaler_of(files, shuffle=False):
    """A scaler of the features in the first batch."""
    batch = next(stream.batches(files, batch_rows=65_536, shuffle=shuffle))
    return StandardScaler().fit(taxi.to_xy(batch)[0])
