import numpy as np

from helpers import check, synthetic, taxi

BATCH = synthetic.taxi_trips(0, 2_000).combine_chunks().to_batches()[0]


def cases():
    yield from spreads()
    short, long = 900, 100
    wrong = [9, 2.25, 2.5, 1 / 3, 5]
    yield check.rare_weight, ((short, long),), [3, np.float64(3)], wrong
    yield check.median_step, (BATCH,), [step()], steps_gone_wrong()


def spreads():
    a, b = np.arange(10.0), 50 + 3 * np.arange(4.0)
    reports = [(len(x), x.mean(), x.std()) for x in (a, b)]
    both = np.concatenate([a, b])
    inside = np.sqrt((a.var() * len(a) + b.var() * len(b)) / len(both))
    total = both.var() * len(both)
    wrong = [(a.std() + b.std()) / 2, inside, both.var(), total, np.sqrt(total), 1]
    yield check.spread_of_both, (reports,), [both.std()], wrong


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
