"""How ``helpers.synthetic.clothes`` draws sandals, sneakers, ankle boots (all of them point left) and bags."""

from __future__ import annotations

import numpy as np

from helpers.synthetic.drawing import Pen, line, profile, soft


def sneaker(pen: Pen) -> None:
    """A low upper with a tongue, laces and a dip for the ankle, on a sole."""
    between = pen.between
    grey, high = between(60, 240, 0.75), pen.chance(0.25)
    height = between(10, 14) + high * between(1.5, 6)
    x, y = _from_toe(pen, height)
    tongue = between(14.5, 18.5)
    top = height * profile(
        x,
        (0, between(0.15, 0.32)),
        (2, between(0.34, 0.46)),
        (9, between(0.46, 0.66)),
        (tongue, between(0.88, 1)),
        (tongue + between(3, 5.5), between(0.62, 0.88) + 0.12 * high),
        (26.5, between(0.75, 1)),
    )
    cover = soft(top - y) * soft(y) * soft(x - 0.2 - 0.1 * y) * soft(27.9 - x)
    pen.fill(cover, grey)
    opening = soft(y - top + between(0.3, 1.5)) * soft(x - tongue - 0.8) * soft(26 - x)
    pen.fill(cover * opening * between(0.2, 1), grey * between(0, 0.8))
    laces = line(top - y - 1.2, 1.6) * soft(x - 9) * soft(tongue - x) * (np.sin(x * between(1.5, 3)) > 0)
    pen.fill(cover * laces * between(0, 1), grey + between(-120, 120))
    _leather(pen, cover, grey, 0.75)
    sole = between(1, 3.2) * (1 + between(-0.1, 0.5) * (x - 10) / 20)
    pen.fill(cover * soft(sole - y) * between(0.5, 1), between(5, 250, 3))
    pen.fill(cover * line(y - sole, 0.6) * between(0, 1), grey + between(-200, 40))


def boot(pen: Pen) -> None:
    """A shaft over the ankle on a flat or a high heel."""
    between, chance = pen.between, pen.chance
    grey, high = between(70, 245, 0.5), chance(0.25)
    heel = between(0.8, 3) + high * between(3, 7)
    height = np.minimum(between(14.5, 22) + high * between(3, 6), 28)
    x, y = _from_toe(pen, height)
    ground = profile(x, (9, 0), (19.5, heel))
    front, instep = between(9.5, 13) + high, between(0.38, 0.5) + 0.06 * high
    top = height * profile(
        x,
        (0, between(0.14, 0.26)),
        (2.5, between(0.29, 0.39)),
        (front - 3.5, instep),
        (front, instep + between(0.12, 0.25)),
        (front + between(0.5, 2.5), between(0.92, 1)),
        (26.5, between(0.88, 1)),
    )
    back = profile(y, (0, between(26.3, 28)), (height * 0.5, between(26, 27.6)), (height, between(25, 28)))
    foot = soft(top - y) * soft(y - ground) * soft(x - 0.2) * soft(back - x)
    block = soft(x - between(18.5, 21.5) - high * between(0, 4.5)) * soft(back - x) * soft(y) * soft(ground + 1 - y)
    cover = np.maximum(foot, block)
    pen.fill(cover, grey)
    shaft = soft(x - front - (height - y) * between(-0.3, 0.6)) * soft(y - height * between(0.3, 0.5))
    pen.fill(foot * shaft * chance(0.35), grey * between(0.6, 1.3))
    gore = line(x - between(17, 22), between(3, 6)) * soft(y - height * 0.45)
    pen.fill(foot * gore * chance(0.35), grey * between(0.6, 1.3))
    pen.fill(foot * line(y - top + between(0.5, 3), 1.2) * soft(x - front) * between(0, 0.7), grey * between(0.2, 1.2))
    pen.fill(foot * line(x - between(13, 25), 0.8) * soft(y - height * 0.5) * chance(0.3), grey * between(0, 1.2))
    _leather(pen, cover, grey, 0.6)
    sole = ground + between(0.3, 2.2)
    pen.fill(foot * line(y - sole - 0.8, 0.6) * np.maximum(between(-0.6, 1), 0), between(0, 80))
    pen.fill(cover * soft(sole - y) * between(0.1, 1), grey + between(-180, 20))


def sandal(pen: Pen) -> None:
    """A thin sole, flat, on a wedge or on a high heel, and a few straps."""
    between, chance = pen.between, pen.chance
    grey, flat, wedge, high = between(40, 240), *pen.choice(0.55, 0.08, 0.37)
    heel = flat * between(0, 1.5) + wedge * between(3, 12) + high * between(5, 14)
    height = np.clip(heel + between(6, 11) + high * between(1, 5), 8, 28)
    x, y = _from_toe(pen, height)
    ground = profile(x, (9, between(0, 2) * (1 - flat)), (19.5, heel))
    thick, strap, foot = between(1, 2.8), between(0.9, 2.4), 14 + height / 2
    ends = soft(x - 0.3) * soft(27.7 - x)
    sole = soft(ground + thick - y) * soft(y - ground * (1 - wedge)) * ends
    pillar = soft(x - 28 + between(1.6, 6, 3)) * soft(ground + 1 - y) * soft(y) * ends
    broad = soft(y - ground) * soft(ground + between(4, 9) - y) * soft(x - 1) * ends  # with holes
    straps = chance(0.15) * broad * soft(3 * (pen.noise(6, 9) + between(-0.2, 0.8)))
    for share, middle, half, tall in (
        (0.8, between(-12, -7), between(1.5, 4), between(2.2, 5)),
        (0.45, between(-7, -2), between(1.5, 4), between(3, 6.5)),
        (0.2, between(-10, -2), between(3, 7), between(3, 6)),
    ):  # bows over the toes
        base = foot - profile(middle + 14, (9, 0), (19.5, heel)) - thick / 2
        width = strap + 2 * chance(0.15)
        straps = np.maximum(straps, chance(share) * pen.arch(middle - half, middle + half, base, tall, width, 2))
    ankle, top = between(9, 13), foot - height + 1
    ends_of_straps = [(0.75, ankle, foot - heel, ankle + between(-1.5, 0.5), top, between(0.8, 1.8))]
    for share in (0.6, 0.45):  # round the ankle
        right, left = ankle + between(-1, 1), ankle - between(3, 9)
        ends_of_straps += [(share, right, top + between(0, 3), left, top + between(-1, 5), 1)]
    for share in (0.45, 0.25):  # from the toes to the ankle
        right = between(4, 12)
        ends_of_straps += [(share, between(-11, -2), foot - thick, right, top + between(0, 2), between(0.7, 1.8))]
    for share, *ends_of_strap, width in ends_of_straps:
        straps = np.maximum(straps, chance(share) * pen.stroke(*ends_of_strap, strap * width))
    pen.fill(np.maximum(sole, pillar * high), grey)
    pen.fill(straps, grey + chance(0.5) * (between(70, 250) - grey))
    pen.ink *= np.maximum(1 + between(0, 0.3) * pen.noise(12, 12), 0.2)


def bag(pen: Pen) -> None:
    """A clutch, or a tote with handles; some with a strap that hangs at the side."""
    x, y, between, chance = pen.x, pen.y, pen.between, pen.chance
    grey, clutch, tote = between(60, 230, 0.7), *pen.choice(0.5, 0.5)
    handle = tote * between(4, 13)
    body = clutch * between(15, 22) + tote * (28 - handle) * between(0.75, 1)
    wide = clutch * between(12, 14) + tote * between(7, 14, 0.6)
    bottom = 14 + (body + handle) / 2
    top = bottom - body
    side = profile(y, (top, wide - tote * between(0, 4)), (top + between(4, 12), wide), (bottom, wide - between(0, 2)))
    across, down, corner = side - np.abs(x), np.minimum(bottom - y, y - top), between(0.3, 5, 1.5)
    rounded = corner - np.sqrt(np.maximum(corner - across, 0) ** 2 + np.maximum(corner - down, 0) ** 2)
    depth = np.minimum(np.minimum(across, down), rounded)
    cover, light = soft(depth), grey * between(0.6, 1.4)
    half, width, power = np.minimum(between(2.5, 8), wide - 1), between(1, 2.4), between(1, 4)
    for shift, share in ((0, 1), (1, 0.3)):  # handles
        grip = pen.arch(-half + shift, half + shift, top + 2, handle + 1.5 - shift, width, power)
        pen.fill(grip * tote * chance(share), light)
    left = -wide - between(-1, 2)
    strap = pen.stroke(1 - wide, top + between(0, 3), left, bottom - between(0, 6), between(0.8, 1.8))
    pen.fill(strap * chance(0.35), light)
    pen.fill(cover, grey)
    pen.cloth(cover, picture=1.5, stripes=0.7, flowers=0.6, checks=0.4)
    pen.fill(cover * soft(between(0.3, 1.2) - depth) * between(0, 0.9), grey + between(-90, 70))
    flap = top + body * between(0.15, 0.6) - np.abs(x) * between(-0.1, 0.3)
    pen.fill(cover * line(y - flap, 0.8) * chance(0.6) * between(0.3, 1), grey + between(-130, 90))
    pen.fill(cover * soft(flap - y) * chance(0.25) * between(0.2, 0.8), grey + between(-100, 90))
    clasp = soft(between(0.3, 1.2) - np.sqrt((x + pen.normal(0.5)) ** 2 + (y - flap - between(0, 2)) ** 2))
    pen.fill(cover * clasp * chance(0.35), between(0, 255))


def _from_toe(pen: Pen, height) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates of a shoe of some height in the middle of the picture: x from its toe, y up from the ground."""
    return pen.x + 14, 14 + height / 2 - pen.y


def _leather(pen: Pen, cover, grey, busy: float) -> None:
    """Patches, seams and gloss; `busy` is the chance of each."""
    between = pen.between
    patch = soft(3 * (pen.noise(5, 6) - between(-0.5, 1.5)))
    pen.fill(cover * patch * pen.chance(busy) * between(0.2, 0.9), grey + between(-140, 90))
    for _ in range(3):
        x0, y0 = between(-8, 12), between(8, 20)
        seam = pen.stroke(x0, y0, x0 + between(-7, 7), y0 + between(-6, 6), between(0.3, 1.6))
        pen.fill(cover * seam * pen.chance(busy) * between(0.4, 1), grey + between(-220, 60))
    gloss = between(0, 0.12) * pen.noise(7, 9) + between(0, 0.1) * pen.noise(14, 14)
    pen.ink *= 1 + gloss + between(-0.2, 0.2) * pen.x / 14
