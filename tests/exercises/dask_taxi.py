from helpers import check, taxi
from tests.exercises import USABLE


def cases():
    usable = USABLE.compute()
    table = taxi.features(usable)
    sums = table.groupby(usable.pickup_datetime.dt.hour)[["fare_amount", "distance"]].sum()
    rate = sums.fare_amount / sums.distance
    yield check.expensive_hour, (USABLE,), [rate.idxmax()], [rate.idxmin(), sums.fare_amount.idxmax(), 24]

    df = USABLE.assign(fare_amount=USABLE.fare_amount.where(USABLE.fare_amount > 4, 0))
    percent = 100 * (df.fare_amount.compute() == 0).mean()
    wrong = [100 - percent, percent / 100, percent / 100 * len(df), 50]
    yield check.impossible_fares, (df,), [percent, round(percent, 2)], wrong
