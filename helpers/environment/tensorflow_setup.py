"""TensorFlow without start-up messages, as Keras' backend, with an allocator for logical devices; and TensorBoard.

Used by every notebook that imports TensorFlow. It is not imported with this module, as that takes seconds and 500 MB.
"""

from __future__ import annotations

import logging
import os
import sys
from contextlib import suppress
from pathlib import Path

import psutil


def quiet() -> None:
    """Import TensorFlow silently, so that the ``import tensorflow as tf`` that follows says nothing.

    Its libraries write to the process's standard error, below Python, about processors and about graphics cards that
    are not there. What they say while they load goes nowhere, and later only what is fatal is shown: whatever else
    fails raises an exception. Call it before anything imports TensorFlow, as a level set later has no effect.

    Keras is imported, too, and told to compute with TensorFlow, whatever ``KERAS_BACKEND`` or the user's ``keras.json``
    say.

    Raises
    ------
    ImportError
        If TensorFlow is not installed.
    RuntimeError
        If Keras was imported before, with another backend.
    """
    imported = sys.modules.get("keras")
    if imported is not None and imported.config.backend() != "tensorflow":
        raise RuntimeError(
            f"Keras was imported with the backend {imported.config.backend()!r}; this page needs TensorFlow: restart "
            "the kernel and run the page from the top"
        )
    os.environ["KERAS_BACKEND"] = "tensorflow"  # goes before what keras.json says
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"  # of information, warning, error and fatal
    logging.getLogger("absl").setLevel(logging.ERROR)
    # Memory that was freed is kept for the next step: two logical devices on one CPU give it back each time otherwise,
    # and spend as long on getting it anew as on computing.
    os.environ.setdefault("TF_CPU_ALLOCATOR_USE_BFC", "true")
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        import keras  # noqa: F401
        import tensorflow  # noqa: F401
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
    keras_defaults()
    logging.getLogger("tensorflow").setLevel(logging.ERROR)  # in a notebook, importing it sets another level


def keras_defaults() -> None:
    """Let layers be float32 and images have their colours last, whatever a user's ``keras.json`` says."""
    import keras

    keras.config.set_floatx("float32")
    keras.config.set_image_data_format("channels_last")


def find_tensorboard() -> None:
    """Put the folder of this Python first on ``PATH``, so that ``%tensorboard`` starts the one installed beside it."""
    folder, path = str(Path(sys.executable).parent), os.environ.get("PATH", "")
    if path.split(os.pathsep)[0] != folder:
        os.environ["PATH"] = f"{folder}{os.pathsep}{path}"


def end_tensorboard(logs: str | Path) -> None:
    """End every TensorBoard that ``%tensorboard`` has started for the folder `logs`; others go on."""
    from tensorboard import manager

    for running in manager.get_all():
        if running.logdir == str(logs):
            with suppress(psutil.NoSuchProcess):  # it has ended already
                psutil.Process(running.pid).terminate()
