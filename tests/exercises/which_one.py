import numpy as np

from helpers import check
from helpers.planning.advice import Case
from helpers.planning.simulation import Costs


def cases():
    speed = {"rows": 1, "cores": 1, "family": "linear", "code": "none", "rows_per_second": 1, "deadline_hours": 1}
    mine = Case(columns=17, memory_bytes=16e9, **speed)
    rows = 0.75 * 16e9 / (3 * 17 * 4)
    wrong = [rows * 3, rows / 0.75, rows * 4, rows * 68, rows / 1e9, 5]
    yield check.rows_in_memory, (mine,), [rows, int(rows), np.float64(rows)], wrong
    costs = Costs(scheduler=0.001, worker=0.0015)
    wrong = [0.0001, 1_000, 10 / 0.0025, 10, 7]
    yield check.workers_kept_busy, (10.0, costs), [10_000, 10.0015 / 0.001], wrong
    save, rate, machines = 60.0, 0.001, 100
    best = np.sqrt(2 * 1 * 600)
    wrong = [best * 10, best / np.sqrt(2), best / 60, best * 60, 600, 1]
    yield check.best_interval, (save, rate, machines), [best, round(best)], wrong
