"""The clothes and their network for other libraries, which are imported by the functions that need them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from helpers import fashion


def torch_cnn(weights: Sequence[np.ndarray]) -> Any:
    """`fashion.cnn` as a ``torch.nn.Sequential``, for images of shape ``(n, 1, 28, 28)``, with a Keras model's weights.

    Keras keeps the colours of a pixel last, PyTorch first; so the weights are the same numbers in another order.
    """
    import torch
    from torch import nn

    side = (fashion.SIDE - 2) // 2  # after the convolution and the pooling
    net = nn.Sequential(
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

    Images are uint8, ``(rows, 28, 28, 1)``, labels int64, ``(rows,)``; the weights are random, the same each time.
    """
    import keras
    import tensorflow as tf

    images, labels = fashion.parse(next(iter(tf.data.TFRecordDataset(paths).batch(rows))))
    keras.utils.set_random_seed(0)
    return images.numpy(), labels.numpy(), fashion.cnn().get_weights()


def store_tfds(images: np.ndarray, labels: np.ndarray, folder: str) -> None:
    """Store images, uint8 ``(n, 28, 28, 1)``, and their labels in a folder, as the TFDS dataset "garments"."""
    import tensorflow as tf
    import tensorflow_datasets as tfds

    features = {
        "image": tfds.features.Image(shape=(fashion.SIDE, fashion.SIDE, 1)),
        "label": tfds.features.ClassLabel(names=fashion.CLASSES),
    }
    tfds.dataset_builders.store_as_tfds_dataset(
        "garments",
        version="1.0.0",
        features=tfds.features.FeaturesDict(features),
        split_datasets={"train": tf.data.Dataset.from_tensor_slices({"image": images, "label": labels})},
        data_dir=folder,
    )
