import numpy as np

from helpers import check, taxi
from tests.exercises import USABLE


def cases():
    usable = USABLE.compute()
    table = taxi.features(usable)
    distance, fare = table.distance, table.fare_amount.astype("f8")
    a = table.astype("f8")
    a.insert(0, "constant", 1.0)
    slope, constant = np.polyfit(distance, fare, 1)
    line = np.sqrt(np.mean((constant + slope * distance - fare) ** 2))
    yield check.distance_only, (a.T @ a,), [line], [line**2, line * np.sqrt(len(a)), fare.std(ddof=0), 7]

    sums = table.groupby(usable.pickup_datetime.dt.hour)[["fare_amount", "distance"]].sum()
    rate = sums.fare_amount / sums.distance
    yield check.expensive_hour, (USABLE,), [rate.idxmax()], [rate.idxmin(), sums.fare_amount.idxmax(), 24]
