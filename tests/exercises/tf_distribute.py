import numpy as np

from helpers import check

STEPS = ["interleave", "decode", "cache", "shuffle", "batch", "flip", "prefetch"]
IMAGES = np.random.default_rng(0).integers(0, 256, (4, 28, 28, 1), "u1")
LABELS = np.arange(4)


def cases():
    yield check.order_of_steps, (), [STEPS, tuple(STEPS)], orders_gone_wrong()
    right = [lambda images, labels: (images.astype("f4") / 127.5 - 1, labels)]
    yield check.to_plus_minus_one, (IMAGES, LABELS), right, scales_gone_wrong()
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


def scales_gone_wrong():
    def scale(change, keep=lambda labels: labels):
        return lambda images, labels: (change(images.astype("f4")), keep(labels))

    return [
        lambda images, labels: images.astype("f4") / 127.5 - 1,
        lambda images, labels: (images // 127 - 1, labels),
        lambda images, labels: None,
        lambda images: images,
        scale(lambda x: x[..., 0] / 127.5 - 1),
        scale(lambda x: x / 255),
        scale(lambda x: x / 127.5),
        scale(lambda x: x / 255 - 0.5),
        scale(lambda x: x - 1),
        scale(lambda x: 1 - x / 127.5),
        scale(lambda x: x / 100 - 1),
        scale(lambda x: x.astype("f8") / 127.5 - 1),
        scale(lambda x: x / 127.5 - 1, keep=lambda labels: labels + 1),
    ]
