"""Two TensorFlow workers on this machine: started, their losses read and drawn, their weights compared.

Used by the notebooks about many workers and about other strategies. What they train with stands there.
TensorFlow is imported by the function that needs it, as it takes seconds and 500 MB.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd

from helpers import plots, workers
from helpers.processes import Outcome


def run_two(
    program: Callable, *arguments: object, kill: tuple[int, str] | None = None, **options: object
) -> list[Outcome]:
    """Run a program in two processes that find each other by ``TF_CONFIG``, and wait for both.

    Parameters
    ----------
    program : callable
        Both call it, with the same arguments. GPUs are hidden from them, as two processes should not share one.
    kill : (int, str), optional
        Kill this worker when it has printed a line that begins like this; see ``workers.run``.

    Returns
    -------
    list of Outcome
    """
    addresses = [f"127.0.0.1:{port}" for port in workers.free_ports(2)]
    environments = []
    for index in range(2):
        config = {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": index}}
        environments.append({"TF_CONFIG": json.dumps(config), "CUDA_VISIBLE_DEVICES": ""})
    return workers.run(_call, [(program, arguments, options)] * 2, environments, kill=kill)


def _call(program: Callable, arguments: tuple, options: dict) -> object:
    return program(*arguments, **options)


def fingerprint(model: Any) -> str:
    """16 characters computed from all bits of the weights of a Keras model; if one differs, they are others."""
    digest = hashlib.sha256()
    for array in model.get_weights():
        digest.update(array.tobytes())
    return digest.hexdigest()[:16]


def losses(worker: Outcome) -> pd.Series:
    """Losses by step, from the lines "step 1 loss 2.3" that a worker printed."""
    words = [line.split() for line in worker.printed]
    return pd.Series({int(step): float(loss) for _, step, _, loss in words})


def compare(names: Sequence[str], ended: Sequence[Outcome], *, steps: Sequence[int] = (31, 32, 60, 90)) -> pd.DataFrame:
    """Fingerprint, number of weights, and losses of some steps: a row per worker, which returned the first two.

    Raises
    ------
    RuntimeError
        If one failed.
    """
    ends = pd.DataFrame(workers.values(ended), index=names, columns=["fingerprint", "weights"])
    for step in steps:
        ends[f"loss {step}"] = [losses(worker)[step] for worker in ended]
    return ends


def copy_of(folder: str) -> str:
    """Copy a folder to a new one beside it, and return the path of the copy."""
    copy = tempfile.mkdtemp(dir=Path(folder).parent)
    shutil.copytree(folder, copy, dirs_exist_ok=True)
    return copy


def plot_resumed(undisturbed: Outcome, killed: Outcome, resumed: Outcome, *, saved: int) -> None:
    """Draw the losses of a training, of one that was killed, and of one that resumed from the step that was saved."""
    lines = [losses(worker) for worker in (undisturbed, killed, resumed)]
    last = lines[1].index.max()
    figure, ax = plt.subplots(figsize=(8, 3.6), layout="constrained")
    ax.plot(lines[0], linewidth=7, alpha=0.3, label="undisturbed")
    ax.plot(lines[1], label="until the kill")
    ax.plot(lines[2], linestyle="--", label="resumed")
    for step, text in {saved: "saved", last: "killed"}.items():
        ax.axvline(step, color=plots.GREY, linestyle=":")
        ax.annotate(f" {text}", (step, 0.02), xycoords=("data", "axes fraction"), color=plots.GREY)
    ax.set(xlabel="step", ylabel="loss of the step's images", ylim=(0, None))
    ax.legend()
    plots.show(
        figure,
        caption=f"Killed at step {last}, resumed from the checkpoint at {saved}.",
        alt=f"Three lines, loss over step, at the end {lines[0].iloc[-1]:.3f} and {lines[2].iloc[-1]:.3f}.",
    )


def two_devices() -> list[str]:
    """Make two logical devices of this process's processor, before TensorFlow computes anything; their names."""
    import tensorflow as tf

    half = tf.config.LogicalDeviceConfiguration()
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [half, half])
    return ["CPU:0", "CPU:1"]


def parameter_server(ports: list[int]) -> Any:
    """Start a parameter server and a worker in this process, and tell how to find them.

    Returns
    -------
    tf.distribute.cluster_resolver.SimpleClusterResolver
    """
    import tensorflow as tf

    jobs = {"worker": [f"127.0.0.1:{ports[0]}"], "ps": [f"127.0.0.1:{ports[1]}"]}
    spec = tf.train.ClusterSpec(jobs)
    for job in jobs:
        tf.distribute.Server(spec, job_name=job, task_index=0, protocol="grpc")
    return tf.distribute.cluster_resolver.SimpleClusterResolver(spec, rpc_layer="grpc")
