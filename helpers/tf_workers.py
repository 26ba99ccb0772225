"""Two TensorFlow workers on this machine: started, their losses and weights compared.

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

import pandas as pd

from helpers import workers
from helpers.processes import Outcome


def run_two(
    program: Callable, *arguments: object, kill: tuple[int, str] | None = None, **options: object
) -> list[Outcome]:
    """Run a program, with the same arguments, in two processes that find each other by ``TF_CONFIG``; wait for both.

    GPUs are hidden from them, as two processes should not share one. For `kill` see ``workers.run``.
    """
    addresses = [f"127.0.0.1:{port}" for port in workers.free_ports(2)]
    environments = []
    for index in range(2):
        config = {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": index}}
        environments.append({"TF_CONFIG": json.dumps(config), "CUDA_VISIBLE_DEVICES": ""})
    return workers.run(_call, [(program, arguments, options)] * 2, environments=environments, kill=kill)


def _call(program: Callable, arguments: tuple, options: dict) -> object:
    return program(*arguments, **options)


def fingerprint(model: Any) -> str:
    """16 characters computed from all bits of the weights of a Keras model; if one differs, they are others."""
    digest = hashlib.sha256()
    for array in model.get_weights():
        digest.update(array.tobytes())
    return digest.hexdigest()[:16]


def losses(worker: Outcome) -> pd.Series:
    """Losses by step, from the lines "step 1 loss 2.3" that a worker printed; whatever else it printed is left out."""
    lines = [line.split() for line in worker.printed if line.startswith("step ")]
    return pd.Series({int(step): float(loss) for _, step, _, loss in lines}, dtype="float64")


def compare(names: Sequence[str], ended: Sequence[Outcome], *, steps: Sequence[int] = (31, 32, 60, 90)) -> pd.DataFrame:
    """Fingerprint, which it returned, and losses of some steps: a row per worker.

    Raises
    ------
    RuntimeError
        If one failed.
    ValueError
        If there are more or fewer names than workers, or one has not printed the loss of a step.
    """
    if len(names) != len(ended):
        raise ValueError(f"names are {list(names)}, for {len(ended)} workers: give one for each")
    ends = pd.DataFrame({"fingerprint": workers.values(ended)}, index=names)
    for step in steps:
        found = [losses(worker).get(step) for worker in ended]
        if None in found:
            raise ValueError(f"steps name {step}, whose loss worker {found.index(None)} has not printed")
        ends[f"loss {step}"] = found
    return ends


def copy_of(folder: str) -> str:
    """Copy a folder to a new one beside it, and return the path of the copy; NotADirectoryError if it is none."""
    if not Path(folder).is_dir():
        raise NotADirectoryError(f"folder is {folder!r}, where there is none: there is nothing to copy")
    copy = tempfile.mkdtemp(dir=Path(folder).parent)
    shutil.copytree(folder, copy, dirs_exist_ok=True)
    return copy


def two_devices() -> list[str]:
    """Make two logical devices of this process's processor, before TensorFlow computes anything; their names."""
    import tensorflow as tf

    half = tf.config.LogicalDeviceConfiguration()
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [half, half])
    return ["CPU:0", "CPU:1"]
