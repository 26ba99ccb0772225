import numpy as np

from helpers import check


def cases():
    yield (
        check.averaged_weight,
        (),
        [1.75, np.float64(1.75), [1.75]],
        [7 / 3, 1.5, 700, 700 / 3, 1.7, 4.0],
    )
