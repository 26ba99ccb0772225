"""An endless table of New York taxi trips, made up: for laptops without a network, and for any number of rows.

Used by all notebooks about taxis, by way of the Parquet files that ``python -m data_scripts.taxi`` writes.
Everything from here is synthetic and must be labelled so: "synthetic, seed 0". The trips come from a small model
of the city (the module ``city``), not from any sample of trips: people leave a place for another at some hour of
the week, a cab drives there through the traffic of that hour, the taximeter counts by the tariff of that day, and the
GPS blurs it all. About 3 % of the rows are dirty in the ways real files are.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from helpers.synthetic import city
from helpers.synthetic.city_tables import ADDRESSES, GRID_COS, GRID_SIN, KM_EAST, LEVELS, city_tables
from helpers.taxi import CENTRE, KM_PER_DEGREE, SCHEMA

BLOCK_ROWS = 125_000  # rows that share a random generator; any range of rows is cut out of such blocks
KM_PER_MILE = 1.609344
_ROLLING_MINUTES = np.float32(60 / city.ROLLING_MPH)  # per mile


def taxi_trips(start: int, stop: int, *, seed: int = 0) -> pa.Table:
    """Make rows `start` to `stop` of the endless table of synthetic trips.

    The same seed gives the same rows, however the range is cut into calls and whichever process makes them.
    For many rows, go block by block (multiples of ``BLOCK_ROWS``), so that memory does not grow with them.

    Parameters
    ----------
    start, stop : int
        Range of rows, from 0, without `stop`.
    seed : int
        Which table, from 0.

    Returns
    -------
    pyarrow.Table
        ``stop - start`` trips with ``helpers.taxi.SCHEMA``, from 2009-01-01 to 2015-06-30 in random order.
        ``fare_amount`` includes tunnel tolls, as in Kaggle's file, and no surcharge, tip or tax.
        A missing drop-off is null.

    Raises
    ------
    ValueError
        If the range runs backwards or a number is negative.
    """
    if start < 0 or stop < start or seed < 0:
        raise ValueError(f"rows {start} to {stop} with seed {seed} do not exist: need 0 <= start <= stop and seed >= 0")
    tables = [SCHEMA.empty_table()] if start == stop else []
    for block in range(start // BLOCK_ROWS, -(-stop // BLOCK_ROWS)):
        first = block * BLOCK_ROWS
        cut = slice(max(start - first, 0), min(stop - first, BLOCK_ROWS))
        columns = _block(seed, block)
        tables.append(
            pa.table([pa.array(columns[name][cut], from_pandas=True) for name in SCHEMA.names], schema=SCHEMA)
        )
    return pa.concat_tables(tables)


def _block(seed: int, block: int) -> dict[str, np.ndarray]:
    """All columns of one block."""
    rng = np.random.Generator(np.random.Philox(key=np.array([seed, block], dtype="u8")))
    tables = city_tables()
    second, hour = _times(rng, tables)
    pair = tables.pairs.take(tables.situation.take(hour).astype("i4") * LEVELS + _draw(rng))
    x1, y1, x2, y2 = _ends(rng, pair, tables)
    aborted, stuck = _some(rng, city.ABORTED_SHARE), _some(rng, city.STUCK_SHARE)
    fare = _fares(rng, pair, x2 - x1, y2 - y1, second, hour, aborted, tables)
    _stand_still(rng, np.concatenate([aborted, stuck]), x1, y1, x2, y2)
    trips = {"pickup_datetime": (second + tables.first_second).astype("datetime64[s]").astype("datetime64[us]")}
    for end, x, y in (("pickup", x1, y1), ("dropoff", x2, y2)):
        trips[f"{end}_longitude"] = x * np.float32(1 / KM_EAST) + np.float32(CENTRE[0])
        trips[f"{end}_latitude"] = y * np.float32(1 / KM_PER_DEGREE) + np.float32(CENTRE[1])
    trips["passenger_count"] = tables.passengers.take(_draw(rng))
    trips["fare_amount"] = fare
    _spoil(rng, trips)
    return trips


def _draw(rng: np.random.Generator, size: int = BLOCK_ROWS) -> np.ndarray:
    """Whole numbers from 0 to 65,535: indices of a look-up table."""
    return rng.integers(0, LEVELS, size, dtype=np.uint16)


def _some(rng: np.random.Generator, share: float) -> np.ndarray:
    """Indices of a random share of the rows."""
    return np.flatnonzero(_draw(rng) < share * LEVELS)


def _normal(rng: np.random.Generator, size=BLOCK_ROWS) -> np.ndarray:
    return rng.standard_normal(size, dtype=np.float32)


def _times(rng, tables) -> tuple[np.ndarray, np.ndarray]:
    """Seconds since the first day, and the hour of the week (0 is Monday, midnight)."""
    since, weeks = tables.hours.take(_draw(rng)), tables.weeks.take(_draw(rng))
    second = weeks * 604_800 + since * 3_600 + (_draw(rng).astype("i4") * 3_600 >> 16)
    second[second >= tables.seconds] -= 604_800  # the last week is not whole
    rows = _some(rng, 0.45)  # one of the two makers of meters writes no seconds
    second[rows] -= second[rows] % 60
    return second, (since + 72) % 168  # the first day was a Thursday


def _ends(rng, pair, tables) -> list[np.ndarray]:
    """Km east and north of Times Square: pick-up x, y, drop-off x, y."""
    origin = tables.first_address.take(pair) + _draw(rng) % ADDRESSES
    base = tables.last_address.take(pair)
    target = base + _draw(rng) % ADDRESSES
    x1, y1 = tables.x.take(origin), tables.y.take(origin)
    near = np.flatnonzero(np.abs(tables.x.take(target) - x1) + np.abs(tables.y.take(target) - y1) < 0.4)
    target[near] = base[near] + _draw(rng, len(near)) % ADDRESSES  # a few blocks: most people walk
    ends = [x1, y1, tables.x.take(target), tables.y.take(target)]
    return [end + _normal(rng) * np.float32(city.GPS_METERS / 1_000) for end in ends]


def _fares(rng, pair, east, north, second, hour, aborted, tables) -> np.ndarray:
    """What the taximeter shows at the end, US$: units of distance and of slow minutes, flat rates, tolls."""
    grid = np.abs(east * GRID_SIN + north * GRID_COS) + np.abs(east * GRID_COS - north * GRID_SIN)
    straight = np.sqrt(east * east + north * north)
    km = np.where(tables.on_grid.take(pair), grid, straight * tables.detour.take(pair))
    km = km * (1 + np.float32(0.06) * _normal(rng)) + np.float32(0.05)  # the driver's choice; one-way streets
    highway = np.maximum(km - np.float32(city.STREET_KM), 0) * tables.highway.take(pair)
    day = second // 86_400
    crawl = tables.minutes.take(hour) / (tables.pace.take(pair) * tables.faster.take(day)) - _ROLLING_MINUTES
    minutes = ((km - highway) * crawl + highway * tables.jam.take(hour)) * np.exp(np.float32(0.3) * _normal(rng))
    units = (5 * km + np.maximum(minutes, 0)) * np.float32(1 / KM_PER_MILE)  # minutes are per mile until here
    errands = _some(rng, city.ERRAND_SHARE)
    units[errands] *= 1 + 2 * rng.random(len(errands), dtype=np.float32)
    units[aborted] = 10 * rng.random(len(aborted), dtype=np.float32)

    inspected = _draw(rng) * np.float32(city.METERS_CHANGED_DAYS / LEVELS)
    raised = (day - tables.raise_day >= inspected).astype("i1")
    fare = np.float32(city.FLAG) + np.floor(units) * tables.unit.take(raised)
    rows = _some(rng, city.FLAT_SHARE)
    rows = rows[tables.is_flat.take(pair[rows])]
    fare[rows] = tables.flat.take(raised[rows])
    rows = np.flatnonzero(tables.to_newark.take(pair))
    fare[rows] += tables.newark.take(raised[rows])
    rows = np.flatnonzero(_draw(rng) < tables.toll_share.take(pair))
    fare[rows] += tables.toll.take(day[rows]) * tables.toll_times.take(pair[rows])
    rows = _some(rng, city.NEGOTIATED_SHARE)
    fare[rows] = rng.integers(5, 100, len(rows))
    return fare


def _stand_still(rng, rows, x1, y1, x2, y2) -> None:
    """Put the drop-offs of some rows at their pick-ups, half of them to the last digit."""
    blur = _normal(rng, (2, len(rows))) * np.float32(city.GPS_METERS / 1_000) * (_draw(rng, len(rows)) % 2)
    x2[rows], y2[rows] = x1[rows] + blur[0], y1[rows] + blur[1]


def _spoil(rng, trips: dict[str, np.ndarray]) -> None:
    """Make about 3 % of the rows dirty, each in one way."""
    ends = ["pickup_longitude", "pickup_latitude", "dropoff_longitude", "dropoff_latitude"]
    rows = _some(rng, sum(city.DIRT.values()))
    kinds = rng.choice(len(city.DIRT), len(rows), p=np.array([*city.DIRT.values()]) / sum(city.DIRT.values()))
    chosen = {kind: rows[kinds == number] for number, kind in enumerate(city.DIRT)}
    for name in ends:
        trips[name][chosen["zero_both"]] = 0
    for longitude, latitude in (ends[:2], ends[2:]):
        swapped = chosen["swapped"]
        trips[longitude][swapped], trips[latitude][swapped] = trips[latitude][swapped], trips[longitude][swapped]
    for name in ends[2:]:
        trips[name][chosen["zero_one"]] = 0
        trips[name][chosen["missing"]] = np.nan  # Arrow's null, in the end
    far = chosen["far_away"]
    trips["dropoff_longitude"][far] += np.float32(50) * (1 + rng.random(len(far), dtype=np.float32))
    trips["fare_amount"][chosen["negative_fare"]] *= -1
    trips["fare_amount"][chosen["zero_fare"]] = 0
    trips["fare_amount"][chosen["absurd_fare"]] = rng.integers(300, 1_300, len(chosen["absurd_fare"]))
    trips["passenger_count"][chosen["no_passengers"]] = 0
    trips["passenger_count"][chosen["many_passengers"]] = rng.choice([9, 129, 208], len(chosen["many_passengers"]))
