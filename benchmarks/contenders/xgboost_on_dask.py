"""XGBoost on Dask: every worker holds its share of the rows, and they add up their histograms."""

import dask.dataframe as dd
from distributed import Client
from xgboost import dask as dxgb
from xgboost.collective import Config

from benchmarks.contenders.xgboost_in_memory import PARAMETERS, ROUNDS
from helpers import taxi


def prepare():
    Client(n_workers=2, threads_per_worker=1, memory_limit="2GB", host="127.0.0.1", dashboard_address="127.0.0.1:0")


def train(files):
    client = Client.current()
    table = taxi.features(taxi.clean(dd.read_parquet(files, split_row_groups=4)))
    matrix = dxgb.DaskQuantileDMatrix(client, table[taxi.FEATURES], table[taxi.TARGET], max_bin=PARAMETERS["max_bin"])
    here = Config(tracker_host_ip="127.0.0.1")  # else it listens at this machine's address in its network
    booster = dxgb.train(client, PARAMETERS, matrix, ROUNDS, coll_cfg=here)["booster"]
    return booster.inplace_predict
