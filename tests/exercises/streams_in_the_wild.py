import numpy as np

from helpers import check


def cases():
    yield from spreads()
    short, long = 900, 100
    wrong = [9, 2.25, 2.5, 1 / 3, 5]
    yield check.rare_weight, ((short, long),), [3, np.float64(3)], wrong


def spreads():
    a, b = np.arange(10.0), 50 + 3 * np.arange(4.0)
    reports = [(len(x), x.mean(), x.std()) for x in (a, b)]
    both = np.concatenate([a, b])
    inside = np.sqrt((a.var() * len(a) + b.var() * len(b)) / len(both))
    total = both.var() * len(both)
    wrong = [(a.std() + b.std()) / 2, inside, both.var(), total, np.sqrt(total), 1]
    yield check.spread_of_both, (reports,), [both.std()], wrong
