from types import SimpleNamespace

from helpers import check


def cases():
    yield check.rows_that_fit, (10**9,), [10**9 // 68, 10**9 / 68], [10**9 / 136, 10**9 / 4, 10**9 // 17, 7]
    odd = SimpleNamespace(rows=1_001, bytes=25_000)
    yield check.batches_of_a_pass, (odd, 100), [11], [100 / 1_001, 10.01, 1_001, 7]
    yield check.rows_of_a_batch, (10**9, 2 * 10**8, 100.0), [8e6], [1e7, 8e8, 8e10, 7]
