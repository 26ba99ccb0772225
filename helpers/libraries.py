"""Libraries that the course does not install: whether they are there, and the clothes and their network for them.

Used by the notebook about other strategies. The libraries are imported by the functions that need them.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np

from helpers import fashion


def is_there(module: str) -> bool:
    """Whether a module can be imported; if not, print how to install its package, which has the same name."""
    if find_spec(module):
        return True
    print(f"Not installed: `pip install {module}` to run this cell.")
    return False


def torch_cnn(weights: Sequence[np.ndarray]) -> Any:
    """`fashion.cnn` in PyTorch, for images of shape ``(n, 28, 28, 1)``, with the weights of a Keras model.

    Keras keeps the colours of a pixel last, PyTorch first; so the weights are the same numbers in another order.

    Returns
    -------
    torch.nn.Sequential
    """
    import torch
    from torch import nn

    side = (fashion.SIDE - 2) // 2  # after the convolution and the pooling
    net = nn.Sequential(
        nn.Flatten(),
        nn.Unflatten(1, (1, fashion.SIDE, fashion.SIDE)),  # the one colour first
        nn.Conv2d(1, 32, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(32 * side * side, 64),
        nn.ReLU(),
        nn.Linear(64, len(fashion.CLASSES)),
    )
    filters, bias, first, first_bias, second, second_bias = weights
    first = first.reshape(side, side, 32, 64).transpose(2, 0, 1, 3).reshape(-1, 64)
    arrays = filters.transpose(3, 2, 0, 1), bias, first.T, first_bias, second.T, second_bias
    with torch.no_grad():
        for parameter, array in zip(net.parameters(), arrays, strict=True):
            parameter.copy_(torch.tensor(np.ascontiguousarray(array)))
    return net


def start(paths: Sequence[str], rows: int) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """What several trainings can begin with: the first images and labels of some files, and weights of `fashion.cnn`.

    Returns
    -------
    images : array of float32, shape (rows, 28, 28, 1)
        Scaled to 0..1.
    labels : array of int64, shape (rows,)
    weights : list of arrays
        Random ones, the same each time.
    """
    import keras
    import tensorflow as tf

    images, labels = fashion.parse(next(iter(tf.data.TFRecordDataset(paths).batch(rows))))
    keras.utils.set_random_seed(0)
    return images.numpy() / np.float32(255), labels.numpy(), fashion.cnn().get_weights()
