"""XGBoost on Dask: every worker holds its share of the rows, and they add up their histograms.

Source: https://xgboost.readthedocs.io/en/stable/tutorials/dask.html
Mixes rows: no; trees do not depend on the order.
Cores: all: a worker process for each.
Would its maintainers sign it? Yes; on one machine they would tell us to leave Dask out.
"""

import dask.dataframe as dd
from distributed import Client
from xgboost import dask as dxgb
from xgboost.collective import Config

from benchmarks.contenders import start_dask
from benchmarks.contenders.xgboost_in_memory import PARAMETERS, ROUNDS
from helpers import taxi


def prepare():
    start_dask(memory=2_000_000_000)


def train(files):
    client = Client.current()
    table = taxi.features(taxi.clean(dd.read_parquet(files, split_row_groups=4))).persist()
    matrix = dxgb.DaskQuantileDMatrix(client, table[taxi.FEATURES], table[taxi.TARGET], max_bin=PARAMETERS["max_bin"])
    here = Config(tracker_host_ip="127.0.0.1")  # else it listens at this machine's address in its network
    booster = dxgb.train(client, PARAMETERS, matrix, ROUNDS, coll_cfg=here)["booster"]
    return booster.inplace_predict
