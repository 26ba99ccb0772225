"""The drawn garments: the same images for everyone, and fit to learn real ones from."""

from __future__ import annotations

import itertools
import multiprocessing

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_scripts.fashion_mnist import FILES, read_idx
from helpers import fashion, synthetic
from helpers.environment import tensorflow_setup
from helpers.synthetic import drawing
from helpers.synthetic.clothes import BLOCK_IMAGES, garments


def bytes_of(start: int, stop: int) -> bytes:
    """Every byte of a range of images and labels."""
    return b"".join(array.tobytes() for array in garments(start, stop))


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, 2 * BLOCK_IMAGES + 10), min_size=2, max_size=5).map(sorted), st.integers(0, 3))
def test_pieces_of_a_range_add_up_to_the_range(cuts, seed):
    pieces = zip(*(garments(a, b, seed=seed) for a, b in itertools.pairwise(cuts)), strict=True)
    for whole, parts in zip(garments(cuts[0], cuts[-1], seed=seed), pieces, strict=True):
        np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_another_process_draws_the_same_bytes():
    start, stop = BLOCK_IMAGES - 10, BLOCK_IMAGES + 10
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(bytes_of, (start, stop)) == bytes_of(start, stop)


def test_seeds_and_blocks_differ():
    first = bytes_of(0, 100)
    assert first != bytes_of(BLOCK_IMAGES, BLOCK_IMAGES + 100)
    assert not np.array_equal(garments(0, 100)[0], garments(0, 100, seed=1)[0])


@pytest.mark.parametrize("rows", [0, 1, BLOCK_IMAGES, BLOCK_IMAGES + 1])
def test_images_have_the_wanted_shape(rows):
    images, labels = synthetic.garments(fashion.FIRST_TEST + 7, fashion.FIRST_TEST + 7 + rows)
    assert (images.shape, images.dtype) == ((rows, 28, 28, 1), np.uint8)
    assert (labels.shape, labels.dtype) == ((rows,), np.uint8)


@pytest.mark.parametrize(("start", "stop", "seed"), [(2, 1, 0), (-1, 1, 0), (0, 1, -1)])
def test_a_range_that_does_not_exist_is_refused_in_one_sentence(start, stop, seed):
    with pytest.raises(ValueError, match=r"^images .* do not exist: need 0 <= start <= stop and seed >= 0$"):
        garments(start, stop, seed=seed)


def test_labels_are_balanced_and_in_random_order():
    labels = garments(0, 2 * BLOCK_IMAGES)[1].reshape(2, -1)
    for block in labels:
        assert np.bincount(block).tolist() == [BLOCK_IMAGES // 10] * 10
        assert len(set(block[:100])) == 10
    assert not np.array_equal(*labels)


@pytest.mark.filterwarnings("error")
def test_every_picture_is_a_light_garment_on_black():
    images, labels = garments(0, 5 * BLOCK_IMAGES)
    pictures = images[..., 0]
    assert (pictures.max(axis=(1, 2)) > 20).all()
    covered = (pictures > 8).mean(axis=(1, 2))
    assert 0.02 < covered.min() and covered.max() < 0.95
    for label in range(10):
        kind = pictures[labels == label]
        assert len(np.unique(kind, axis=0)) == len(kind)  # no two are the same
        assert kind.std(axis=0).max() > 40  # and they vary


def test_a_profile_is_a_broken_line_and_survives_knots_in_one_place():
    at = np.array([-1.0, 0, 1, 2, 3, 9])
    assert drawing.profile(at, (0, 1.0), (2, 5.0), (3, 4.0)).tolist() == [1, 1, 3, 5, 4, 4]
    assert np.isfinite(drawing.profile(at, (1, 1.0), (1, 5.0))).all()


def test_a_network_that_saw_only_drawings_recognizes_real_garments(mirror):
    tensorflow_setup.quiet()
    import keras

    real = {part: [read_idx(mirror / "fashion-mnist" / name) for name in FILES[part]] for part in FILES}
    images, labels = (np.concatenate(arrays) for arrays in zip(*real.values(), strict=True))
    drawn, kinds = garments(0, 20_000)
    keras.utils.set_random_seed(0)
    model = fashion.cnn()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
    model.fit(drawn / np.float32(255), kinds, batch_size=256, epochs=3, verbose=0)
    accuracy = model.evaluate(images[..., None] / np.float32(255), labels, batch_size=800, verbose=0)[1]
    assert accuracy > 0.67  # of 800 images; guessing gets 0.1
