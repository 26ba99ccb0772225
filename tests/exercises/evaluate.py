import numpy as np
import pandas as pd
from sklearn.metrics import mean_pinball_loss

from helpers import check


def cases():
    yield rmse()
    yield check.pinball, (), [lambda guess, fare, q: mean_pinball_loss(fare, guess, alpha=q)], pinballs_gone_wrong()


def rmse():
    rng = np.random.default_rng(0)
    parts = [rng.normal(0, 1, 30), rng.normal(0, 4, 50)]  # errors
    reports = pd.DataFrame({"trips": [30, 50], "RMSE": [np.sqrt(np.mean(part**2)) for part in parts]})
    right = np.sqrt(np.mean(np.concatenate(parts) ** 2))
    return check.rmse_of_both, (reports,), [right], [reports["RMSE"].mean(), right**2, 80 * right**2, 0.123]


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
