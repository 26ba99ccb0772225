from helpers import check


def cases():
    names = ["Mirrored", "MultiWorkerMirrored", "ParameterServer", "model parallel", "OneDevice"]
    right = dict(zip("abcde", names, strict=True))
    wrong = [{**right, letter: "TPU"} for letter in "ac"]
    wrong += [{**right, x: right[y], y: right[x]} for x, y in ("ab", "bc", "cd", "de")]
    wrong += [{**right, "e": "Mirrored"}, {"a": "Mirrored"}, names, {}]
    yield check.strategy_for_each, (), [right], wrong
    yield (
        check.rows_of_rank,
        (),
        [[1, 4, 7], (1, 4, 7), [7, 1, 4], range(1, 10, 3)],
        [
            [0, 3, 6, 9],
            [2, 5, 8],
            [1, 3, 5, 7, 9],
            [1, 4, 7, 10],
            [1, 1, 4, 7],
            [],
            ["1", "4", "7"],
            3,
        ],
    )
