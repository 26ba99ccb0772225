"""Rows of pictures: alt text that tells what they show."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.plots import pictures, style


@pytest.fixture
def alt(monkeypatch):
    """The alt texts of the figures that were shown."""
    texts = []
    monkeypatch.setattr(style, "display", lambda image, metadata: texts.append(metadata["image/png"]["alt"]))
    return texts


@pytest.mark.parametrize("shape", [(3, 28, 28), (3, 28, 28, 1)])
def test_a_grid_names_its_rows(shape, alt):
    rows = {"Bag": np.ones(shape), "Coat": np.zeros(shape, "u1")[:2]}
    pictures.grid(rows, caption="A caption.")
    assert alt == ["Small grey pictures in rows. Bag; Coat."]


def test_a_grid_may_have_no_pictures(alt):
    pictures.grid({"none": np.ones((0, 28, 28))}, caption="A caption.")
    assert alt == ["Small grey pictures in rows. none."]
