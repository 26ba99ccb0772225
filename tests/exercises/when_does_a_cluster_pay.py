import numpy as np
import pandas as pd
import pyarrow as pa

from helpers import check


def cases():
    sending = 2 * 64 * 100 / 1_250
    yield (
        check.seconds_between_averages,
        (),
        [10 * sending, 103],
        [sending, sending / 2, 5 * sending, sending / 10, sending / 64, sending / 6.4, 12_800, 30, 500],
    )
    rng = np.random.default_rng(0)
    time, fares = rng.permutation(1_000), rng.gamma(2, 6, 1_000)
    trips = pa.table({"pickup_datetime": time, "fare_amount": fares + time / 100})

    def means(order):
        return [part.mean() for part in np.array_split(trips["fare_amount"].to_numpy()[order], 4)]

    right = means(np.argsort(time))
    wrong = [
        means(np.argsort(trips["fare_amount"])),
        means(slice(None)),
        means(np.argsort(-time)),
        right[:3],
        [1.0] * 4,
        9.0,
    ]
    yield check.mean_fares, (trips,), [right, np.array(right), pd.Series(right)], wrong
