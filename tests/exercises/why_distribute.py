import numpy as np

from helpers import check


def cases():
    few, many = np.array([-60.0, -90.0]), np.array([-14.0, -2.0])
    reports = [(1_000, few), (9_000, many)]
    total = 1_000 * few + 9_000 * many
    wrong = [(few + many) / 2, few + many, total, total / 2, few, total[0] / 10_000]
    yield check.combined_gradient, (reports,), [total / 10_000, list(total / 10_000)], wrong

    yield check.workers_in_six_minutes, (), [19, 57 / 3], [10, 57 / 6, 20, 3 / 57, 7]
