"""data_scripts.fashion_mnist and helpers.fashion: images arrive whole, verified and as they were, or not at all."""

from __future__ import annotations

import gzip
import hashlib
import os
import struct
from itertools import repeat
from pathlib import Path

import numpy as np
import pytest

from data_scripts import download
from data_scripts import fashion_mnist as script
from helpers import clock, fashion, synthetic
from tests.loopback import serve

RNG = np.random.default_rng(0)
COUNTS = {"train": 57, "test": 9}
IMAGES = {part: RNG.integers(0, 256, (count, 28, 28), dtype=np.uint8) for part, count in COUNTS.items()}
LABELS = {part: RNG.integers(0, 10, count, dtype=np.uint8) for part, count in COUNTS.items()}


def idx(array: np.ndarray) -> bytes:
    return gzip.compress(bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes())


@pytest.fixture
def data(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setenv("WORKSHOP_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("WORKSHOP_SCALE", "tiny")
    monkeypatch.delenv("WORKSHOP_MIRROR", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return tmp_path / "data"


@pytest.fixture
def shelf(data: Path, tmp_path: Path, monkeypatch) -> Path:
    """The four files as upstream has them, in small, and their checksums pinned."""
    for part, names in script.FILES.items():
        for name, array in zip(names, (IMAGES[part], LABELS[part]), strict=True):
            put(tmp_path / "shelf" / name, idx(array), monkeypatch)
    return tmp_path / "shelf"


def put(path: Path, content: bytes, monkeypatch) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    monkeypatch.setitem(script.SHA256, path.name, hashlib.sha256(content).hexdigest())


def read(paths) -> tuple[np.ndarray, np.ndarray]:
    from helpers.environment import tensorflow_setup

    tensorflow_setup.quiet()
    import tensorflow as tf

    batches = tf.data.TFRecordDataset([str(path) for path in paths]).batch(16).map(fashion.parse)
    images, labels = zip(*batches.as_numpy_iterator(), strict=True)
    return np.concatenate(images), np.concatenate(labels)


def assert_real_images_are_there() -> None:
    images = fashion.images()
    assert images.source == "Fashion-MNIST" and f"{images}".startswith("57 images to train on and 9 to test with")
    assert (len(images.train), len(images.test)) == (10, 2)
    for part in COUNTS:
        pixels, labels = read(getattr(images, part))
        assert pixels.dtype == np.uint8 and labels.dtype == np.int64
        np.testing.assert_array_equal(pixels[..., 0], IMAGES[part])
        np.testing.assert_array_equal(labels, LABELS[part])


def test_downloaded_images_are_stored_as_they_are_and_downloaded_once(shelf, data, monkeypatch, capsys):
    with serve(shelf) as server:
        monkeypatch.setattr(script, "ADDRESSES", (server.url, "http://127.0.0.1:1"))
        assert script.main([]) == 0
        assert "57 images to train on and 9 to test with (Fashion-MNIST)" in capsys.readouterr().out
        assert script.main([]) == 0
        assert len(server.requests) == 4 and "already there" in capsys.readouterr().out
    assert_real_images_are_there()
    assert [path.name for path in (data / "fashion-mnist").iterdir()] == ["real"]
    script.prepare()  # real images suffice: nothing is drawn
    assert [path.name for path in (data / "fashion-mnist").iterdir()] == ["real"]


def test_a_second_address_is_tried_when_the_first_fails(shelf, data, monkeypatch, capsys):
    monkeypatch.setattr(download, "sleep", lambda seconds: None)
    with serve(shelf) as server, serve(shelf) as refusing:
        refusing.faults["train-labels-idx1-ubyte.gz"] = repeat(403)
        monkeypatch.setattr(script, "ADDRESSES", (refusing.url, server.url))
        assert script.main([]) == 0
    assert "Trying another address" in capsys.readouterr().err
    assert_real_images_are_there()


def test_a_file_that_both_addresses_changed_is_refused(shelf, data, monkeypatch, capsys):
    monkeypatch.setitem(script.SHA256, "t10k-labels-idx1-ubyte.gz", "0" * 64)
    with serve(shelf) as server:
        monkeypatch.setattr(script, "ADDRESSES", (server.url, server.url))
        assert script.main([]) == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert "t10k-labels-idx1-ubyte.gz" in said and "checksum" in said
    assert list((data / "fashion-mnist").iterdir()) == []


def test_the_mirror_s_images_come_from_a_folder_and_over_http(mirror, data, monkeypatch):
    with serve(mirror) as server:
        for base in (str(mirror), server.url):
            monkeypatch.setenv("WORKSHOP_MIRROR", base)
            monkeypatch.setenv("WORKSHOP_DATA", str(data / str(len(base))))
            assert script.main([]) == 0
            images = fashion.images()
            assert f"{images}".startswith("700 images to train on and 100 to test with")
    expected = script.read_idx(mirror / "fashion-mnist" / "t10k-images-idx3-ubyte.gz")
    np.testing.assert_array_equal(read(images.test)[0][..., 0], expected)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no gzip", "no gzip file"),
        (idx(IMAGES["train"])[:-30], "cut short"),
        (gzip.compress(b"\0\0\x0d\x03" + bytes(60)), "magic number 00000d03"),
        (gzip.compress(b""), "magic number"),
        (gzip.compress(b"\0\0\x08\x03" + bytes(3)), "get it again"),
        (idx(IMAGES["train"][:, :5]), "57 x 5 x 28"),
        (gzip.compress(gzip.decompress(idx(IMAGES["train"]))[:-1]), "44,687"),
        (idx(LABELS["train"]), "labels instead of images"),
        (idx(IMAGES["train"][:-1]), "56 images"),
    ],
    ids=["no gzip", "cut", "kind", "empty", "short", "narrow", "a byte less", "labels", "one less"],
)
def test_a_damaged_file_is_refused_by_name_and_nothing_is_left(shelf, data, monkeypatch, capsys, content, said):
    put(shelf / "train-images-idx3-ubyte.gz", content, monkeypatch)
    with serve(shelf) as server:
        monkeypatch.setattr(script, "ADDRESSES", (server.url, server.url))
        assert script.main([]) == 1
    message = capsys.readouterr().err.splitlines()[-1]
    assert said in message and "train-images-idx3-ubyte.gz" in message
    assert not fashion.real_folder().exists() and list((data / "fashion-mnist").iterdir()) == []


def test_a_label_that_is_no_class_is_refused(shelf, data, monkeypatch, capsys):
    put(shelf / "train-labels-idx1-ubyte.gz", idx(np.full(57, 10, np.uint8)), monkeypatch)
    with serve(shelf) as server:
        monkeypatch.setattr(script, "ADDRESSES", (server.url, server.url))
        assert script.main([]) == 1
    assert "train-labels-idx1-ubyte.gz holds something else than labels" in capsys.readouterr().err


def test_drawn_images_are_completed_in_another_process_and_say_what_they_are(data):
    with pytest.raises(FileNotFoundError, match=r"12 files of drawn images.*--synthetic"):
        fashion.images()
    script.prepare()
    images = fashion.images()
    assert str(images).startswith("1,000 images to train on and 200 to test with (synthetic, seed 0) in 10 + 2 files")
    pixels, labels = read(images.train)
    expected = synthetic.garments(0, 1_000)
    np.testing.assert_array_equal(pixels, expected[0])
    np.testing.assert_array_equal(labels, expected[1])

    written = images.test[0].stat().st_mtime_ns
    images.train[3].unlink()
    script.prepare()
    assert images.train[3].exists() and images.test[0].stat().st_mtime_ns == written


def test_a_folder_that_cannot_be_written_is_one_sentence(data, capsys):
    data.parent.mkdir(exist_ok=True)
    data.write_text("in the way")
    with pytest.raises(OSError, match=r"cannot be written.*WORKSHOP_DATA"):
        script.prepare()
    assert script.main(["--synthetic"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="needs a shell script")
def test_a_process_that_says_very_much_is_waited_for_and_its_last_sentence_told(data, tmp_path, monkeypatch):
    python = tmp_path / "python"
    lines = ["#!/bin/sh", "yes 'a warning' | head -n 30000 >&2", "echo 'Error: no more ink' >&2", "exit 1", ""]
    python.write_text("\n".join(lines))
    python.chmod(0o755)
    monkeypatch.setattr(script.sys, "executable", str(python))
    with pytest.raises(OSError, match=r"^no more ink$"):
        script.prepare()


@pytest.mark.parametrize(
    "name", ["train.tfrecord", "train-000-a.tfrecord", "train-000-010.csv", "TRAIN-000-010.tfrecord"]
)
def test_a_file_whose_name_says_no_rows_is_named(name):
    with pytest.raises(ValueError, match=f"{name} is no file of images"):
        fashion.rows_of(Path("folder", name))


@pytest.mark.parametrize(("part", "start", "stop"), [("exam", 0, 1), ("train", -1, 1), ("train", 2, 1)])
def test_parts_and_rows_that_cannot_be_are_refused(part, start, stop):
    with pytest.raises(ValueError, match=r"part is 'exam'|start is"):
        fashion.shard_paths(Path("folder"), part, start=start, stop=stop)


def test_the_network_has_as_many_weights_as_its_docstring_says():
    from helpers.environment import tensorflow_setup

    tensorflow_setup.quiet()
    model = fashion.cnn()
    assert model.output_shape == (None, 10) and f"{model.count_params():,}" in fashion.cnn.__doc__


def test_on_real_images_three_in_four_are_recognised_from_700_examples(mirror):
    from helpers.environment import tensorflow_setup

    tensorflow_setup.quiet()
    import keras

    folder, accuracy = mirror / "fashion-mnist", []
    train, test = ([script.read_idx(folder / name) for name in script.FILES[part]] for part in ("train", "test"))
    (x, y), (x_test, y_test) = ((images[..., None] / np.float32(255), labels) for images, labels in (train, test))
    for seed in range(3):
        keras.utils.set_random_seed(seed)
        model = fashion.cnn()
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile("adam", loss, metrics=["accuracy"])
        model.fit(x, y, batch_size=32, epochs=20, verbose=0)
        accuracy.append(model.evaluate(x_test, y_test, verbose=0)[1])
    assert np.mean(accuracy) >= 0.75


def test_records_come_in_the_files_order_and_their_number_is_known(data):
    script.main(["--synthetic"])
    files = fashion.images().train[:3]
    everything = fashion.records(files, at_most=10**9)
    some = fashion.records([str(path) for path in files], at_most=fashion.rows_of(files[0]) + 3)
    assert len(everything) == sum(map(fashion.rows_of, files)) and len(some) == fashion.rows_of(files[0]) + 3
    assert list(some.as_numpy_iterator()) == list(everything.as_numpy_iterator())[: len(some)]


def test_time_per_image_is_that_of_the_fastest_pass_after_one_that_compiles(monkeypatch):
    class Model:
        passes = 0

        def fit(self, batches, *, shuffle, verbose):
            self.passes += 1

    def repeat(function, *, number, repeat):
        for _ in range(repeat):
            function()
        return [4, 1, 8]  # seconds

    monkeypatch.setattr(clock.timeit, "repeat", repeat)
    batches, model = [(None, [0] * 3), (None, [0])], Model()
    assert fashion.microseconds(batches) == fashion.microseconds(batches, model=model) == pytest.approx(1e6 / 4)
    assert model.passes == 4
    with pytest.raises(ValueError, match="no images"):
        fashion.microseconds([])


def test_tensorboard_is_found_once_beside_this_python(monkeypatch):
    from helpers.environment import tensorflow_setup

    monkeypatch.setenv("PATH", "elsewhere")
    tensorflow_setup.find_tensorboard()
    once = os.environ["PATH"]
    tensorflow_setup.find_tensorboard()
    assert os.environ["PATH"] == once and once.split(os.pathsep)[1:] == ["elsewhere"]
