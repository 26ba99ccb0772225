"""Exercises: many workers."""

from __future__ import annotations

import json
from collections import Counter
from numbers import Real

from helpers.check.answer import Wrong, exercise, refuse_other_kinds

ADDRESSES = ["ann:2222", "bob:2222", "cat:2222"]
SIZES = [9, 7, 6, 5, 4, 3, 2]  # million rows


@exercise
def three_configs(answer: object) -> None:
    """Exercise 1: TF_CONFIG for each of three workers, as JSON."""
    refuse_other_kinds(answer, (list, tuple), "a list of three texts")
    if len(answer) != 3:
        raise Wrong(f"Three workers, three texts; the list has {len(answer)}.")
    indices = []
    for worker, text in enumerate(answer):
        config = _parsed(text)
        addresses = config.get("cluster", {}).get("worker")
        if addresses == ADDRESSES[:2]:
            raise Wrong(f"Number {worker} knows only two: those who were there before must learn of the third, too.")
        if isinstance(addresses, list) and sorted(map(str, addresses)) == ADDRESSES and addresses != ADDRESSES:
            raise Wrong(
                f"Number {worker} has the addresses in another order: an index must mean the same to everybody."
            )
        if addresses != ADDRESSES:
            raise Wrong(f'Number {worker}: under "cluster", "worker" wants the addresses of ann, bob and cat.')
        if config.get("task", {}).get("type") != "worker":
            raise Wrong(f'Number {worker}: the "task" has the "type" "worker".')
        indices.append(config["task"].get("index"))
    if indices == [1, 2, 3]:
        raise Wrong("The first place in a list is 0.")
    if len(set(map(str, indices))) < 3:
        raise Wrong("Two of them think they are the same worker: each has an index of its own.")
    if indices != [0, 1, 2]:
        raise Wrong(f"The indices are {indices}: whole numbers, ann's first, are wanted.")


def _parsed(text: object) -> dict:
    if isinstance(text, dict):
        raise Wrong("An environment variable is a text: json.dumps makes one of a dict.")
    try:
        config = json.loads(text)
    except (TypeError, ValueError) as error:
        raise Wrong(f"No JSON: {str(error).splitlines()[0]}.") from error
    if not isinstance(config, dict) or not all(isinstance(part, dict) for part in config.values()):
        raise Wrong('The JSON wants two parts, "cluster" and "task", each in braces.')
    return config


@exercise
def even_shares(answer: object) -> None:
    """Exercise 2: deal files of unequal sizes to three workers so that the largest share is smallest."""
    refuse_other_kinds(answer, (list, tuple), "a list of three lists of sizes")
    if len(answer) != 3:
        raise Wrong(f"Three workers, three lists; there are {len(answer)}.")
    for share in answer:
        refuse_other_kinds(share, (list, tuple), "for each worker a list of sizes, such as [9, 2]")
        for size in share:
            refuse_other_kinds(size, Real, "a size, a number, for each file")
    dealt = [size for share in answer for size in share]
    if Counter(dealt) - Counter(SIZES):
        extra = [*(Counter(dealt) - Counter(SIZES))]
        raise Wrong(f"Read twice, or no file at all: {', '.join(map(str, extra))}.")
    if missing := Counter(SIZES) - Counter(dealt):
        raise Wrong(f"Nobody reads {', '.join(map(str, missing))}.")
    largest = max(map(sum, answer))
    if largest == 13:
        raise Wrong("Nearly: the largest share is 13. All have 36 together, so what would be perfect?")
    if largest > 12:
        raise Wrong(f"The largest share is {largest} million, and all wait for it: move a file to a smaller share.")
