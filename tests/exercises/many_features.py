import numpy as np

from helpers import check


def cases():
    yield check.bits_needed, (18_000,), [18, 18.0], [17.36, 2**18, 15, 0, 17, 19]

    rng = np.random.default_rng(0)
    X, weights = rng.normal(size=(260, 50)), rng.normal(size=50)
    y = X @ weights + 4 * rng.normal(size=260)
    alphas = [1e-6, 0.001, 0.1, 1, 10, 100, 1_000]
    given = alphas, X[:60], y[:60], X[60:], y[60:]
    yield check.best_alpha, given, [10, 10.0], [1e-6, 0.1, 4, 77]
