import json

from helpers import check

ALL = ["ann:2222", "bob:2222", "cat:2222"]


def config(addresses, index, kind="worker"):
    return json.dumps({"cluster": {"worker": addresses}, "task": {"type": kind, "index": index}})


def cases():
    right = [config(ALL, index) for index in range(3)]
    yield (
        check.three_configs,
        (),
        [right, tuple(right)],
        [
            [config(ALL[:2], 0), config(ALL[:2], 1), right[2]],
            [config(ALL, index) for index in (1, 2, 3)],
            [right[0]] * 3,
            [config(ALL[::-1], index) for index in range(3)],
            [config(ALL[:1], index) for index in range(3)],
            [json.loads(text) for text in right],
            right[:1],
            right[::-1],
            [config(ALL, index, "ps") for index in range(3)],
            ["worker 0", *right[1:]],
            ["3", *right[1:]],
            3,
        ],
    )
    yield (
        check.even_shares,
        (),
        [[[9, 3], [7, 5], [6, 4, 2]], ([5, 7], (4, 6, 2), [3, 9])],
        [
            [[9, 3], [7, 4, 2], [6, 5]],
            [[9, 5, 2], [7, 4], [6, 3]],
            [[9, 6, 3, 2], [7, 5], [4]],
            [[9, 7, 6], [5, 4, 3]],
            [[9, 3], [7, 5], [6, 4]],
            [[9, 3], [7, 5], [6, 4, 2, 9]],
            [9, 7, 6],
            12,
        ],
    )
