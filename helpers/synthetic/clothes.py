"""Garments drawn by rule, which look like those of Fashion-MNIST: for laptops without a network, in any number.

Used by the notebooks about images, by way of the files that ``python -m data_scripts.fashion_mnist`` writes.
Everything from here is synthetic and must be labelled so: "synthetic, seed 0". No pixel comes from a photograph: each
class is a cut (silhouette, sleeves, heels, handles) whose measures vary at random, in a cloth of some grey with folds,
stripes, checks or prints. The measures were set by hand, with a small sample of real images to look at; none was
fitted, so models of drawn garments can be judged on real ones.
"""

from __future__ import annotations

import numpy as np

from helpers.synthetic.drawing import SIDE, Pen, line, profile, sharpen, soft
from helpers.synthetic.shoes_and_bags import bag, boot, sandal, sneaker

BLOCK_IMAGES = 1_000  # images that share a random generator; any range of images is cut out of such blocks


def garments(start: int, stop: int, *, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Draw images `start` to `stop` of the endless table of synthetic garments.

    The same seed gives the same images, however the range is cut into calls and whichever process draws them.
    For many images, go block by block (multiples of ``BLOCK_IMAGES``). `stop` is not among them.

    Returns
    -------
    images : numpy.ndarray
        uint8 ``(n, 28, 28, 1)``: a light garment on black, as in Fashion-MNIST.
    labels : numpy.ndarray
        uint8 ``(n,)``: 0 to 9 as in Fashion-MNIST, in random order, a hundred of each in a block.

    Raises
    ------
    ValueError
        If the range runs backwards or a number is negative.
    """
    if start < 0 or stop < start or seed < 0:
        raise ValueError(f"images {start} to {stop}, seed {seed}, do not exist: need 0 <= start <= stop and seed >= 0")
    images, labels = np.empty((stop - start, SIDE, SIDE, 1), "u1"), np.empty(stop - start, "u1")
    for block in range(start // BLOCK_IMAGES, -(-stop // BLOCK_IMAGES)):
        first, last = max(start, block * BLOCK_IMAGES), min(stop, (block + 1) * BLOCK_IMAGES)
        cut = slice(first - block * BLOCK_IMAGES, last - block * BLOCK_IMAGES)
        drawn, kinds = _block(seed, block)
        images[first - start : last - start, ..., 0], labels[first - start : last - start] = drawn[cut], kinds[cut]
    return images, labels


def _block(seed: int, block: int) -> tuple[np.ndarray, np.ndarray]:
    """All images and labels of one block."""
    rng = np.random.Generator(np.random.Philox(key=np.array([seed, block], dtype="u8")))
    classes = (_tee, _trouser, _pullover, _dress, _coat, sandal, _shirt, sneaker, bag, boot)  # by label
    labels = rng.permutation(np.arange(BLOCK_IMAGES) % len(classes)).astype("u1")
    drawn = np.empty((BLOCK_IMAGES, SIDE, SIDE), "u1")
    for label, draw in enumerate(classes):
        pen = Pen(rng, BLOCK_IMAGES // len(classes))
        draw(pen)
        grain = 1 + pen.between(0, 0.05, 2) * rng.standard_normal(pen.ink.shape, dtype=np.float32)
        drawn[labels == label] = np.clip(sharpen(pen.ink, pen.between(0.2, 1.8)) * grain, 0, 255)
    return drawn, labels


# The cuts of what hangs from the shoulders: ranges in pixels or grey levels (low, high and maybe a skew), and chances.
# fmt: off
def _tee(pen: Pen) -> None:
    _upper(pen, grey=(30, 245, 0.7), sleeves=(0.22, 0.75, 0.03), shoulder=(6.6, 8.3), drop=(0.8, 3.2),
           chest=(-1.2, 0.2), waist=(-1, 0.5), flare=(-1, 1.5), hem=(26.5, 28.5), neck=(2.8, 5.2), collar=0.1,
           picture=2.5, stripes=1.2, flowers=0.8, rough=0.07)


def _pullover(pen: Pen) -> None:
    _upper(pen, grey=(40, 245, 0.55), sleeves=(0, 0.02, 0.98), shoulder=(6.3, 7.8), drop=(1, 3.8),
           chest=(-1.8, -0.2), waist=(-1, 0.3), flare=(-1, 0.8), hem=(22, 28.5, 0.8), wrist=(23, 28.5, 0.5),
           neck=(2.6, 5.2), depth=(0.3, 3), hood=0.15, picture=1, stripes=0.8, flowers=0.3, rough=0.05)


def _dress(pen: Pen) -> None:
    _upper(pen, grey=(60, 245, 0.6), sleeves=(0.4, 0.3, 0.3), shoulder=(3.8, 6.2), drop=(0.5, 3),
           chest=(-0.8, 0.2), waist=(-0.9, 0.4), flare=(-0.5, 4, 2), hem=(26.5, 28.5), wrist=(12, 21),
           neck=(1.8, 4), belt=0.25, stripes=0.7, flowers=1.8, picture=0.2)


def _coat(pen: Pen) -> None:
    _upper(pen, grey=(60, 240, 0.4), sleeves=(0, 0, 1), shoulder=(6, 7.6), drop=(1.2, 4.3),
           chest=(-1.6, 0), waist=(-1.2, 0.5), flare=(-0.8, 1.5), hem=(22, 28.5, 0.6), wrist=(22, 28.5, 0.6),
           neck=(1.8, 3.8), depth=(0.3, 4), hood=0.35, collar=0.5, front=0.95,
           plain=8, stripes=0.9, checks=0.2, rough=0.1)


def _shirt(pen: Pen) -> None:
    _upper(pen, grey=(40, 240, 1.1), sleeves=(0.13, 0.25, 0.62), shoulder=(6.1, 7.7), drop=(1.2, 4),
           chest=(-1.4, 0.1), waist=(-1, 0.6), flare=(-1, 2), hem=(25.5, 28.5), wrist=(22, 28.5, 0.6),
           neck=(2, 3.9), hood=0.1, collar=0.65, front=0.75,
           plain=4, checks=1.6, flowers=2.2, stripes=1, picture=0.3, rough=0.12)
# fmt: on


def _upper(
    pen: Pen,
    *,
    grey: tuple,
    sleeves: tuple,  # shares of none, short and long
    shoulder: tuple,  # half-width
    drop: tuple,  # rows from the neck down to the shoulders
    chest: tuple,  # half-width, less that of the shoulders
    waist: tuple,  # half-width, less that of the chest
    flare: tuple,  # half-width at the hem, less that of the chest
    hem: tuple,  # row
    neck: tuple,  # half-width
    depth: tuple = (0.3, 4, 1.6),  # rows from the neck down to the neckline
    wrist: tuple = (23, 28),  # row where long sleeves end
    hood: float = 0.0,  # or a high collar
    collar: float = 0.0,
    front: float = 0.0,  # a zip or buttons
    belt: float = 0.05,
    **cloth: float,
) -> None:
    """Whatever hangs from the shoulders: sleeves, then the trunk, the cloth, and what is sewn onto it."""
    y, away, between, chance = pen.y, np.abs(pen.x), pen.between, pen.chance
    none, short, long = pen.choice(*sleeves)
    grey, shoulder, hem, drop = between(*grey), between(*shoulder), between(*hem), between(*drop)
    chest = shoulder + between(*chest)
    up = chance(hood) * between(1.5, 5)  # rows above the neck
    elbow = shoulder + short * between(1.5, 4.8) + long * between(0.8, 2.8)
    cuff = elbow + short * between(-0.5, 1) + long * between(-0.6, 1.6)
    end = short * between(8, 12.5) + long * between(*wrist) + up * 0.5
    top = up + drop
    outer = profile(
        y, (top - 1, shoulder - 1), (top + 1.5, shoulder + 0.7), (top + between(3.5, 7), elbow), (end + 1, cuff)
    )
    inner = outer - profile(y, (7, between(4, 6)), (end, between(2.2, 3.8)))
    slant = pen.normal(0.4) * np.sign(pen.x) - between(-0.1, 0.6) * (away - shoulder)
    arms = soft(outer - away) * soft(away - inner) * soft(y - top + 1.5) * soft(end + slant - y) * (1 - none)
    pen.fill(arms, grey * between(0.85, 1.4) * (1 + between(-0.2, 0.2) * (y - 12) / 12))

    strap = none * chance(0.6) * between(1, 4.5)  # how far the armholes cut in
    armpit = between(7, 11)
    width = profile(
        y,
        (up + 1, shoulder - strap),
        (armpit - 3, np.minimum(shoulder, chest) - strap * 0.7),
        (armpit, chest),
        (between(13, 18), chest + between(*waist)),
        (hem, chest + between(*flare)),
    )
    neck = np.clip(between(*neck), 1, np.maximum(shoulder - strap - 1, 1))
    depth = between(*depth) + 3 * none * chance(0.2)
    below = hem + pen.normal(0.6) * (away / chest) ** 2 - y
    above = y - up - profile(away, (neck, between(0, 0.6)), (shoulder, drop))
    trunk = soft(width - away) * soft(above) * soft(below)
    pen.fill(trunk, grey * between(0.3, 1.5))  # its edge; then what is inside
    pen.fill(trunk * soft(width - away - between(0.3, 1.2)) * soft(below - between(0, 1.2) * chance(0.4)), grey)
    hole = up + depth * (1 - (away / neck) ** 2) - y
    pen.fill(soft(hole) * soft(neck - away) * chance(0.85), grey * between(-0.3, 1.3))
    pen.fill(line(hole, 1) * soft(neck - away) * between(0, 0.6), grey * between(0.3, 1.3))
    pen.cloth(np.maximum(trunk, arms * chance(0.8)), **cloth)

    girdle = between(9, 17)
    below = soft(y - girdle) * soft(girdle + between(0.3, 1.5) + 20 * chance(0.5) - y)  # a belt, or another skirt
    pen.fill(trunk * below * chance(belt) * between(0.3, 1), between(10, 245))
    head = profile(y, (0, between(1.5, 3)), (between(1.5, 3), neck + between(-0.3, 1.2)))
    pen.fill(soft(head - away) * soft(up + 1.5 - y) * soft(y) * (up > 0), grey * between(0.6, 1.1))
    wings = line(y - up - 0.4 * away, between(2.4, 5.2)) * soft(neck + 1 - away) * soft(away - between(0, 1.5))
    middle, opened = pen.x - pen.normal(0.4), soft(y - depth - up) * soft(hem - y) * chance(front)
    dark = grey + between(-110, -8) + chance(0.25) * between(50, 150)
    pen.fill(opened * line(middle, between(0, 1)) * between(0.4, 1), dark)
    buttons = line(middle, 0.6) * (np.sin(y * between(1.3, 2.4) + between(0, 6.3)) > 0.6)
    pen.fill(opened * buttons * chance(0.6), grey + between(-140, 140))
    lapel = between(3, 9)
    pen.fill(opened * line(away * lapel / (neck + 1) + y - up - lapel - 1, 0.4) * chance(0.4) * 0.7, dark)
    pockets = line(y - between(14, 20) - away * between(-0.5, 0.5), 0.6) * line(away - chest * 0.6, 3)
    pen.fill(opened * pockets * chance(0.5) * between(0.3, 1), dark)
    panels = line(away - between(2, 5), 0.6) * chance(0.4) + line(y - between(7, 13), 0.6) * chance(0.4)
    pen.fill(opened * trunk * panels * between(0.2, 1), dark)
    pen.fill(wings * chance(collar) * between(0.4, 1), grey * between(0.7, 1.8))


def _trouser(pen: Pen) -> None:
    """Two legs, some of them bent, a few of them short."""
    x, y, between, chance = pen.x, pen.y, pen.between, pen.chance
    grey, short = between(80, 245, 0.5), chance(0.06)
    waist, hip, crotch = between(3.3, 4.8) + 2 * short, between(4.2, 5.8) + 3 * short, between(7.5, 12) + 4 * short
    cover = soft(y - between(-0.5, 0.6)) * soft(28.3 - y)
    for side in (-1, 1):
        bend = chance(0.25) * between(0, 1.8)
        knee, foot = hip + between(-1.3, 0.6) + bend, hip + between(-2, 1.2) - bend * 0.3 + short * 0.5
        cover = cover * soft(profile(y, (0.5, waist), (crotch - 2, hip), (18, knee), (27, foot)) - side * x)
    pen.fill(cover, grey)
    pen.cloth(cover, plain=8, flowers=0.4, stripes=0.3, checks=0.3)
    pen.ink *= 1 + between(-0.5, 0.7) * (0.25 - np.abs(np.abs(x) - hip * 0.55) / hip)  # round legs
    pen.fill(cover * line(y - between(1, 3), 0.8) * between(0, 0.5), grey * between(0.4, 1.3))
    gap = profile(y, (crotch, -0.5), (crotch + 1.5, between(0, 0.9)), (18, between(0.1, 1.6)), (27, between(0.2, 2.2)))
    slit = soft(gap - np.abs(x - pen.normal(0.05) * (y - crotch))) * soft(y - crotch)
    pen.fill(slit, grey * between(0.1, 0.6) * chance(0.15))
