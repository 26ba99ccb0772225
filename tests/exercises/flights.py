from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow as pa
from sklearn.linear_model import SGDClassifier
from sklearn.utils import murmurhash3_32

from helpers import check, flights


def cases():
    delay = np.random.default_rng(0).integers(-30, 60, 3_000)
    data = SimpleNamespace(stream=lambda columns: [pa.record_batch({"delay": part}) for part in np.split(delay, 3)])
    share = np.mean(delay >= 15)
    wrong = [np.mean(delay > 15), np.mean(delay > 0), 100 * share, 1 - share, 3_000 * share, delay.mean(), 0.9]
    yield check.share_of_late, (data,), [share, float(share), np.array([share])], wrong

    days = pd.date_range("2013-01-01", periods=10)
    per_day = pd.Series([50, 5, 5, 5, 5, 5, 6, 5, 5, 9], days)  # 81 % by the end of the seventh day
    right = [days[6], days[6].to_pydatetime(), days[6].to_numpy(), days[6].date(), "2013-01-07"]
    wrong = [days[0], days[8], days[5], days[9], days[3], 7, [1, 2]]
    yield check.day_of_the_cut, (per_day,), right, wrong

    def circle(value, period):
        angle = 2 * np.pi * value / period
        return np.column_stack([np.sin(angle), np.cos(angle)])

    def other_way_round(value, period):
        turn = np.exp(2j * np.pi * np.asarray(value) / period)
        return [[point.real, point.imag] for point in turn]

    wrong = [
        lambda value, period: circle(value, period).T,
        lambda value, period: circle(value, period)[:, 0],
        lambda value, period: circle(value, 24),
        lambda value, period: circle(value, 2 * np.pi * period),
        lambda value, period: circle(value * 180 / np.pi, period),
        lambda value, period: circle(value, 1),
        lambda value, period: circle(value, 2 * period),
        lambda value, period: circle(value + 1, period),
        lambda value: value,
        lambda value, period: None,
        3,
    ]
    yield check.on_a_circle, (), [circle, other_way_round, flights.circle], wrong

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

    y, rate = (np.arange(1_000) < 230).astype("i1"), 0.2
    loss = -np.mean(np.where(y == 1, np.log(rate), np.log(1 - rate)))
    own = -0.23 * np.log(0.23) - 0.77 * np.log(0.77)
    wrong = [-loss, 1_000 * loss, loss / np.log(2), own, -np.log(rate), 3]
    yield check.loss_of_the_base_rate, (y, rate), [loss, np.float32(loss).astype("f8")], wrong

    yield check.when_to_warn, (10, 50), [0.2, 10 / 50], [5, 10 / 60, 0.5, 0.8, 40, 0.3]
