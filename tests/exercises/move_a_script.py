import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from sklearn.linear_model import SGDClassifier, SGDRegressor
from sklearn.preprocessing import StandardScaler

from helpers import check, synthetic, taxi
from helpers.check import move_a_script

FOLDER = tempfile.TemporaryDirectory()  # lives as long as the tests


def cases():
    path, scaler = Path(FOLDER.name, "trips.parquet"), StandardScaler()
    pq.write_table(synthetic.taxi_trips(0, 6_000), path)
    scaler.fit(taxi.to_xy(pq.read_table(path))[0])

    def learned(*, size=1_000, passes=1, **changes):
        """A learner's function that does as it should, but for the changes."""

        def stream(file):
            options = move_a_script.OPTIONS | changes.get("options", {})
            model = changes.get("model", SGDClassifier)(**options)
            for _ in range(passes):
                for batch in pq.ParquetFile(file).iter_batches(batch_size=size):
                    X, y = taxi.to_xy(batch)
                    X = X if changes.get("raw") else scaler.transform(X.astype(changes.get("dtype", "f4")))
                    changes.get("learn", _learn)(model, X, y)
            return model

        return stream

    def by_number(model, X, y):
        model.partial_fit(X, (y > 20).astype("i1"), classes=[0, 1])

    def by_word(model, X, y):
        model.partial_fit(X, np.where(y > 20, "yes", "no"), classes=["no", "yes"])

    right = [learned(), learned(size=700), learned(learn=by_number), learned(dtype="f8")]
    wrong = [
        3,
        lambda path: SGDClassifier(loss="log_loss", shuffle=False),
        learned(
            model=SGDRegressor, options={"loss": "squared_error"}, learn=lambda model, X, y: model.partial_fit(X, y)
        ),
        learned(learn=lambda model, X, y: model.partial_fit(X, y > 20)),  # which classes?
        learned(options={"shuffle": True}),
        learned(learn=by_word),
        learned(learn=lambda model, X, y: model.partial_fit(X[:-1], y[:-1] > 20, classes=[False, True])),
        learned(passes=2),
        learned(raw=True),
        learned(learn=lambda model, X, y: model.partial_fit(X, y <= 20, classes=[False, True])),
        learned(learn=lambda model, X, y: model.partial_fit(X, y > 10, classes=[False, True])),
    ]
    yield check.expensive_stream, (path, scaler), right, wrong

    stages = {"read": 0.2, "clean": 0.1, "features": 0.2, "scale": 0.3, "learn": 0.4}
    wrong = [4, 0.9, 0.75, 1.5, 1.2 / 1.1, 7]
    yield check.times_as_fast, (pd.Series(stages),), [1.2 / 0.9, np.float64(1.2 / 0.9)], wrong


def _learn(model, X, y):
    model.partial_fit(X, y > 20, classes=[False, True])
