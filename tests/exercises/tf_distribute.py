from helpers import check

STEPS = ["interleave", "decode", "cache", "shuffle", "batch", "flip", "prefetch"]


def cases():
    yield check.order_of_steps, (), [STEPS, tuple(STEPS)], orders_gone_wrong()
    right = [lambda losses, batch: losses.sum() / batch, lambda losses, batch: losses / batch]
    wrong = [
        lambda losses, batch: losses.mean(),
        lambda losses, batch: losses.mean() / 2,
        lambda losses, batch: losses.sum(),
        lambda losses, batch: losses.mean() / batch,
        lambda losses, batch: losses.max(),
        lambda losses, batch: None,
        lambda losses: losses,
        4.0,
    ]
    yield check.replica_loss, (), right, wrong


def swapped(one, other):
    """The steps with `one` moved to just behind `other`."""
    steps = [step for step in STEPS if step != one]
    steps.insert(steps.index(other) + 1, one)
    return steps


def orders_gone_wrong():
    return [
        swapped("interleave", "decode"),
        swapped("decode", "cache"),
        swapped("flip", "decode"),
        swapped("cache", "shuffle"),
        swapped("shuffle", "batch"),
        swapped("flip", "shuffle"),
        swapped("prefetch", "batch"),
        STEPS[:-1],
        [*STEPS, "batch"],
        7,
    ]
