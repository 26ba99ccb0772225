import numpy as np

from helpers import check


def cases():
    yield check.shuffle_together, (), [shuffle_together, shuffle_by_sample], shuffles_gone_wrong()
    yield check.at_hour, (), [at_hour, lambda X, hour: X.assign(**circle(hour))], hours_gone_wrong()


def shuffle_together(X, columns, rng):
    shuffled = X.copy()
    shuffled[columns] = X[columns].to_numpy()[rng.permutation(len(X))]
    return shuffled


def shuffle_by_sample(X, columns, rng):
    shuffled = X.copy()
    shuffled[columns] = X[columns].sample(frac=1, random_state=rng).to_numpy()
    return shuffled


def shuffles_gone_wrong():
    def in_place(X, columns, rng):
        X[columns] = X[columns].to_numpy()[rng.permutation(len(X))]
        return X

    def one_by_one(X, columns, rng):
        return X.assign(**{name: rng.permutation(X[name]) for name in columns})

    return [
        in_place,
        one_by_one,
        lambda X, columns, rng: X.assign(**{name: X[name].sample(frac=1, random_state=rng) for name in columns}),
        lambda X, columns, rng: X.assign(**{columns[0]: rng.permutation(X[columns[0]])}),
        lambda X, columns, rng: shuffle_together(X, list(X), rng),
        lambda X, columns, rng: X.assign(**{name: 0.0 for name in columns}),
        lambda X, columns, rng: shuffle_together(X, columns, np.random.default_rng(7)),
        lambda X, columns, rng: shuffle_together(X, columns, rng)[columns],
        lambda X, columns, rng: shuffle_together(X, columns, rng).reset_index(drop=True),
        lambda X, columns, rng: shuffle_together(X, columns, rng).to_numpy(),
        lambda X: X,
    ]


def circle(hour):
    angle = 2 * np.pi * hour / 24
    return {"hour_sin": np.sin(angle), "hour_cos": np.cos(angle)}


def at_hour(X, hour):
    changed = X.copy()
    changed["hour_sin"], changed["hour_cos"] = circle(hour).values()
    return changed


def hours_gone_wrong():
    def in_place(X, hour):
        X["hour_sin"] = 0.5
        return X

    return [
        in_place,
        lambda X, hour: X.assign(hour_sin=circle(hour)["hour_cos"], hour_cos=circle(hour)["hour_sin"]),
        lambda X, hour: X.assign(hour_sin=np.sin(hour), hour_cos=np.cos(hour)),
        lambda X, hour: X.assign(hour_sin=hour, hour_cos=hour),
        lambda X, hour: X.assign(hour_sin=circle(hour)["hour_sin"]),
        lambda X, hour: X,
        lambda X, hour: X.assign(hour_sin="seven"),
        lambda X, hour: X.assign(distance=0.0, **circle(hour)),
        lambda X, hour: X.assign(hour=hour),
        lambda X, hour: at_hour(X, hour).head(3),
        lambda X, hour: hour,
        lambda X: X,
    ]
