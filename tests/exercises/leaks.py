import numpy as np
import pandas as pd

from helpers import check


def cases():
    yield check.in_training, (), [in_training, in_training_by_tuples], in_training_gone_wrong()
    rng = np.random.default_rng(0)
    routes, fares = rng.integers(0, 9, 90), 5 + rng.random(90)
    yield check.past_mean, (routes, fares), [past_mean, past_mean_of_series, slow_past_mean], past_means_gone_wrong()


def in_training(train_rows, test_rows):
    merged = test_rows.merge(train_rows.drop_duplicates(), how="left", indicator=True)
    return merged["_merge"].eq("both")


def in_training_by_tuples(train_rows, test_rows):
    known = set(train_rows.itertuples(index=False, name=None))
    return [row in known for row in test_rows.itertuples(index=False, name=None)]


def in_training_gone_wrong():
    return [
        lambda train, test: in_training(train, test).sum(),
        lambda train, test: test.merge(train, how="left", indicator=True)["_merge"].eq("both"),
        lambda train, test: test.merge(train.drop_duplicates(), how="left", indicator=True)["_merge"].astype(str),
        lambda train, test: ~in_training(train, test),
        lambda train, test: pd.concat([train, test]).duplicated()[len(train) :],
        lambda train, test: test["fare"].isin(train["fare"]),
        lambda train, test: test["km"].isin(train["km"]) & test["fare"].isin(train["fare"]),
        lambda train, test: [True] * len(test),
        lambda train: [],
    ]


def past_mean(routes, fares):
    group = pd.Series(fares).groupby(routes)
    return (group.cumsum() - fares) / group.cumcount().clip(lower=1)


def past_mean_of_series(routes, fares):
    return fares.groupby(routes).transform(lambda route: route.shift().expanding().mean()).fillna(0)


def slow_past_mean(routes, fares):
    earlier, out = {}, []
    for route, fare in zip(routes, fares, strict=True):
        seen = earlier.setdefault(route, [])
        out.append(np.mean(seen) if seen else 0)
        seen.append(fare)
    return out


def past_means_gone_wrong():
    def of(function):
        return lambda routes, fares: function(pd.Series(fares), pd.Series(fares).groupby(routes))

    return [
        of(lambda fares, group: group.transform("mean")),
        of(lambda fares, group: group.cumsum() / (group.cumcount() + 1)),
        of(lambda fares, group: group.cumsum() - fares),
        of(lambda fares, group: fares.shift(fill_value=0).cumsum() / np.maximum(np.arange(len(fares)), 1)),
        of(lambda fares, group: (group.cumsum() - fares) / group.cumcount()),
        of(lambda fares, group: fares),
        of(lambda fares, group: fares[:3]),
        lambda routes, fares: "fares",
        lambda routes: 0,
    ]
