"""What the workers of a local cluster do when their memory is full, and who is told.

`cluster.connect` starts them by `MEMORY_POLICY` and keeps `tend` running beside them.
"""

from __future__ import annotations

import math
import time

from distributed import Client

from helpers import memory

# Said here because a configuration that forbids spilling, as on some clusters, lets a small worker pause for ever.
MEMORY_POLICY = {
    "distributed.worker.memory.target": 0.6,  # from here on the least recently used results go to the disk
    "distributed.worker.memory.spill": 0.7,
    "distributed.worker.memory.pause": 0.85,
    "distributed.worker.memory.terminate": 0.95,
    "distributed.worker.memory.max-spill": False,
    "distributed.worker.memory.monitor-interval": "100ms",
}
PAUSED_SECONDS = 10  # so long a worker may wait for memory before somebody is told


def tend(client: Client) -> None:
    """Free what a full worker's allocators keep; say it once when one waits for long. Ends with the client."""
    since: dict[str, float] = {}  # when each paused worker was first seen so
    while client.status == "running":
        try:
            workers = client.scheduler_info(n_workers=-1)["workers"]
            paused = [address for address, worker in workers.items() if worker["status"] == "paused"]
            full = [address for address, worker in workers.items() if _is_full(worker)]
            if full:
                client.run(memory.trim, workers=full, on_error="ignore")
        except Exception:  # the cluster is closing
            return
        since = {address: since.get(address, time.monotonic()) for address in paused}
        for address in paused:
            if time.monotonic() - since[address] >= PAUSED_SECONDS:
                since[address] = math.inf  # told
                print(
                    f"A worker has been paused for {PAUSED_SECONDS} s: its memory is full. Interrupt the cell, delete "
                    "what you persisted or choose smaller partitions, then call client.restart() and run it again."
                )
        time.sleep(1)


def _is_full(worker: dict) -> bool:
    spills_at = MEMORY_POLICY["distributed.worker.memory.spill"] * (worker["memory_limit"] or math.inf)
    return worker["status"] == "paused" or worker["metrics"].get("memory", 0) > spills_at
