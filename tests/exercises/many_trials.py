import numpy as np

from helpers import check


def cases():
    errors = [3.95, 15.26, 4.07, 4.48]
    wrong = [np.mean(errors), 3.95, 4.07, 1]
    yield check.stopped_above, (errors,), [4.275, np.float64(4.275)], wrong
    wrong = [6_000, 1_400, 1_800, 2_800, 4_800, 7]
    yield check.epochs_trained, (1_000, 6, 0.7, 2), [3_200, 3_200.0], wrong
