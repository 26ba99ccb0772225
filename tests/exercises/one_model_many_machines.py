from types import SimpleNamespace

import numpy as np

from helpers import check


def cases():
    yield (
        check.averaged_weight,
        (),
        [1.75, np.float64(1.75), [1.75]],
        [7 / 3, 1.5, 700, 700 / 3, 1.7, 4.0],
    )

    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(200, 3)), rng.normal(size=200)
    learned = [(SimpleNamespace(coef_=rng.normal(size=3), intercept_=rng.normal()), rows) for rows in (10, 20, 30, 40)]

    def error(pairs):
        rows = sum(n for _, n in pairs)
        w = sum(n * one.coef_ for one, n in pairs) / rows
        return np.sqrt(np.mean((X @ w + sum(n * one.intercept_ for one, n in pairs) / rows - y) ** 2))

    right = error(learned[:2])
    wrong = [error(learned), error(learned[:1]), error(learned[1:2]), right**2, right + 1]
    yield check.error_of_two, (learned, X, y), [right, float(right)], wrong
