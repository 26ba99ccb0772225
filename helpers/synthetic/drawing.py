"""A pen that draws many small grey pictures at once, by arithmetic on whole arrays.

Used by ``helpers.synthetic.clothes`` and ``shoes_and_bags``. Lengths are in pixels. A number that describes a shape
may differ by picture: its shape is then ``(n, 1, 1)``. A *cover* ``(n, 28, 28)`` of 0 to 1 says how much of each
pixel a shape covers.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np

SIDE = 28


class Pen:
    """Pictures `ink` ``(n, 28, 28)`` of greys 0 to 255; coordinates `x` (0 in the middle) and `y` (0 at the top)."""

    def __init__(self, rng: np.random.Generator, n: int):
        self.rng, self.n = rng, n
        self.ink = np.zeros((n, SIDE, SIDE), np.float32)
        down, right = (axis.astype("f4") - 13.5 for axis in np.ogrid[0:SIDE, 0:SIDE])
        turn, lean = self.normal(0.03), self.normal(0.03)  # nothing lies quite straight, nor quite in the middle
        x = (right + (turn + lean) * down) * self.between(0.95, 1.06) + self.normal(0.5)
        y = (down - turn * right) * self.between(0.97, 1.05) + self.normal(0.4)
        self.x, self.y = x + 0.3 * self.noise(5, 5), y + 0.3 * self.noise(5, 5) + 14

    def between(self, low, high, skew: float = 1.0) -> np.ndarray:
        """A number per picture; a skew over 1 favours `low`, one under 1 favours `high`."""
        return low + (high - low) * self.rng.random((self.n, 1, 1), dtype=np.float32) ** np.float32(skew)

    def normal(self, spread: float) -> np.ndarray:
        """A number per picture, about 0."""
        return self.rng.standard_normal((self.n, 1, 1), dtype=np.float32) * np.float32(spread)

    def chance(self, share: float) -> np.ndarray:
        """1 for a random share of the pictures, else 0."""
        return (self.rng.random((self.n, 1, 1), dtype=np.float32) < share).astype("f4")

    def choice(self, *shares: float) -> list[np.ndarray]:
        """One of several kinds per picture: for each kind, 1 where it was chosen, else 0."""
        drawn = self.rng.random((self.n, 1, 1), dtype=np.float32) * np.float32(sum(shares))
        return [((low <= drawn) & (drawn < high)).astype("f4") for low, high in pairwise(np.cumsum([0, *shares]))]

    def noise(self, rows: int, columns: int) -> np.ndarray:
        """Smooth clouds, of about standard normal height, with so many hills down and across."""
        hills = self.rng.standard_normal((self.n, rows, columns), dtype=np.float32)
        return _stretch(rows) @ (hills @ _stretch(columns).T)

    def fill(self, cover, grey) -> None:
        """Paint over what is there; greys beyond black and white are cut off."""
        self.ink += cover * (np.clip(grey, 0, 255) - self.ink)

    def cloth(self, cover, plain=6.0, picture=0.0, stripes=0.0, checks=0.0, flowers=0.0, rough=0.1) -> None:
        """Print on what `cover` covers, by weights of kinds of print, then lay folds and shadows over everything."""
        x, y, between = self.x, self.y, self.between
        _, picture, stripes, checks, flowers = self.choice(plain, picture, stripes, checks, flowers)
        across, along = (np.sin(axis * between(0.8, 2.2) + between(0, 6.3)) for axis in (x, y))
        spots, upright = self.noise(14, 14), self.chance(0.3)
        badge = soft(between(2, 5.5) - np.abs(x + self.normal(1))) * soft(between(1, 7) - np.abs(y - between(9, 14)))
        mask = picture * badge * soft(3 * self.noise(9, 7) + between(-1, 2))
        mask += stripes * soft(3 * (along + upright * (across - along) - between(-0.3, 0.6)))
        mask += checks * (0.5 + 0.25 * (across + along)) + flowers * soft(3 * (spots - between(-0.4, 1.1)))
        self.fill(mask * cover * between(0.4, 1), between(0, 245))
        folds = between(0, 1.3, 1.5) * self.noise(3, 12) + between(0, 0.7, 1.5) * self.noise(8, 8)
        shade = between(-0.15, 0.15) * x / 14 + between(-0.12, 0.12) * (y - 14) / 14
        self.ink *= 1 + shade + rough * (folds + between(0, 1, 1.5) * spots)

    def stroke(self, x0, y0, x1, y1, width) -> np.ndarray:
        """Cover of a straight line with round ends."""
        dx, dy = x1 - x0, y1 - y0
        along = np.clip(((self.x - x0) * dx + (self.y - y0) * dy) / (dx * dx + dy * dy + 1e-3), 0, 1)
        return soft(width / 2 - np.sqrt((self.x - x0 - along * dx) ** 2 + (self.y - y0 - along * dy) ** 2))

    def arch(self, x0, x1, foot, height, width, power) -> np.ndarray:
        """Cover of a bow that stands on `x0` and `x1` at `foot`: a tent (power 1), round (2) or like a box (4)."""
        across, up = np.abs(2 * self.x - x0 - x1) / (x1 - x0), np.maximum(foot - self.y, 0) / height
        size = (across**power + up**power) ** (1 / power)
        return soft(width / 2 - np.abs(size - 1) * np.minimum(height, (x1 - x0) / 2)) * soft(foot - self.y)


def soft(depth) -> np.ndarray:
    """Cover of pixels whose centres lie so deep inside a shape, with a soft edge."""
    return np.clip(depth + np.float32(0.5), 0, 1)


def line(distance, width) -> np.ndarray:
    """Cover of pixels at such a distance, of either sign, from the middle of a line."""
    return soft(width / 2 - np.abs(distance))


def profile(t, *knots) -> np.ndarray:
    """Heights at `t` of the broken line through `knots` (t, height), level beyond its ends."""
    height = knots[0][1]
    for (t0, h0), (t1, h1) in pairwise(knots):
        height = height + (h1 - h0) * np.clip((t - t0) / np.maximum(t1 - t0, np.float32(0.01)), 0, 1)
    return height


def sharpen(ink: np.ndarray, amount) -> np.ndarray:
    """Stronger edges, as shrinking a photograph leaves them."""
    padded = np.pad(ink, ((0, 0), (1, 1), (1, 1)))
    rows = padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]
    return ink + amount * (ink - (rows[:, :, :-2] + 2 * rows[:, :, 1:-1] + rows[:, :, 2:]) / 16)


@cache
def _stretch(hills: int) -> np.ndarray:
    """The matrix that interpolates `hills` values to a side of pixels."""
    at = np.linspace(0, hills - 1, SIDE)[:, None]
    return np.clip(1 - np.abs(at - np.arange(hills)), 0, 1).astype("f4")
