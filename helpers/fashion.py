"""Pictures of clothes in ten classes: what is on disk, how its records are read, and the small network that sorts them.

Used by the notebooks about tf.data and tf.distribute. ``python -m data_scripts.fashion_mnist`` puts the files there:
Fashion-MNIST's (Xiao, Rasul and Vollgraf 2017, arXiv:1708.07747), or drawings of the same kind from
``helpers.synthetic``. TensorFlow is imported by the functions that need it, as it takes seconds and 500 MB.
"""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from helpers.environment import config

CLASSES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
SIDE = 28  # pixels
TRIPS_PER_IMAGE = 100  # the kit's one knob for size counts trips: 20,000 images where there are 2 million trips
TEST_SHARE = 5  # one test image per so many training images
FIRST_TEST = 100_000_000  # row of the drawings' endless table where the test images begin
SHARDS = {"train": 10, "test": 2}  # files, which several readers or workers share


@dataclass(frozen=True)
class Images:
    """Sharded TFRecord files of training and test images.

    Attributes
    ----------
    source : str
        What they are, for captions: "Fashion-MNIST" or "synthetic, seed 0".
    train, test : tuple of Path
        Each record is a ``tf.train.Example`` with ``image`` (784 bytes, row by row) and ``label`` (an integer); see
        `parse`.
    """

    source: str
    train: tuple[Path, ...]
    test: tuple[Path, ...]

    @property
    def train_rows(self) -> int:
        """Number of training images."""
        return sum(map(rows_of, self.train))

    @property
    def test_rows(self) -> int:
        """Number of test images."""
        return sum(map(rows_of, self.test))

    def __str__(self) -> str:
        size = sum(path.stat().st_size for path in (*self.train, *self.test)) / 1e6
        return (
            f"{self.train_rows:,} images to train on and {self.test_rows:,} to test with ({self.source}) "
            f"in {len(self.train)} + {len(self.test)} files, {size:,.1f} MB"
        )


def images() -> Images:
    """The images to work with: real ones if they are on disk, else the drawn ones of this scale.

    Raises
    ------
    FileNotFoundError
        If there are none, or some files are missing.
    """
    folder = real_folder()
    if folder.is_dir():
        return Images("Fashion-MNIST", *(tuple(sorted(folder.glob(f"{part}-*.tfrecord"))) for part in SHARDS))
    paths = synthetic_files()
    missing = [path for part in paths.values() for path in part if not path.exists()]
    if missing:
        raise FileNotFoundError(
            f"{len(missing)} files of drawn images (WORKSHOP_SCALE={config.scale()}) are not in {missing[0].parent}: "
            "run `python -m data_scripts.fashion_mnist --synthetic`"
        )
    return Images("synthetic, seed 0", *(tuple(paths[part]) for part in SHARDS))


def real_folder() -> Path:
    """Where the files of real images are kept; it is there only when all of them are."""
    return config.data_dir() / "fashion-mnist" / "real"


def synthetic_files() -> dict[str, list[Path]]:
    """Where the drawn images of this scale are kept: paths of "train" and "test"."""
    train = config.rows() // TRIPS_PER_IMAGE
    folder = config.data_dir() / "fashion-mnist" / "synthetic-seed0"
    return {
        "train": shard_paths(folder, "train", 0, train),
        "test": shard_paths(folder, "test", FIRST_TEST, FIRST_TEST + train // TEST_SHARE),
    }


def shard_paths(folder: Path, part: str, start: int, stop: int) -> list[Path]:
    """Names of the files that hold rows `start` to `stop` of a part; each name tells its own range.

    Raises
    ------
    ValueError
        If the part is none of ``SHARDS``, or the rows run backwards.
    """
    if part not in SHARDS:
        raise ValueError(f"part is {part!r}: choose one of {', '.join(SHARDS)}")
    if not 0 <= start <= stop:
        raise ValueError(f"start is {start} and stop {stop}: give 0 <= start <= stop")
    edges = [start + (stop - start) * number // SHARDS[part] for number in range(SHARDS[part] + 1)]
    return [folder / f"{part}-{low:09}-{high:09}.tfrecord" for low, high in pairwise(edges)]


def range_of(path: Path) -> tuple[int, int]:
    """First row, and the row after the last, of a file: its name says them.

    Raises
    ------
    ValueError
        If its name says none.
    """
    name = re.fullmatch(r"[a-z]+-(\d+)-(\d+)\.tfrecord", path.name)
    if name is None:
        raise ValueError(f"{path} is no file of images, such as train-000000000-000002000.tfrecord: move it elsewhere")
    return int(name[1]), int(name[2])


def rows_of(path: Path) -> int:
    """Images in a file."""
    start, stop = range_of(path)
    return stop - start


def parse(records: Any) -> tuple[Any, Any]:
    """Turn a batch of serialized examples into tensors; for ``Dataset.map`` after ``batch``.

    Parameters
    ----------
    records : tf.Tensor of string, shape (n,)

    Returns
    -------
    images : tf.Tensor of uint8, shape (n, 28, 28, 1)
        0 is black.
    labels : tf.Tensor of int64, shape (n,)
        Places in ``CLASSES``.
    """
    import tensorflow as tf

    columns = {"image": tf.io.FixedLenFeature([], tf.string), "label": tf.io.FixedLenFeature([], tf.int64)}
    batch = tf.io.parse_example(records, columns)
    pixels = tf.io.decode_raw(batch["image"], tf.uint8, fixed_length=SIDE * SIDE)
    return tf.reshape(pixels, [-1, SIDE, SIDE, 1]), batch["label"]


def records(files: Iterable[str | Path], *, at_most: int) -> Any:
    """The first serialized records of some files, in the files' order, as a Dataset that knows how many they are.

    It is ``tf.data.TFRecordDataset(files).take(at_most)``, with the number that the files' names tell: a TFRecord file
    does not say it, and ``fit`` of Keras wants to know it.

    Returns
    -------
    tf.data.Dataset of string
        Of `at_most` records, or of all where there are fewer.
    """
    import tensorflow as tf

    paths = [Path(file) for file in files]
    count = min(sum(map(rows_of, paths)), at_most)
    first = tf.data.TFRecordDataset([str(path) for path in paths]).take(count)
    return first.apply(tf.data.experimental.assert_cardinality(count))


def by_class(pixels: Any, labels: Any, *, each: int = 10) -> dict[str, np.ndarray]:
    """The first few pictures of each class in a batch, by the name of the class.

    Parameters
    ----------
    pixels : array or tf.Tensor, shape (n, 28, 28, 1)
    labels : array or tf.Tensor of integers, shape (n,)
    each : int
        At most so many of a class.
    """
    pixels, labels = np.asarray(pixels), np.asarray(labels)
    return {name: pixels[labels == number][:each] for number, name in enumerate(CLASSES)}


def cnn() -> Any:
    """A small convolutional network for images scaled to 0..1: logits of the ten classes, not compiled.

    Returns
    -------
    keras.Model
        347,146 weights, on whichever backend Keras uses.
    """
    import keras

    return keras.Sequential(
        [
            keras.Input((SIDE, SIDE, 1)),
            keras.layers.Conv2D(32, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(len(CLASSES)),
        ]
    )


def microseconds(batches: Iterable, passes: int = 3) -> float:
    """Time per image that it takes to go through pairs of images and labels, in the fastest of several passes.

    Raises
    ------
    ValueError
        If there are no images.
    """
    return min(_pass(batches) for _ in range(passes))


def _pass(batches: Iterable) -> float:
    start = time.perf_counter()
    images = sum(len(labels) for _, labels in batches)
    if not images:
        raise ValueError("batches holds no images: there is nothing to time")
    return (time.perf_counter() - start) / images * 1e6


def training_microseconds(model: Any, batches: Any, passes: int = 3) -> float:
    """Time per image, in microseconds, of the fastest of several passes of ``model.fit`` over a ``tf.data.Dataset``.

    A pass before them is not counted, as Keras compiles the step in it, and a cache is filled.
    """
    model.fit(batches, shuffle=False, verbose=0)
    images = sum(len(labels) for _, labels in batches)
    seconds = []
    for _ in range(passes):
        start = time.perf_counter()
        model.fit(batches, shuffle=False, verbose=0)
        seconds.append(time.perf_counter() - start)
    return min(seconds) / images * 1e6


def gradient_seconds(rows: int, repeats: int = 20) -> float:
    """Seconds that this process needs for the gradient of `cnn` over so many images: the median of some repeats.

    The images are empty, as what they show takes no time. Nothing is read, sent or updated.

    Raises
    ------
    ValueError
        If there are no rows, or no repeats.
    """
    if rows < 1 or repeats < 1:
        raise ValueError(f"rows is {rows} and repeats {repeats}: both must be at least 1")
    import tensorflow as tf

    model = cnn()
    images, labels = tf.zeros((rows, SIDE, SIDE, 1)), tf.zeros(rows, dtype="int64")

    @tf.function
    def gradient() -> Any:
        with tf.GradientTape() as tape:
            logits = model(images, training=True)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
            loss = tf.reduce_mean(losses)
        return tape.gradient(loss, model.trainable_variables)

    gradient()[-1].numpy()  # compiled before the clock runs
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        gradient()[-1].numpy()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)
