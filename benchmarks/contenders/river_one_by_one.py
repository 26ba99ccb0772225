"""River: one trip at a time, each a dictionary of features."""

from river import linear_model, optim, preprocessing

from helpers import stream, taxi


def train(files):
    scaler = preprocessing.StandardScaler()
    rate = optim.SGD(optim.schedulers.InverseScaling(0.01, 0.25))
    line = linear_model.LinearRegression(rate, intercept_lr=optim.schedulers.InverseScaling(0.01, 0.25))
    model = scaler | line
    for batch in stream.batches(files, batch_rows=20_000):
        for row in taxi.features(taxi.clean(batch)).to_pylist():
            fare = row.pop(taxi.TARGET)
            model.learn_one(row, fare)
    mean = [scaler.means[name] for name in taxi.FEATURES]
    scale = [scaler.vars[name] ** 0.5 for name in taxi.FEATURES]
    weights = [line.weights[name] for name in taxi.FEATURES]
    return lambda x: (x - mean) / scale @ weights + line.intercept
