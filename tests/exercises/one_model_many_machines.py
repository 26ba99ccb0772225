import numpy as np

from helpers import check


def cases():
    yield (
        check.averaged_weight,
        (),
        [1.75, np.float64(1.75), [1.75]],
        [7 / 3, 1.5, 700, 700 / 3, 1.7, 4.0],
    )
    sending = 2 * 64 * 100 / 1_250
    yield (
        check.seconds_between_averages,
        (),
        [10 * sending, 103],
        [sending, sending / 2, 5 * sending, sending / 10, sending / 64, sending / 6.4, 12_800, 30, 500],
    )
