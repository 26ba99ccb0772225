import numpy as np

from helpers import check, synthetic, taxi

BATCH = synthetic.taxi_trips(0, 2_000).combine_chunks().to_batches()[0]


def cases():
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
