from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from helpers import check, stream, synthetic, taxi

FOLDER = TemporaryDirectory()
TABLE = pd.DataFrame(
    {
        "contender": ["line A", "line B", "trees A", "trees B", "trees C"],
        "model": ["linear", "linear", "trees", "trees", "trees"],
        "peak_MB": [300.0, 9_000, 900, 1_900, 3_000],
    }
)


def cases():
    right = [["trees A", "trees B"], ("trees B", "trees A"), pd.Series(["trees A", "trees B"]), {"trees A", "trees B"}]
    wrong = [["line A", "trees A", "trees B"], ["trees A", "trees B", "trees C"], [], ["trees A"], ["A"], 3]
    yield check.trees_within, (TABLE, 2), right, wrong
    path = Path(FOLDER.name, "trips.parquet")
    pq.write_table(synthetic.taxi_trips(0, 20_000), path, row_group_size=5_000)
    wrong = [
        least_squares(constant=False),
        least_squares(batches=1),
        lambda files: np.zeros,
        lambda files: lambda x: np.full(len(x), 11.3),
        lambda files: lambda x: x[:, 0],
        lambda files: [1, 2],
        lambda files: lambda x: x,
        lambda: 1,
        lambda files: lambda: 1,
    ]
    yield check.least_squares, ([path],), [least_squares(), least_squares(rows=999)], wrong


def least_squares(constant=True, batches=None, rows=125_000):
    """A contender that may go wrong in one way."""

    def train(files):
        ata = aty = 0
        for number, batch in enumerate(stream.batches(files, batch_rows=rows)):
            if number == batches:
                break
            x, y = taxi.to_xy(batch)
            a = np.column_stack([x, np.full(len(x), constant)]).astype("f8")
            ata, aty = ata + a.T @ a, aty + a.T @ y
        weights = np.linalg.lstsq(ata, aty, rcond=None)[0]
        return lambda x: x @ weights[:-1] + weights[-1]

    return train
