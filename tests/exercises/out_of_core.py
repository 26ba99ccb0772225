from types import SimpleNamespace

import numpy as np

from helpers import check, synthetic, taxi


def cases():
    peaks = {500: 3_000, 1_000: 5_000}  # 4 bytes a row, and 1,000 before the first
    wrong = [1_250, 2_500, 2_000, 4, 7]
    yield check.rows_that_fit, (peaks, 10_000), [2_250, 2_255.0], wrong

    table = synthetic.taxi_trips(0, 20_000)
    trips = SimpleNamespace(stream=lambda: iter(table.to_batches(max_chunksize=5_000)))
    fares, dirty = (part["fare_amount"].to_numpy() for part in (taxi.clean(table), table))
    cents, wrong = np.unique(np.round(100 * fares)).size, [np.unique(fares).size, np.unique(np.round(100 * dirty)).size]
    yield check.different_fares, (trips,), [cents, np.int64(cents)], [*wrong, 20_000, cents + 1_000, cents - 1]
