"""What a decade does to a model: ``python -m benchmarks.decade`` trains on real trips of one time, tests on the other.

Takes the months of 2009 and 2010, which have coordinates, and one of 2024, which has zones; from ``WORKSHOP_MIRROR`` if
that is set. Trees learn the first four fifths of a time and are tested on its last fifth, and on the other time.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

import pandas as pd
from sklearn.metrics import root_mean_squared_error
from xgboost import XGBRegressor

from data_scripts import taxi as script
from helpers import datasets, taxi

TIMES = {"2009 and 2010": ["2009-01..2010-12"], "January 2024": ["2024-01"]}
TREES = {"n_estimators": 100, "max_depth": 6, "learning_rate": 0.1, "n_jobs": 1, "random_state": 0}


def trips(months: list[str]) -> pd.DataFrame:
    """Features and fares of the usable trips of these months, in the order of time."""
    with tempfile.TemporaryDirectory(prefix="decade-") as folder:
        os.environ["WORKSHOP_DATA"] = folder
        if script.main(["--months", *months]):
            raise SystemExit(1)
        frame = taxi.clean(datasets.taxi_trips("tlc").pandas()).sort_values("pickup_datetime")
    return taxi.features(frame)


def errors(by_time: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """RMSE in US$ of a model of each time, and of the mean fare, on the last fifth of each time.

    Returns
    -------
    pandas.DataFrame
        Columns ``trained_on, tested_on, rows, mean_fare, rmse, rmse_of_mean``: rows learned, and the mean fare tested.
    """
    found = []
    for trained_on, learned in by_time.items():
        train = learned.iloc[: len(learned) * 4 // 5]
        model = XGBRegressor(**TREES).fit(train[taxi.FEATURES], train[taxi.TARGET])
        for tested_on, others in by_time.items():
            test = others.iloc[len(others) * 4 // 5 :]
            y = test[taxi.TARGET]
            error = root_mean_squared_error(y, model.predict(test[taxi.FEATURES]))
            error_of_mean = root_mean_squared_error(y, [train[taxi.TARGET].mean()] * len(y))
            found.append([trained_on, tested_on, len(train), y.mean(), error, error_of_mean])
    return pd.DataFrame(found, columns=["trained_on", "tested_on", "rows", "mean_fare", "rmse", "rmse_of_mean"])


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=Path, default=Path("notebooks/decade.csv"))
    to = parser.parse_args(argv).to
    table = errors({time: trips(months) for time, months in TIMES.items()}).round(2)
    table.to_csv(to, index=False)
    print(table.to_string(index=False))


if __name__ == "__main__":
    main()
