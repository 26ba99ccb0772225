"""XGBoost reading batches as often as it needs them; their compressed form waits on disk between rounds.

Source: https://xgboost.readthedocs.io/en/stable/tutorials/external_memory.html
Mixes rows: no; trees do not depend on the order.
Cores: all.
Would its maintainers sign it? Yes; large batches, quantiles once. They would add that memory is faster where it
    suffices.
"""

import tempfile
from pathlib import Path

import xgboost as xgb

from benchmarks.contenders.xgboost_in_memory import PARAMETERS, ROUNDS
from helpers import stream, taxi


class Batches(xgb.DataIter):
    def __init__(self, files, folder):
        super().__init__(cache_prefix=str(Path(folder, "cache")))
        self.files = files

    def reset(self):
        self.batches = stream.prefetch(map(taxi.to_xy, stream.batches(self.files, batch_rows=500_000)))

    def next(self, input_data):
        x, y = next(self.batches, (None, None))
        if x is not None:
            input_data(data=x, label=y)
        return x is not None


def train(files):
    with tempfile.TemporaryDirectory() as folder:
        matrix = xgb.ExtMemQuantileDMatrix(Batches(files, folder), max_bin=PARAMETERS["max_bin"])
        booster = xgb.train(PARAMETERS, matrix, ROUNDS)
        del matrix  # its files are in the folder
    return booster.inplace_predict
