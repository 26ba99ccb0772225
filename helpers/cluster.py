"""Start or join a Dask cluster, sized so that a notebook stays within its memory budget.

Used by every notebook that runs Dask. Locally two worker processes share what the budget leaves
beside the kernel; where ``DASK_SCHEDULER_ADDRESS`` (Dask's own variable) names a cluster, that one is used.
"""

from __future__ import annotations

import atexit
import logging
import os
import sys
import threading
import traceback
import warnings
from contextlib import ExitStack
from pathlib import Path

import dask
from dask.system import CPU_COUNT
from distributed import Client, Worker
from distributed.diagnostics.plugin import WorkerPlugin

from helpers import paused_workers
from helpers.cluster_check import same_everywhere
from helpers.environment.config import MEMORY_BUDGET

HOST = "127.0.0.1"  # a laptop at a conference should not offer its cluster to the room
KERNEL_MEMORY = 400_000_000  # bytes that the kernel and the scheduler need with their libraries and plots
MAX_WORKERS = 2  # more would have too little memory each
MAX_THREADS = 4  # of all workers; more would hold too many partitions at a time

_client: Client | None = None
_settings = ExitStack()  # of Dask's configuration, while a local cluster lives


def connect() -> Client:
    """Connect to the cluster of ``DASK_SCHEDULER_ADDRESS``, or to a new one on this machine.

    A second call closes the first one's client, so a cell can be run again. Closing the client closes a local
    cluster, too; everything closes when the kernel stops, whether or not a cell has failed.

    Raises ConnectionError where no scheduler answers at that address; RuntimeError if its workers lack the kit or see
    other files, or in a script without a main guard, which each worker would run again.
    """
    global _client
    close()
    _set_dashboard_link()
    _hide_what_nobody_needs_to_know()
    _client = _join(os.environ["DASK_SCHEDULER_ADDRESS"]) if os.environ.get("DASK_SCHEDULER_ADDRESS") else _start()
    threading.Thread(target=paused_workers.tend, args=(_client,), name="paused-workers", daemon=True).start()
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


def worker_memory(client: Client) -> int:
    """Bytes that the workers of a client may use, all of them together; ValueError if none of them has a limit."""
    limits = client.run(lambda dask_worker: dask_worker.memory_manager.memory_limit).values()
    total = sum(limit or 0 for limit in limits)
    if not total:
        raise ValueError(f"none of the {len(limits)} workers has a memory limit: start them with memory_limit=...")
    return total


def workers_and_threads(cpus: int = CPU_COUNT) -> tuple[int, int]:
    """Worker processes and threads in each that suit a machine of `cpus` processors."""
    workers = max(1, min(cpus, MAX_WORKERS))
    return workers, max(1, min(cpus, MAX_THREADS) // workers)


def _start() -> Client:
    _check_main_guard()
    workers, threads = workers_and_threads()
    # Where 8787 is taken, Dask takes another port, which the client's link knows.
    warnings.filterwarnings("ignore", r"Port \d+ is already in use")
    # XGBoost wants the address with each model instead, which a page for any cluster cannot know.
    warnings.filterwarnings("ignore", "Use `coll_cfg` instead", FutureWarning)
    # A busy machine takes its time to start a worker anew.
    settings = {"xgboost.scheduler_address": HOST, "distributed.deploy.lost-worker-timeout": "60s"}
    _settings.enter_context(dask.config.set(settings))
    with dask.config.set(paused_workers.MEMORY_POLICY):
        client = LocalClient(
            n_workers=workers,
            threads_per_worker=threads,
            memory_limit=(MEMORY_BUDGET - KERNEL_MEMORY) // workers,
            host=HOST,
            dashboard_address=f"{HOST}:8787",
        )
    client.register_plugin(_StderrToFile())
    return client


def _hide_what_nobody_needs_to_know() -> None:
    # On a busy machine a worker takes its time to end; it is then killed.
    logging.getLogger("distributed.nanny").addFilter(lambda record: "still alive" not in record.getMessage())
    # Somebody closed a page of the dashboard while it was loading, which raises in bokeh.
    logging.getLogger("bokeh.server.protocol_handler").setLevel(logging.CRITICAL)
    logging.getLogger("tornado.application").addFilter(_not_raised_in_bokeh)
    # Results of more than a hundred partitions are shuffled, which Dask reports as a warning.
    logging.getLogger("distributed.shuffle").setLevel(logging.ERROR)


def _not_raised_in_bokeh(record: logging.LogRecord) -> bool:
    frames = [frame for frame, _ in traceback.walk_tb(record.exc_info[2])] if record.exc_info else []
    return not frames or not frames[-1].f_globals.get("__name__", "").startswith("bokeh.server")


class LocalClient(Client):
    """While it is open, XGBoost's tracker listens on this machine alone; another cluster's workers must reach it."""

    def close(self, *args, **kwargs):
        _settings.close()
        return super().close(*args, **kwargs)


def _check_main_guard() -> None:
    """Workers are processes of their own, which import the script that starts them: it must not start more."""
    main = sys.modules["__main__"]
    script = getattr(main, "__file__", None) or ""
    if main.__spec__ is not None or not script.endswith((".py", ".ipy")) or not Path(script).is_file():
        return  # `python -m`, whose modules are imported by name; a notebook's kernel, or `python -c`
    if "__name__" not in Path(script).read_text(encoding="utf-8", errors="replace"):
        raise RuntimeError(
            f'{script} starts processes that import it again: put its code under `if __name__ == "__main__":`'
        )


class _StderrToFile(WorkerPlugin):
    """Native libraries chat on a worker's stderr, which a notebook shows in red; errors arrive as exceptions anyway.

    A plugin, so that a worker that was started anew is set up like the first one.
    """

    name = "stderr-to-file"

    def setup(self, worker: Worker) -> None:
        log = os.open(os.path.join(worker.local_directory, "stderr.log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(log, 2)
        os.close(log)


def _join(address: str) -> Client:
    try:
        client = Client(address, timeout="5s")
    except (OSError, TimeoutError) as error:
        raise ConnectionError(
            f"No Dask scheduler answers at DASK_SCHEDULER_ADDRESS={address}: start one with `dask scheduler`, "
            "or unset the variable to work on this machine"
        ) from error
    except TypeError as error:
        raise ConnectionError(
            f"{address} wants certificates: set DASK_DISTRIBUTED__COMM__TLS__CA_FILE and others"
        ) from error
    with ExitStack() as failed:
        failed.callback(client.close)
        same_everywhere(client)
        failed.pop_all()
    return client


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
