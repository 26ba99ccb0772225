from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow as pa
from sklearn.linear_model import SGDClassifier
from sklearn.utils import murmurhash3_32

from helpers import check, flights


def cases():
    days = pd.date_range("2013-01-01", periods=10)
    per_day = pd.Series([50, 5, 5, 5, 5, 5, 6, 5, 5, 9], days)  # 81 % by the end of the seventh day
    right = [days[6], days[6].to_pydatetime(), days[6].to_numpy(), days[6].date(), "2013-01-07"]
    wrong = [days[0], days[8], days[5], days[9], days[3], 7, [1, 2]]
    yield check.day_of_the_cut, (per_day,), right, wrong

    delay = np.random.default_rng(0).integers(-30, 60, 3_000)
    past = delay[:2_000]

    def stream(columns=None, where=None):
        return [pa.record_batch({"delay": part}) for part in np.split(delay if where is None else past, 2)]

    share = np.mean(past >= 15)
    wrong = [np.mean(delay >= 15), np.mean(past > 15), np.mean(past > 0), 100 * share, 1 - share, 2_000 * share]
    right = [share, float(share), np.array([share])]
    yield check.base_rate, (SimpleNamespace(stream=stream), "the past"), right, [*wrong, past.mean(), 0.9]

    def column(word):
        return murmurhash3_32(word, positive=True) % flights.COLUMNS

    wrong = [
        lambda word: hash(word) % flights.COLUMNS,
        lambda word: murmurhash3_32(word, positive=True),
        lambda word: murmurhash3_32(word),
        lambda word: len(word),
        lambda word: column(word) / 1,
        lambda word: column(word) // 8,
        3,
    ]
    right = [column, lambda word: abs(murmurhash3_32(word)) % flights.COLUMNS, lambda word: int(column(word[::-1]))]
    yield check.column_of, (), right, wrong

    def step(weigh, classes=lambda y: [0, 1], times=1):
        def learn(model, X, y, late_weight):
            for _ in range(times):
                model.partial_fit(X, y, classes=classes(y), sample_weight=weigh(y, late_weight))

        return learn

    def weigh(y, late_weight):
        return np.where(y == 1, late_weight, 1)

    wrong = [
        step(weigh, classes=lambda y: None),
        step(weigh, classes=np.unique),
        step(lambda y, w: None),
        step(lambda y, w: np.where(y == 0, w, 1)),
        step(weigh, times=2),
        step(lambda y, w: w * weigh(y, w)),
        lambda model, X, y, w: model.fit(X, y, sample_weight=weigh(y, w)),
        lambda model, X, y, w: None,
        lambda model: None,
    ]
    right = [step(weigh), step(lambda y, w: 1 + (w - 1) * y), step(lambda y, w: np.array([1, w])[y])]
    yield check.learn, (SGDClassifier(loss="log_loss", shuffle=False),), right, wrong

    wrong = [
        lambda p, w: p / w,
        lambda p, w: w * p / (w * p + 1 - p),
        lambda p, w: p / (1 - p) / w,
        lambda p, w: p,
        lambda p, w: p * w,
        lambda p, w: 1 - p,
        lambda p, w: p.mean(),
    ]
    right = [
        lambda p, w: p / (p + w * (1 - p)),
        lambda p, w: 1 / (1 + w * (1 / p - 1)),
        lambda p, w: [x / (x + w * (1 - x)) for x in p],
    ]
    yield check.without_weights, (), right, wrong

    yield check.when_to_warn, (10, 50), [0.2, 10 / 50], [5, 10 / 60, 0.5, 0.8, 40, 0.3]
