"""Get images of clothes: download Fashion-MNIST, or draw synthetic ones, into TFRecord files of one layout.

Run ``python -m data_scripts.fashion_mnist --help``. The first cell of a notebook calls `prepare`.
"""

from __future__ import annotations

import argparse
import errno
import gzip
import math
import shutil
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from data_scripts import files, mirror
from helpers import fashion, synthetic
from helpers.environment import config
from helpers.progress import bar as progress_bar

# The same four files at both; MIT licence, (c) 2017 Zalando SE.
ADDRESSES = (
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
)
FILES = {
    "train": ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"),
    "test": ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"),
}
SHA256 = {
    "train-images-idx3-ubyte.gz": "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    "train-labels-idx1-ubyte.gz": "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    "t10k-images-idx3-ubyte.gz": "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    "t10k-labels-idx1-ubyte.gz": "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
}


def prepare() -> None:
    """Make sure that there are images to work with; instant when there are.

    Real images on disk are enough. Without any, the synthetic ones of ``WORKSHOP_SCALE`` are completed, in a process
    of its own: writing them takes TensorFlow's 500 MB, which a notebook may need for something else.

    Raises
    ------
    ValueError
        If ``WORKSHOP_SCALE`` names no scale.
    OSError
        If a file cannot be written.
    """
    if fashion.real_folder().is_dir():
        return
    paths = [path for part in fashion.synthetic_files().values() for path in part]
    if all(path.is_file() for path in paths):
        return
    command = [sys.executable, "-m", "data_scripts.fashion_mnist", "--synthetic"]
    with progress_bar(len(paths), "Drawing images (synthetic, seed 0)", unit=" files") as bar:
        with tempfile.TemporaryFile() as log:  # a pipe that nobody reads would stop a process that says much
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log)
            try:
                while process.poll() is None:
                    time.sleep(0.1)  # seconds
                    bar.update(sum(path.is_file() for path in paths) - bar.n)
            finally:
                process.kill()
                process.wait()
            log.seek(0)
            said = log.read().decode("utf-8", errors="replace").strip()
    if process.returncode:
        raise OSError(said.splitlines()[-1].removeprefix("Error: ") if said else "The images could not be drawn")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m data_scripts.fashion_mnist",
        description=__doc__.splitlines()[0],
        epilog="Without an option, Fashion-MNIST is downloaded (31 MB).",
    )
    parser.add_argument("--synthetic", action="store_true", help="draw the images of WORKSHOP_SCALE instead")
    return files.exit_code(_draw if parser.parse_args(argv).synthetic else _download)


def read_idx(path: Path) -> np.ndarray:
    """Read a packed file of images or labels: uint8 of shape ``(n, 28, 28)`` or ``(n,)``.

    Its format is that of http://yann.lecun.com/exdb/mnist: a magic number, the sizes, the bytes.

    Raises
    ------
    ValueError
        If it is damaged or holds something else; the message names it.
    """
    try:
        with gzip.open(path) as file:
            content = file.read()
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ValueError(f"{path} is cut short or no gzip file: get it again") from error
    kinds = {b"\0\0\x08\x03": (fashion.SIDE, fashion.SIDE), b"\0\0\x08\x01": ()}  # bytes, in 3 dimensions or in 1
    if content[:4] not in kinds:
        raise ValueError(f"{path} begins with the magic number {content[:4].hex()}: it holds no images and no labels")
    start = 4 + 4 * content[3]  # a size of 4 bytes for each dimension
    sizes = tuple(np.frombuffer(content[4:start].ljust(start - 4, b"\0"), ">u4").tolist())
    values = np.frombuffer(content[start:], np.uint8)
    if sizes[1:] != kinds[content[:4]] or len(values) != math.prod(sizes):
        said = " x ".join(map(str, sizes))
        raise ValueError(f"{path} says that it holds {said} bytes, and holds {len(values):,}: get it again")
    return values.reshape(sizes)


def _download() -> None:
    folder = fashion.real_folder()
    made = files.once(folder, folder.is_dir, make=_get_real)
    print(f"{fashion.images()}{'' if made else ', already there'}: {folder}")


def _get_real(folder: Path) -> None:
    if config.mirror():
        _fetch_and_convert(config.mirror(), "fashion-mnist/", folder)
        return
    try:
        _fetch_and_convert(ADDRESSES[0], "", folder)
    except (OSError, ValueError) as error:
        files.warn(f"{error}. Trying another address.")
        shutil.rmtree(folder, ignore_errors=True)
        _fetch_and_convert(ADDRESSES[1], "", folder)


def _fetch_and_convert(address: str, prefix: str, folder: Path) -> None:
    """Fill a new folder with the files of real images."""
    folder.mkdir()
    with mirror.source(address, folder.parent) as fetch:
        for part, pair in FILES.items():
            paths = [fetch(prefix + file, SHA256[file]) for file in pair]
            images, labels = map(read_idx, paths)
            _check(images, labels, *paths)
            for path in fashion.shard_paths(folder, part, start=0, stop=len(labels)):
                rows = slice(*fashion.range_of(path))
                _write(path, images[rows], labels[rows])


def _check(images: np.ndarray, labels: np.ndarray, images_path: Path, labels_path: Path) -> None:
    if images.ndim != 3:
        raise ValueError(f"{images_path} holds labels instead of images: get it again")
    if labels.ndim != 1 or labels.max(initial=0) >= len(fashion.CLASSES):
        raise ValueError(f"{labels_path} holds something else than labels from 0 to 9: get it again")
    if len(images) != len(labels):
        raise ValueError(f"{len(images):,} images in {images_path}, {len(labels):,} labels in {labels_path}: get both")


def _draw() -> None:
    paths = [path for part in fashion.synthetic_files().values() for path in part]
    made = 0
    with progress_bar(sum(map(fashion.rows_of, paths)), "Drawing images (synthetic, seed 0)", unit=" images") as bar:
        for path in paths:
            made += files.once(path, path.is_file, make=partial(_draw_file, fashion.range_of(path)))
            bar.update(fashion.rows_of(path))
    print(f"Drawn images (synthetic, seed 0), {made} files newly made: {paths[0].parent}")


def _draw_file(rows: tuple[int, int], part: Path) -> None:
    _write(part, *synthetic.garments(*rows))


def _write(path: Path, images: np.ndarray, labels: np.ndarray) -> None:
    from helpers.environment import tensorflow_setup

    tensorflow_setup.quiet()
    import tensorflow as tf

    try:
        with tf.io.TFRecordWriter(str(path)) as writer:
            for record in _records(images, labels):
                writer.write(record)
    except tf.errors.OpError as error:  # TensorFlow's words for a full disk or a missing permission
        full = isinstance(error, tf.errors.ResourceExhaustedError)
        raise OSError(errno.ENOSPC if full else errno.EIO, files.printable(error.message)) from error


def _records(images: np.ndarray, labels: np.ndarray) -> Iterable[bytes]:
    import tensorflow as tf

    for image, label in zip(images, labels.tolist(), strict=True):
        columns = {
            "image": tf.train.Feature(bytes_list=tf.train.BytesList(value=[image.tobytes()])),
            "label": tf.train.Feature(int64_list=tf.train.Int64List(value=[label])),
        }
        yield tf.train.Example(features=tf.train.Features(feature=columns)).SerializeToString()


if __name__ == "__main__":
    sys.exit(main())
