"""The arithmetic behind ``helpers.taxi``: which trips are usable, and the numbers that a model sees of them.

Plain numpy on columns, so that pandas frames, Arrow batches and Dask partitions go through the very same lines.
"""

from __future__ import annotations

import numpy as np

# The five boroughs, Newark airport and the nearest suburbs.
WEST, EAST, SOUTH, NORTH = -74.30, -73.60, 40.45, 41.05
# US$ on the meter, for all years: the flag drop ($3.00 since December 2022), and more than any tariff charges within
# the box. Surcharges and congestion fees are columns of their own, which no fare includes.
MIN_FARE, MAX_FARE = 2.50, 250.0
MIN_PASSENGERS, MAX_PASSENGERS = 1, 6

AIRPORTS = {"jfk": (-73.7822, 40.6446), "lga": (-73.8719, 40.7740), "ewr": (-74.1770, 40.6950)}
CENTRE = (-73.9855, 40.7580)  # Times Square: places are measured in km east and north of it
# Cosine of a latitude near the city: c0 + c1 * m + c2 * m², m in radians from the centre (its Taylor series).
COSINE = (np.cos(np.radians(CENTRE[1])), -np.sin(np.radians(CENTRE[1])), -np.cos(np.radians(CENTRE[1])) / 2)
KM_PER_DEGREE = 6371.0088 * np.pi / 180  # mean Earth radius (IUGG)
GRID_ANGLE = np.radians(29.0)  # Manhattan's avenues run 29 degrees east of north
_NAT = np.iinfo("i8").min  # how numpy writes a missing time
_WEST, _EAST, _SOUTH, _NORTH = map(np.float32, (WEST, EAST, SOUTH, NORTH))
_C0, _C1, _C2, _LATITUDE, _RADIANS, _KM, _HALF = map(np.float32, (*COSINE, CENTRE[1], np.pi / 180, KM_PER_DEGREE, 0.5))

GROUPS = {  # what a model sees, by what it tells
    "distance": ["distance", "manhattan"],
    "direction": ["bearing_sin", "bearing_cos"],
    "airports": ["jfk", "lga", "ewr"],
    "pick-up": ["pickup_x", "pickup_y"],
    "drop-off": ["dropoff_x", "dropoff_y"],
    "hour": ["hour_sin", "hour_cos"],
    "weekday": ["weekday_sin", "weekday_cos"],
    "year": ["year"],
    "passengers": ["passengers"],
}
FEATURES = [name for group in GROUPS.values() for name in group]  # in the order in which `compute` gives them

_HOUR = 2 * np.pi * np.arange(24) / 24
_WEEKDAY = 2 * np.pi * np.arange(7) / 7
HOUR_SIN, HOUR_COS = np.sin(_HOUR).astype("f4"), np.cos(_HOUR).astype("f4")
WEEKDAY_SIN, WEEKDAY_COS = np.sin(_WEEKDAY).astype("f4"), np.cos(_WEEKDAY).astype("f4")


def usable(trips: dict[str, np.ndarray]) -> np.ndarray:
    """One boolean per trip, from the columns of the schema in its order."""
    pickup, *others = trips.values()
    return is_usable(pickup.view("i8"), *others)


def is_usable(pickup, lon1, lat1, lon2, lat2, passengers, fare):
    """Of one trip or of arrays of them; compiled, too. NaN fails every comparison, so missing values fall out."""
    keep = (fare >= MIN_FARE) & (fare <= MAX_FARE) & (pickup != _NAT)
    keep &= (passengers >= MIN_PASSENGERS) & (passengers <= MAX_PASSENGERS)
    keep &= (lon1 >= _WEST) & (lon1 <= _EAST) & (lat1 >= _SOUTH) & (lat1 <= _NORTH)
    keep &= (lon2 >= _WEST) & (lon2 <= _EAST) & (lat2 >= _SOUTH) & (lat2 <= _NORTH)
    return keep


def compute(trips: dict[str, np.ndarray]) -> list[np.ndarray]:
    """The columns named in FEATURES, in that order."""
    lon1, lat1 = trips["pickup_longitude"], trips["pickup_latitude"]
    lon2, lat2 = trips["dropoff_longitude"], trips["dropoff_latitude"]
    east, north = offset(lon1, lat1, lon2, lat2)
    distance = np.sqrt(east * east + north * north)
    along = np.abs(east * np.float32(np.sin(GRID_ANGLE)) + north * np.float32(np.cos(GRID_ANGLE)))
    across = np.abs(east * np.float32(np.cos(GRID_ANGLE)) - north * np.float32(np.sin(GRID_ANGLE)))
    with np.errstate(invalid="ignore", divide="ignore"):
        bearing_sin = np.where(distance > 0, east / distance, np.float32(0))
        bearing_cos = np.where(distance > 0, north / distance, np.float32(0))
    near = [_nearer(*place, lon1, lat1, lon2, lat2) for place in AIRPORTS.values()]
    places = [*offset(*CENTRE, lon1, lat1), *offset(*CENTRE, lon2, lat2)]

    # Days fit 32 bits, which divide faster than 64; day 0, 1 January 1970, was a Thursday; Monday is 0.
    hours = (trips["pickup_datetime"].astype("datetime64[us]", copy=False).view("i8") // 3_600_000_000).astype("i4")
    days = hours // 24
    hour, weekday = hours - 24 * days, (days + 3) % 7
    year = (1970 + days / 365.2425).astype("f4")
    cycles = [HOUR_SIN.take(hour), HOUR_COS.take(hour), WEEKDAY_SIN.take(weekday), WEEKDAY_COS.take(weekday)]
    passengers = trips["passenger_count"].astype("f4")
    return [distance, along + across, bearing_sin, bearing_cos, *near, *places, *cycles, year, passengers]


def offset(lon1, lat1, lon2, lat2):
    """Kilometres east and north from place 1 to place 2, float32 (equirectangular projection); compiled, too."""
    middle = (_HALF * (lat1 + lat2) - _LATITUDE) * _RADIANS
    cosine = _C0 + _C1 * middle + _C2 * middle * middle
    return (lon2 - lon1) * cosine * _KM, (lat2 - lat1) * _KM


def _nearer(lon, lat, lon1, lat1, lon2, lat2) -> np.ndarray:
    """Kilometres from a place to the nearer end of a trip."""
    east1, north1 = offset(lon1, lat1, lon, lat)
    east2, north2 = offset(lon2, lat2, lon, lat)
    return np.sqrt(np.minimum(east1 * east1 + north1 * north1, east2 * east2 + north2 * north2))
