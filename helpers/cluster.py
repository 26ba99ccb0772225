"""Start or join a Dask cluster, sized so that a notebook stays within its memory budget.

Used by every notebook that runs Dask. Locally two worker processes share what the budget leaves
beside the kernel; where ``DASK_SCHEDULER_ADDRESS`` (Dask's own variable) names a cluster, that one is used.
"""

from __future__ import annotations

import atexit
import logging
import os
import socket
import sys

import dask
from dask.system import CPU_COUNT
from distributed import Client

from helpers.environment.config import MEMORY_BUDGET

KERNEL_MEMORY = 400_000_000  # bytes that the kernel and the scheduler need with their libraries and plots
MAX_WORKERS, MAX_THREADS = (
    2,
    4,
)  # more workers would have too little memory each, more threads too many partitions in it

_client: Client | None = None


def connect() -> Client:
    """Connect to the cluster of ``DASK_SCHEDULER_ADDRESS``, or to a new one on this machine.

    A second call closes the first one's client, so a cell can be run again. Everything closes when
    the kernel stops, whether or not a cell has failed.

    Returns
    -------
    distributed.Client
        Displays itself with a link to its dashboard. Closing it also closes a local cluster.

    Raises
    ------
    ConnectionError
        If no scheduler answers at ``DASK_SCHEDULER_ADDRESS``.
    """
    global _client
    close()
    _set_dashboard_link()
    address = os.environ.get("DASK_SCHEDULER_ADDRESS")
    _client = _join(address) if address else _start()
    if "google.colab" in sys.modules:
        _show_dashboard_on_colab(_client)
    return _client


def close() -> None:
    """Close what `connect` opened, if anything."""
    global _client
    if _client is not None:
        client, _client = _client, None
        client.close()


atexit.register(close)


def workers_and_threads(cpus: int = CPU_COUNT) -> tuple[int, int]:
    """Worker processes and threads in each that suit a machine of `cpus` processors."""
    workers = max(1, min(cpus, MAX_WORKERS))
    return workers, max(1, min(cpus, MAX_THREADS) // workers)


def _start() -> Client:
    workers, threads = workers_and_threads()
    client = Client(
        n_workers=workers,
        threads_per_worker=threads,
        memory_limit=(MEMORY_BUDGET - KERNEL_MEMORY) // workers,
        host="127.0.0.1",  # a laptop at a conference should not offer its cluster to the room
        dashboard_address=f"127.0.0.1:{_free_port(8787)}",
    )
    client.run(_stderr_to_file)
    # On a busy machine a worker takes its time to end; it is then killed, which nobody needs to know.
    logging.getLogger("distributed.nanny").addFilter(lambda record: "still alive" not in record.getMessage())
    # Nor that somebody closed a page of the dashboard while it was loading, which bokeh reports with a traceback.
    logging.getLogger("bokeh.server.protocol_handler").setLevel(logging.CRITICAL)
    return client


def _stderr_to_file(dask_worker) -> None:
    """Native libraries chat on a worker's stderr, which a notebook shows in red; errors arrive as exceptions anyway."""
    log = os.open(os.path.join(dask_worker.local_directory, "stderr.log"), os.O_WRONLY | os.O_CREAT)
    os.dup2(log, 2)


def _join(address: str) -> Client:
    try:
        return Client(address, timeout="5s")
    except (OSError, TimeoutError) as error:
        raise ConnectionError(
            f"No Dask scheduler answers at DASK_SCHEDULER_ADDRESS={address}: start one with `dask scheduler`, "
            "or unset the variable to work on this machine"
        ) from error


def _free_port(wanted: int) -> int:
    """`wanted`, or 0 (any free port) if something listens there already."""
    with socket.socket() as probe:
        return 0 if probe.connect_ex(("127.0.0.1", wanted)) == 0 else wanted


def _set_dashboard_link() -> None:
    """Behind JupyterHub (Binder is one) the browser reaches the dashboard through the server's proxy."""
    prefix = os.environ.get("JUPYTERHUB_SERVICE_PREFIX")
    if prefix and "DASK_DISTRIBUTED__DASHBOARD__LINK" not in os.environ:  # Dask's own variable goes first
        dask.config.set({"distributed.dashboard.link": f"{prefix}proxy/{{port}}/status"})


def _show_dashboard_on_colab(client: Client) -> None:
    """Colab's browser reaches no port of the machine; it shows the dashboard inside the page."""
    from google.colab import output

    port = client.scheduler_info()["services"]["dashboard"]
    output.serve_kernel_port_as_iframe(port, path="/status", height="600")
