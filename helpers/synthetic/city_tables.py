"""The synthetic city as look-up tables: every random draw of a trip becomes one look-up in them.

Used by ``helpers.synthetic``. The tables are made from the numbers of ``helpers.synthetic.city`` once per process.
"""

from __future__ import annotations

from functools import lru_cache
from types import SimpleNamespace

import numpy as np

from helpers.synthetic import city
from helpers.taxi import CENTRE, GRID_ANGLE, KM_PER_DEGREE

LEVELS = 2**16  # random numbers are 16 bits wide, and look-up tables as long
ADDRESSES = 2_048  # per place; trips start and end at addresses
FIRST_DAY, LAST_DAY = np.datetime64("2009-01-01"), np.datetime64("2015-06-30")
KM_EAST = KM_PER_DEGREE * np.cos(np.radians(CENTRE[1]))  # km per degree of longitude
GRID_COS, GRID_SIN = np.float32(np.cos(GRID_ANGLE)), np.float32(np.sin(GRID_ANGLE))


@lru_cache(maxsize=1)
def city_tables() -> SimpleNamespace:
    """The city as look-up tables, made once per process. It is the same city for every seed."""
    tables = SimpleNamespace()
    # Time: by hours since the first midnight, by hour of the week, by day.
    weekdays = list(city.WEEKDAY_TRIPS)
    trips = np.array([*weekdays * 5, *city.SATURDAY_TRIPS, *city.SUNDAY_TRIPS])
    mph = np.array([*list(city.WEEKDAY_MPH) * 5, *list(city.WEEKEND_MPH) * 2])
    tables.hours = _inverse(np.roll(trips, -72)).astype("i4")
    days = int((LAST_DAY - FIRST_DAY).astype(int)) + 1
    tables.seconds = days * 86_400
    tables.weeks = (np.arange(LEVELS) * days / 7 / LEVELS).astype("i4")
    tables.first_second = FIRST_DAY.astype("datetime64[s]").astype("i8")
    clock = np.arange(168) % 24
    tables.minutes = (60 / mph).astype("f4")
    tables.jam = np.where((clock >= 7) & (clock < 20), city.JAM_MINUTES_PER_MILE, 0).astype("f4")
    is_weekend = np.arange(168) >= 120
    tables.situation = np.select(
        [(clock < 4) | (clock >= 21), clock < 7, (clock < 10) & ~is_weekend, clock >= 17],
        [city.NIGHT, city.DAWN, city.MORNING, city.EVENING],
        city.DAY,
    )
    years = np.arange(days) / 365.25
    tables.faster = (1 + city.SLOWER_PER_YEAR * (3.25 - years)).astype("f4")  # speeds are those of the middle year
    dates = FIRST_DAY + np.arange(days)
    tables.raise_day = int((np.datetime64(city.RAISE_DATE) - FIRST_DAY).astype(int))
    since = np.searchsorted(np.array([date for date, _ in city.TOLLS], "datetime64[D]"), dates, side="right") - 1
    tables.toll = np.array([toll for _, toll in city.TOLLS], "f4")[since]
    # Money and people.
    tables.unit, tables.flat, tables.newark = (np.array(x, "f4") for x in (city.UNIT, city.JFK_FLAT, city.NEWARK_EXTRA))
    tables.passengers = np.array([*city.PASSENGERS], "i2")[_inverse(np.array([*city.PASSENGERS.values()]))]
    _add_places(tables)
    return tables


def _inverse(weights: np.ndarray) -> np.ndarray:
    """Inverse distribution: which item each of the 65,536 equally likely draws means."""
    cumulative = np.cumsum(weights, dtype="f8") / np.sum(weights, dtype="f8")
    return np.searchsorted(cumulative, (np.arange(LEVELS) + 0.5) / LEVELS).clip(max=len(weights) - 1)


def _add_places(tables: SimpleNamespace) -> None:
    """Addresses, and everything that depends on the places of both ends."""
    spots = [(zone, *spot[1:]) for zone, rows in city.PLACES.items() for spot in rows]
    spots += [(*airport[:4], 0, 0, 0) for airport in city.AIRPORTS.values()]
    table = np.array(spots)
    zone = table[:, 0].astype(int)
    x, y = (table[:, 1] - CENTRE[0]) * KM_EAST, (table[:, 2] - CENTRE[1]) * KM_PER_DEGREE
    count, airports = len(spots), {name: len(spots) - 3 + i for i, name in enumerate(city.AIRPORTS)}
    rng = np.random.Generator(np.random.Philox(key=0))
    pool = [_addresses(rng, *place) for place in zip(zone, x, y, table[:, 3], strict=True)]
    tables.x, tables.y = np.concatenate(pool, axis=1).astype("f4")

    origin, destination = (i.ravel() for i in np.indices((count, count)))
    tables.first_address, tables.last_address = ((i * ADDRESSES).astype("i4") for i in (origin, destination))
    at = [zone[origin], zone[destination]]
    tables.on_grid = (at[0] == city.MANHATTAN) & (at[1] == city.MANHATTAN)
    tables.detour = np.array(city.DETOUR, "f4")[at[0], at[1]]
    tables.highway = np.where(tables.on_grid, city.HIGHWAY_SHARE_MANHATTAN, city.HIGHWAY_SHARE_OUTSIDE).astype("f4")
    pace = np.where(table[:, 2] < city.CORE_LATITUDE, city.CORE_PACE, city.UPTOWN_PACE)
    pace = np.where(zone == city.MANHATTAN, pace, city.OUTER_PACE)
    tables.pace = ((pace[origin] + pace[destination]) / 2).astype("f4")
    in_manhattan = [i == city.MANHATTAN for i in at]
    is_jfk = [i == airports["jfk"] for i in (origin, destination)]
    tables.is_flat = (is_jfk[0] & in_manhattan[1]) | (is_jfk[1] & in_manhattan[0])
    tables.to_newark = destination == airports["ewr"]
    flies = np.isin(origin, [*airports.values()]) | np.isin(destination, [*airports.values()])
    share = np.where(flies, city.TOLL_SHARE_AIRPORT, city.TOLL_SHARE_OTHER) * (at[0] != at[1])
    tables.toll_share = np.where(tables.to_newark, LEVELS, share * LEVELS).astype("f4")
    tables.toll_times = np.where(tables.to_newark, city.NEWARK_TOLLS, 1).astype("f4")

    apart = np.hypot(x[:, None] - x, y[:, None] - y) + np.minimum(table[:, 3][:, None], table[:, 3])
    gravity = 1 / (1 + (apart / city.GRAVITY) ** 2) * -np.expm1(-((apart / city.WALK) ** 2))
    cruising = np.array(city.CRUISING)[zone]
    pairs = []
    for leaving, arriving, flying in zip(city.ORIGINS, city.DESTINATIONS, city.AIRPORT_TRIPS, strict=True):
        leave, arrive = cruising * (table[:, 4:] @ leaving), table[:, 4:] @ arriving
        share = leave[:, None] * gravity * arrive
        share *= (1 - flying * sum(a[4] + a[5] for a in city.AIRPORTS.values())) / share.sum()
        for name, i in airports.items():  # travelers come from and go to everywhere
            share[i, :] += flying * city.AIRPORTS[name][4] * arrive / arrive.sum()
            share[:, i] += flying * city.AIRPORTS[name][5] * leave / leave.sum()
        pairs.append(_inverse(share.ravel()).astype("i4"))
    tables.pairs = np.concatenate(pairs)


def _addresses(rng, zone: int, x: float, y: float, radius: float) -> np.ndarray:
    """Km east and north of one place's addresses: on land, outside Central Park, along Manhattan's streets."""
    points = np.array([[x], [y]]) + radius * rng.standard_normal((2, 20 * ADDRESSES))
    if zone == city.MANHATTAN:
        along = points[0] * GRID_SIN + points[1] * GRID_COS
        across = points[0] * GRID_COS - points[1] * GRID_SIN
        on_avenue = rng.random(len(along)) < 0.65
        across = np.where(on_avenue, np.round(across / city.AVENUE) * city.AVENUE, across)
        along = np.where(on_avenue, along, np.round(along / city.STREET) * city.STREET)
        points = np.array([along * GRID_SIN + across * GRID_COS, along * GRID_COS - across * GRID_SIN])
    usable = _inside(city.COASTS[zone], *points) & ~_inside(city.CENTRAL_PARK, *points)
    return points[:, np.flatnonzero(usable)[:ADDRESSES]]


def _inside(corners: list[tuple[float, float]], x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Whether points lie in a polygon: a ray to the east crosses its sides an odd number of times."""
    cx, cy = (np.array(corners) - CENTRE).T * [[KM_EAST], [KM_PER_DEGREE]]
    inside = np.zeros(len(x), dtype=bool)
    for x1, y1, x2, y2 in zip(cx, cy, np.roll(cx, -1), np.roll(cy, -1), strict=True):
        if y1 != y2:
            inside ^= ((y1 > y) != (y2 > y)) & (x < x1 + (y - y1) * (x2 - x1) / (y2 - y1))
    return inside
