import numpy as np
import pandas as pd
from sklearn.metrics import mean_pinball_loss, r2_score

from helpers import check


def cases():
    yield r2()
    yield check.pinball, (), [lambda guess, fare, q: mean_pinball_loss(fare, guess, alpha=q)], pinballs_gone_wrong()


def r2():
    rng = np.random.default_rng(0)
    parts = [5 + rng.random(30), 20 + 9 * rng.random(50)]
    guesses = [fare + rng.normal(0, 0.1, len(fare)) for fare in parts]
    pairs = list(zip(parts, guesses, strict=True))
    rows = [(len(y), y.mean(), np.sqrt(np.mean((y - g) ** 2)), r2_score(y, g)) for y, g in pairs]
    reports = pd.DataFrame(rows, columns=["trips", "mean_fare", "RMSE", "R2"])
    right = r2_score(np.concatenate(parts), np.concatenate(guesses))
    squares = sum(((y - g) ** 2).sum() for y, g in pairs)
    inside = sum(((y - y.mean()) ** 2).sum() for y in parts)
    wrong = [reports.R2.mean(), 1 - squares / inside, 1 - right, np.sqrt(squares / 80), 0.123]
    return check.r2_of_both, (reports,), [right], wrong


def loss(above=lambda q: q, below=lambda q: 1 - q, reduce=np.mean):
    return lambda guess, fare, q: reduce(np.where(fare > guess, above(q), -below(q)) * (fare - guess))


def pinballs_gone_wrong():
    return [
        loss(lambda q: 1 - q, lambda q: q),
        loss(reduce=np.sum),
        loss(below=lambda q: q - 1),
        loss(lambda q: 1, lambda q: 1),
        loss(below=lambda q: 0),
        loss(lambda q: 2, lambda q: 3),
        lambda guess, fare: 0,
    ]
