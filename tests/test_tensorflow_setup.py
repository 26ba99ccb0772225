"""TensorFlow starts without a word, and Keras that computes with something else is refused."""

from __future__ import annotations

import subprocess
import sys
import types

import pytest

from helpers.environment import tensorflow_setup

CODE = """
import sys
sys.ps1 = ">>> "  # as in a notebook, where TensorFlow says more
from helpers.environment import tensorflow_setup
tensorflow_setup.quiet()
import tensorflow as tf
tf.get_logger().info("Using two devices")
print(tf.reduce_sum(tf.ones(3)).numpy())
import os
os.write(2, b"still there")
"""


def test_tensorflow_starts_without_a_word_and_leaves_standard_error_as_it_was():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stdout, done.stderr) == (0, "3.0\n", "still there")


def test_keras_that_was_imported_with_another_backend_is_refused_in_a_sentence(monkeypatch):
    other = types.SimpleNamespace(config=types.SimpleNamespace(backend=lambda: "jax"))
    monkeypatch.setitem(sys.modules, "keras", other)
    with pytest.raises(RuntimeError, match=r"imported with the backend 'jax'.*restart the kernel"):
        tensorflow_setup.quiet()
