import numpy as np

from helpers import check
from helpers.planning.advice import Case


def cases():
    speed = {"rows": 1, "cores": 1, "family": "linear", "code": "none", "rows_per_second": 1, "deadline_hours": 1}
    mine = Case(columns=17, memory_bytes=16e9, **speed)
    rows = 0.75 * 16e9 / (3 * 17 * 4)
    wrong = [rows * 3, rows / 0.75, rows * 4, rows * 68, rows / 1e9, 5]
    yield check.rows_in_memory, (mine,), [rows, int(rows), np.float64(rows)], wrong
    trees = {"columns": 17, "memory_bytes": 16e9, "cores": 8, "family": "trees", "code": "pandas", "deadline_hours": 2}
    case = Case(rows=1e10, rows_per_second=100_000, **trees)  # 3.47 hours alone
    yield check.machines_needed, (case,), [2, 2.0, np.float64(2)], [1.7361, 14, 6_250, 0.576, 5]
