import numpy as np

from helpers import check
from helpers.planning.calibration import Costs


def cases():
    costs = Costs(scheduler=0.001, worker=0.0015)
    wrong = [0.0001, 1_000, 10 / 0.0025, 10, 7]
    yield check.workers_kept_busy, (10.0, costs), [10_000, 10.0015 / 0.001], wrong
    best = np.sqrt(2 * 1 * 600)
    wrong = [best * 10, best / np.sqrt(2), best / 60, best * 60, 600, 1]
    yield check.best_interval, (1.0, 600.0, 100), [best, round(best)], wrong
