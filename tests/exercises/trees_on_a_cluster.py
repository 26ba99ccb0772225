import pandas as pd

from helpers import check


def cases():
    yield check.seconds_with_workers, (), [107, 8 * 2_000 / 500 + 75], [75, 79, 632, 32, 700]

    hourly = pd.DataFrame({"forest": [4.0, 3.0, 5.0, 3.5], "XGBoost on disk": [3.0, 2.9, 4.5, 3.0]})
    yield check.forest_hour, (hourly,), [0, 0.0], [1, 2, 3, 24]
