"""Train one model by local SGD on the cluster of DASK_SCHEDULER_ADDRESS, and say who did the work.

    DASK_SCHEDULER_ADDRESS=tcp://HOST:8786 .venv/bin/python deploy/train.py

The scripts that try a cluster run it. Its data is that of the scale: two million trips unless WORKSHOP_SCALE says more.
"""

import os
import socket
import time
from collections import Counter

from sklearn.linear_model import SGDRegressor
from sklearn.metrics import root_mean_squared_error
from sklearn.preprocessing import StandardScaler

from helpers import cluster, datasets, fused, local_sgd, taxi

TEST_ROWS, SHARDS, ROUNDS = 10_000, 8, 4


def train() -> None:
    client = cluster.connect()
    trips = datasets.taxi_trips()
    X, y = taxi.to_xy(next(trips.stream(shard=(0, SHARDS), batch_rows=TEST_ROWS)))
    scaler = StandardScaler().fit(X)

    def step(model, batch):
        return fused.partial_fit(model, batch, scaler=scaler)

    how = {"shards": SHARDS, "rounds": ROUNDS, "start": TEST_ROWS}  # the first rows of every shard are left out
    started = time.perf_counter()
    begun = SGDRegressor(penalty=None, shuffle=False)
    model, progress = local_sgd.fit(client, begun, step=step, paths=trips.files, **how)
    seconds = time.perf_counter() - started
    nodes = Counter(client.run(lambda: os.environ.get("SLURMD_NODENAME", socket.gethostname())).values())
    error = root_mean_squared_error(y, model.predict(scaler.transform(X)))
    print(f"{trips}; scheduler {client.scheduler.address.split(':')[0]}")
    print("workers: " + ", ".join(f"{count} on {node}" for node, count in sorted(nodes.items())))
    print(f"learned from {sum(progress.rows):,} usable trips in {seconds:.1f} s: RMSE ${error:.2f}")
    cluster.close()


if __name__ == "__main__":
    train()
