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
    """One boolean per trip. NaN fails every comparison, so missing values fall out by themselves."""
    keep = (trips["fare_amount"] >= MIN_FARE) & (trips["fare_amount"] <= MAX_FARE)
    keep &= (trips["passenger_count"] >= MIN_PASSENGERS) & (trips["passenger_count"] <= MAX_PASSENGERS)
    keep &= ~np.isnat(trips["pickup_datetime"])
    for end in ("pickup", "dropoff"):
        longitude, latitude = trips[f"{end}_longitude"], trips[f"{end}_latitude"]
        keep &= (longitude >= WEST) & (longitude <= EAST) & (latitude >= SOUTH) & (latitude <= NORTH)
    return keep


def compute(trips: dict[str, np.ndarray]) -> list[np.ndarray]:
    """The columns named in FEATURES, in that order."""
    lon1, lat1 = trips["pickup_longitude"], trips["pickup_latitude"]
    lon2, lat2 = trips["dropoff_longitude"], trips["dropoff_latitude"]
    east, north = _offset(lon1, lat1, lon2, lat2)
    distance = np.sqrt(east * east + north * north)
    along = np.abs(east * np.float32(np.sin(GRID_ANGLE)) + north * np.float32(np.cos(GRID_ANGLE)))
    across = np.abs(east * np.float32(np.cos(GRID_ANGLE)) - north * np.float32(np.sin(GRID_ANGLE)))
    with np.errstate(invalid="ignore", divide="ignore"):
        bearing_sin = np.where(distance > 0, east / distance, np.float32(0))
        bearing_cos = np.where(distance > 0, north / distance, np.float32(0))
    near = [_nearer(*place, lon1, lat1, lon2, lat2) for place in AIRPORTS.values()]
    places = [*_offset(*CENTRE, lon1, lat1), *_offset(*CENTRE, lon2, lat2)]

    # Days fit 32 bits, which divide faster than 64; day 0, 1 January 1970, was a Thursday; Monday is 0.
    hours = (trips["pickup_datetime"].astype("datetime64[us]", copy=False).view("i8") // 3_600_000_000).astype("i4")
    days = hours // 24
    hour, weekday = hours - 24 * days, (days + 3) % 7
    year = (1970 + days / 365.2425).astype("f4")
    cycles = [HOUR_SIN.take(hour), HOUR_COS.take(hour), WEEKDAY_SIN.take(weekday), WEEKDAY_COS.take(weekday)]
    passengers = trips["passenger_count"].astype("f4")
    return [distance, along + across, bearing_sin, bearing_cos, *near, *places, *cycles, year, passengers]


def _offset(lon1, lat1, lon2, lat2) -> tuple[np.ndarray, np.ndarray]:
    """Kilometres east and north from place 1 to place 2, float32 (equirectangular projection)."""
    middle = (np.float32(0.5) * (lat1 + lat2) - np.float32(CENTRE[1])) * np.float32(np.pi / 180)
    c0, c1, c2 = map(np.float32, COSINE)
    cosine = c0 + c1 * middle + c2 * middle * middle
    return (lon2 - lon1) * cosine * np.float32(KM_PER_DEGREE), (lat2 - lat1) * np.float32(KM_PER_DEGREE)


def _nearer(lon, lat, lon1, lat1, lon2, lat2) -> np.ndarray:
    """Kilometres from a place to the nearer end of a trip."""
    east1, north1 = _offset(lon1, lat1, lon, lat)
    east2, north2 = _offset(lon2, lat2, lon, lat)
    return np.sqrt(np.minimum(east1 * east1 + north1 * north1, east2 * east2 + north2 * north2))
