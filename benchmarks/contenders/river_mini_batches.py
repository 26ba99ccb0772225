"""River: a pipeline that learns mini-batches, each a data frame.

Source: https://riverml.xyz/latest/recipes/mini-batching/
Mixes rows: if asked, by the kit's stream.
Cores: one, while another reads.
Would its maintainers sign it? The mini-batches yes, that page is theirs. They would say that River is for rows that
    come one by one.
"""

from river import linear_model, optim, preprocessing

from helpers import stream, taxi


def train(files, shuffle=False):
    scaler = preprocessing.StandardScaler()
    line = linear_model.LinearRegression(optim.Adam(0.1), intercept_lr=0.1)
    model = scaler | line
    for batch in stream.batches(files, batch_rows=65_536, shuffle=shuffle):
        table = taxi.features(taxi.clean(batch)).to_pandas()
        for start in range(0, len(table), 512):
            part = table[start : start + 512]
            model.learn_many(part[taxi.FEATURES], part[taxi.TARGET])
    mean = [scaler.means[name] for name in taxi.FEATURES]
    scale = [scaler.vars[name] ** 0.5 for name in taxi.FEATURES]
    weights = [line.weights[name] for name in taxi.FEATURES]
    return lambda x: (x - mean) / scale @ weights + line.intercept
