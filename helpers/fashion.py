"""Pictures of clothes in ten classes: what is on disk, how its records are read, and the small network that sorts them.

Used by the notebooks about tf.data and tf.distribute. ``python -m data_scripts.fashion_mnist`` puts the files there:
Fashion-MNIST's (Xiao, Rasul and Vollgraf 2017, arXiv:1708.07747), or drawings of the same kind from
``helpers.synthetic``. TensorFlow is imported by the functions that need it, as it takes seconds and 500 MB.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from helpers import clock
from helpers.environment import config, tensorflow_setup

CLASSES = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")
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

    def __str__(self) -> str:
        size = sum(path.stat().st_size for path in (*self.train, *self.test)) / 1e6
        train, test = sum(map(rows_of, self.train)), sum(map(rows_of, self.test))
        return (
            f"{train:,} images to train on and {test:,} to test with ({self.source}) "
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
    return config.data_folder() / "fashion-mnist" / "real"


def synthetic_files() -> dict[str, list[Path]]:
    """Where the drawn images of this scale are kept: paths of "train" and "test"."""
    train = config.rows() // TRIPS_PER_IMAGE
    folder = config.data_folder() / "fashion-mnist" / "synthetic-seed0"
    return {
        "train": shard_paths(folder, "train", start=0, stop=train),
        "test": shard_paths(folder, "test", start=FIRST_TEST, stop=FIRST_TEST + train // TEST_SHARE),
    }


def shard_paths(folder: Path, part: str, *, start: int, stop: int) -> list[Path]:
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
    """Turn a batch of serialized examples into images, uint8 ``(n, 28, 28, 1)``, and labels, places in ``CLASSES``.

    It is what ``Dataset.map`` calls after ``batch``; 0 is black.
    """
    import tensorflow as tf

    columns = {"image": tf.io.FixedLenFeature([], tf.string), "label": tf.io.FixedLenFeature([], tf.int64)}
    batch = tf.io.parse_example(records, columns)
    pixels = tf.io.decode_raw(batch["image"], tf.uint8, fixed_length=SIDE * SIDE)
    return tf.reshape(pixels, [-1, SIDE, SIDE, 1]), batch["label"]


def records(files: Iterable[str | Path], *, at_most: int) -> Any:
    """The first serialized records of some files, in the files' order, as a Dataset that knows how many they are.

    It is ``tf.data.TFRecordDataset(files).take(at_most)``, with the number that the files' names tell: a TFRecord file
    does not say it, and ``fit`` of Keras wants to know it. Where there are fewer than `at_most`, all come.
    ValueError if `at_most` is below 1, or there is no file.
    """
    paths = [Path(file) for file in files]
    if at_most < 1 or not paths:
        raise ValueError(f"at_most is {at_most}, of {len(paths)} files: at least 1 record of 1 file is needed")
    import tensorflow as tf

    count = min(sum(map(rows_of, paths)), at_most)
    first = tf.data.TFRecordDataset([str(path) for path in paths]).take(count)
    return first.apply(tf.data.experimental.assert_cardinality(count))


def cnn() -> Any:
    """A small Keras network for images scaled to 0..1, not compiled: 347,146 weights, logits of the ten classes."""
    import keras

    tensorflow_setup.keras_defaults()
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


def microseconds(batches: Iterable, *, model: Any = None) -> float:
    """Time per image that it takes to go through pairs of images and labels, in the fastest of three passes.

    With a compiled Keras `model`, that of ``model.fit``. A pass before them is not counted, as it compiles.

    Raises
    ------
    ValueError
        If there are no images.
    """
    images = sum(len(labels) for _, labels in batches)
    if not images:
        raise ValueError("batches holds no images: there is nothing to time")
    if model is None:
        return clock.seconds(lambda: deque(batches, maxlen=0), tries=3) / images * 1e6
    train = partial(model.fit, batches, shuffle=False, verbose=0)
    train()
    return clock.seconds(train, tries=3) / images * 1e6
