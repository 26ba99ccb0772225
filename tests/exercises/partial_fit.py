import numpy as np

from helpers import check, synthetic, taxi

BATCH = synthetic.taxi_trips(0, 2_000).combine_chunks().to_batches()[0]


ERRORS = [9, 5, 4, 3.995, 3.994, 3.993, 3.98, 3.979, 3.978, 3.977, 3.976, 3.975, 3.974, 3.973, 3.972]


def cases():
    # better by a cent at 1, 2, 3 and 7; three in a row without that after 6
    yield check.stopped_after, (ERRORS, 3), [6, np.int64(6)], [5, 3, len(ERRORS) + 0.0, 2.5]
    yield check.median_step, (BATCH,), [step()], steps_gone_wrong()


def step(move=lambda apart: np.sign(apart).sum(), loss=lambda apart: abs(apart).sum(), rate=0.001, late=False):
    """A step that may go wrong in one way."""

    def run(model, batch):
        fares = taxi.to_xy(batch)[1].astype("f8")
        apart = fares - model["guess"]
        model["guess"] += rate * move(apart)
        return len(fares), loss(fares - model["guess"] if late else apart)

    return run


def steps_gone_wrong():
    return [
        step(rate=0),
        step(rate=-0.001),
        step(rate=1),
        step(rate=0.5),
        step(move=np.sum),
        step(late=True),
        step(loss=lambda apart: abs(apart).mean()),
        step(loss=lambda apart: (apart**2).sum()),
        step(loss=lambda apart: 0),
        lambda model, batch: len(batch),
        lambda model, batch: (len(batch), 0),
    ]
