import numpy as np

from helpers import check
from tests.exercises import TRIPS


def cases():
    yield check.bytes_per_trip, (TRIPS,), [25, 25.0, np.float32(25)], [1 / 25, 200, 7]
    yield check.trips_in_a_petabyte, (TRIPS,), [4e13], [4e10, 2.5e16, 7]
