from helpers import check


def cases():
    yield check.seconds_with_workers, (), [107, 8 * 2_000 / 500 + 75], [75, 79, 632, 32, 700]

    memory, row = 8 * 4e9, 3 * 4 * 41
    right = 0.25 * memory / row
    yield check.rows_on_a_cluster, (), [right, int(right), 16.26e6], [4 * right, 3 * right, right / 8, right / 1e6, 7]
