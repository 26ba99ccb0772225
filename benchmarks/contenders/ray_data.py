"""Ray Data: tasks read files and compute features, whose batches are fetched ahead while the model learns.

Source: https://docs.ray.io/en/latest/data/performance-tips.html (map_batches, columns),
    https://docs.ray.io/en/latest/data/iterating-over-data.html
Mixes rows: if asked, by local_shuffle_buffer_size, half a million at a time.
Cores: all: a worker process for each reads and computes features; the model learns in one more.
Would its maintainers sign it? The pipeline yes. With several cores for training they would take Ray Train, a worker
    with its own shard each; and one machine without a graphics processor is not what they built it for.
"""

import logging

import ray
from dask.system import CPU_COUNT

from benchmarks.contenders import MIXED_ROWS, learn
from helpers import taxi


def prepare():
    ray.init(
        num_cpus=CPU_COUNT,
        object_store_memory=1_000_000_000,
        include_dashboard=False,
        logging_level=logging.ERROR,
        log_to_driver=False,
        _node_ip_address="127.0.0.1",
    )
    ray.data.DataContext.get_current().enable_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)


def arrays(trips):
    x, y = taxi.to_xy(trips)
    return {"x": x, "y": y}


def train(files, shuffle=False):
    trips = ray.data.read_parquet([str(file) for file in files], columns=taxi.SCHEMA.names)
    tables = trips.map_batches(arrays, batch_format="pyarrow", batch_size=65_536)
    mixing = {"local_shuffle_buffer_size": MIXED_ROWS, "local_shuffle_seed": 0} if shuffle else {}
    batches = tables.iter_batches(batch_size=65_536, prefetch_batches=2, **mixing)
    return learn((batch["x"], batch["y"]) for batch in batches)
