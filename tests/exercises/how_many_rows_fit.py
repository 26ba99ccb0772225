import pandas as pd

from helpers import check, taxi
from helpers.check.how_many_rows_fit import _errors
from tests.exercises import USABLE


def cases():
    memory = 8 * 4e9 / 5
    right = memory / (70 + 6 * 40)
    wrong = [5 * right, memory / 76, memory / 240, right / 8, right / 1e6, 7, "many"]
    yield check.rows_on_a_cluster, (), [right, int(right), 20.6e6], wrong

    table = taxi.features(USABLE.head(10_000, npartitions=2))
    train, test = table[: len(table) // 2], table[len(table) // 2 :]
    right, shallow = (_errors(train, test, max_depth) for max_depth in (10, 6))
    wrong = [right[::-1], right**2, shallow, right[:2], right[0], "5", right + 1]
    yield check.deeper, (train, test), [right, list(right), pd.Series(right)], wrong
