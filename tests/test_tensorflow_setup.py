"""TensorFlow starts without a word."""

from __future__ import annotations

import subprocess
import sys

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
