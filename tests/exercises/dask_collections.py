import pandas as pd

from helpers import check
from tests.exercises import USABLE


def cases():
    yield check.rows_per_chunk, (), [5_000, 5_000.0], [40_000, 5_000_000, 5_242, 7]
    counts = USABLE.passenger_count.value_counts().compute()
    two, right = counts[2], pd.Series([counts[2]])
    yield check.two_passengers, (USABLE,), [two, right], [counts[counts.index >= 2].sum(), 2 * two, counts.sum(), 7]
