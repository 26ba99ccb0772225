"""Whatever a user's own files and variables say, a notebook runs as it should."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from ipaddress import ip_address

import nbformat
import pytest

from data_scripts import course
from tests.loopback import listening
from tools import environments
from tools.execute import execute


@pytest.fixture
def hostile(tmp_path) -> dict[str, str]:
    """Variables of a user whose files are of the kinds that have tripped people up."""
    return os.environ | environments.configured(tmp_path) | {"WORKSHOP_SCALE": "tiny"}


def test_a_notebook_runs_to_its_end_under_a_hostile_configuration_and_opens_no_port(hostile, tmp_path):
    copy, seen, done = tmp_path / "copy.ipynb", set(), threading.Event()
    shutil.copy(course.path("dask_arrays_and_dataframes"), copy)

    def look():
        while not done.wait(0.2):
            seen.update(listening())

    watch = threading.Thread(target=look)
    watch.start()
    try:
        execute(copy, copy, cwd=str(course.FOLDER), env=hostile)  # raises at the first cell that fails
    finally:
        done.set()
        watch.join()
    assert seen and all(ip_address(address).is_loopback for address in seen), seen
    outputs = [output for cell in nbformat.read(copy, as_version=4).cells for output in cell.get("outputs", [])]
    assert not [output.text for output in outputs if output.get("name") == "stderr"]


NETWORK = """
from helpers import fashion, workers
from helpers.environment import tensorflow_setup

def made():
    import keras
    return fashion.cnn().dtype, keras.config.backend(), keras.config.image_data_format()

print(*workers.values(workers.run(made, [()]))[0])
tensorflow_setup.quiet()
print(*made())
"""


def test_a_network_here_and_in_a_worker_is_tensorflows_in_single_precision_whatever_the_users_keras_says(hostile):
    done = subprocess.run([sys.executable, "-c", NETWORK], env=hostile, capture_output=True, text=True, timeout=300)
    assert done.stdout == 2 * "float32 tensorflow channels_last\n", done.stderr
