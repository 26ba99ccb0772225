"""Whatever a user's own files and variables say, a notebook runs as it should."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import nbformat
import pytest

from data_scripts import course
from tools.execute import execute

FILES = {
    # As computing centres advise, whose disks are shared.
    "dask/distributed.yaml": "distributed: {worker: {memory: {target: false, spill: false}}}",
    "matplotlib/matplotlibrc": "backend: svg\nfont.size: 40\nsavefig.transparent: True\n",
    "ipython/profile_default/ipython_config.py": "c.InteractiveShellApp.exec_lines = ['x = y = batch = 1']\n",
    "keras/keras.json": '{"backend": "jax", "floatx": "float64", "image_data_format": "channels_first"}',
}


@pytest.fixture
def hostile(tmp_path) -> dict[str, str]:
    """Variables of a user whose files are of the kinds that have tripped people up."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return os.environ | {
        "DASK_CONFIG": str(tmp_path / "dask"),
        "MPLCONFIGDIR": str(tmp_path / "matplotlib"),
        "IPYTHONDIR": str(tmp_path / "ipython"),
        "KERAS_HOME": str(tmp_path / "keras"),
        "KERAS_BACKEND": "jax",
        "PYTHONOPTIMIZE": "1",
        "OMP_NUM_THREADS": "1",
        "WORKSHOP_SCALE": "tiny",
    }


def test_a_notebook_runs_to_its_end_under_a_hostile_configuration(hostile, tmp_path):
    copy = tmp_path / "copy.ipynb"
    shutil.copy(course.path("dask_arrays_and_dataframes"), copy)
    execute(copy, copy, cwd=str(course.FOLDER), env=hostile)  # raises at the first cell that fails
    outputs = [output for cell in nbformat.read(copy, as_version=4).cells for output in cell.get("outputs", [])]
    assert not [output.text for output in outputs if output.get("name") == "stderr"]


NETWORK = """
from helpers.environment import tensorflow_setup
tensorflow_setup.quiet()
import keras
from helpers import fashion
print(keras.config.backend(), fashion.cnn().dtype, keras.config.image_data_format())
"""


def test_a_network_is_made_by_tensorflow_in_single_precision_whatever_the_users_keras_says(hostile):
    done = subprocess.run([sys.executable, "-c", NETWORK], env=hostile, capture_output=True, text=True, timeout=300)
    assert done.stdout == "tensorflow float32 channels_last\n", done.stderr
