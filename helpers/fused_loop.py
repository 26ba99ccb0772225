"""The compiled loop of ``helpers.fused``: from raw columns of trips to weights, a few hundred trips at a time.

A block of trips is checked, turned into features, standardised and learned from while its numbers are still in the
processor's first cache. ``helpers.taxi`` remains the definition of a usable trip and of its features.
"""

from __future__ import annotations

import numba
import numpy as np

from helpers import taxi, taxi_arithmetic

_HOURS = np.arange(168)  # hours of the week from Monday, midnight
CYCLES = np.column_stack(
    [
        taxi.HOUR_SIN[_HOURS % 24],
        taxi.HOUR_COS[_HOURS % 24],
        taxi.WEEKDAY_SIN[_HOURS // 24],
        taxi.WEEKDAY_COS[_HOURS // 24],
    ]
)
_F = np.float32
_GRID_SIN, _GRID_COS = _F(np.sin(taxi.GRID_ANGLE)), _F(np.cos(taxi.GRID_ANGLE))
_LONGITUDE, _LATITUDE = map(_F, taxi.CENTRE)
(_JFK_LON, _JFK_LAT), (_LGA_LON, _LGA_LAT), (_EWR_LON, _EWR_LAT) = (map(_F, place) for place in taxi.AIRPORTS.values())
_MICROSECONDS = 3_600_000_000  # per hour
_offset = numba.njit(inline="always")(taxi_arithmetic.offset)  # the very lines that the other engines run
_is_usable = numba.njit(inline="always")(taxi_arithmetic.is_usable)  # `&` evaluates all: faster than jumping
_COLUMNS = len(taxi.FEATURES)
_BLOCK = 512  # trips: 17 features of 2 kB each
_TOGETHER = 4  # trips whose steps are taken at once


# The cache knows this file only: touch it after changing helpers.taxi_arithmetic.
@numba.njit(cache=True, nogil=True, error_model="numpy")
def learn(trips, cycles, mean, inverse_scale, weights, intercept, t, eta0):
    x = np.zeros((_COLUMNS, _BLOCK + _TOGETHER), np.float32)  # behind the block: zeros for _overlaps to look at
    fares, overlaps = np.empty(_BLOCK, np.float32), np.empty((_TOGETHER - 1, _BLOCK), np.float32)
    usable, rates, squared_error = np.empty(_BLOCK, np.bool_), np.empty(_BLOCK), 0.0
    for start in range(0, len(trips[0]), _BLOCK):
        block = _slice(trips, start, start + _BLOCK)
        _mark_usable(block, usable)
        _fill_features(block, cycles, x)
        _standardise(x, block[-1], usable, mean, inverse_scale, fares)
        t = _learning_rates(usable, t, eta0, rates)
        _overlaps(x, overlaps)
        intercept, error = _descend(x, fares, usable, rates, overlaps, weights, intercept)
        squared_error += error
    return intercept, t, squared_error


@numba.njit(inline="always")
def _slice(trips, start, stop):
    pickup, lon1, lat1, lon2, lat2, passengers, fares = trips
    part = slice(start, stop)
    return pickup[part], lon1[part], lat1[part], lon2[part], lat2[part], passengers[part], fares[part]


@numba.njit
def _mark_usable(trips, usable):
    pickup, lon1, lat1, lon2, lat2, passengers, fares = trips
    for i in range(len(pickup)):
        usable[i] = _is_usable(pickup[i], lon1[i], lat1[i], lon2[i], lat2[i], passengers[i], fares[i])
    usable[len(pickup) :] = False


@numba.njit(error_model="numpy")
def _fill_features(trips, cycles, x):
    """Rows of `x` in the order of taxi.FEATURES. Short loops over few columns use the processor's vector registers."""
    pickup, lon1s, lat1s, lon2s, lat2s, passengers, _ = trips
    for i in range(len(pickup)):
        east, north = _offset(lon1s[i], lat1s[i], lon2s[i], lat2s[i])
        distance = np.sqrt(east * east + north * north)
        x[0, i] = distance
        x[1, i] = abs(east * _GRID_SIN + north * _GRID_COS) + abs(east * _GRID_COS - north * _GRID_SIN)
        x[2, i] = east / distance if distance > 0 else _F(0)
        x[3, i] = north / distance if distance > 0 else _F(0)
    for i in range(len(pickup)):
        lon1, lat1, lon2, lat2 = lon1s[i], lat1s[i], lon2s[i], lat2s[i]
        x[4, i] = _nearer(_JFK_LON, _JFK_LAT, lon1, lat1, lon2, lat2)
        x[5, i] = _nearer(_LGA_LON, _LGA_LAT, lon1, lat1, lon2, lat2)
        x[6, i] = _nearer(_EWR_LON, _EWR_LAT, lon1, lat1, lon2, lat2)
    for i in range(len(pickup)):
        x[7, i], x[8, i] = _offset(_LONGITUDE, _LATITUDE, lon1s[i], lat1s[i])
        x[9, i], x[10, i] = _offset(_LONGITUDE, _LATITUDE, lon2s[i], lat2s[i])
    for i in range(len(pickup)):
        hour = np.int32(pickup[i] // _MICROSECONDS)
        of_week = (hour + 72) % 168  # hour 0, on 1 January 1970, was on a Thursday
        for j in range(4):
            x[11 + j, i] = cycles[of_week, j]
        x[15, i] = 1970 + (hour // 24) / 365.2425
        x[16, i] = passengers[i]


@numba.njit(inline="always")
def _nearer(lon, lat, lon1, lat1, lon2, lat2):
    """Km from a place to the nearer end of a trip: one square root, not two."""
    x1, y1 = _offset(lon1, lat1, lon, lat)
    x2, y2 = _offset(lon2, lat2, lon, lat)
    return np.sqrt(min(x1 * x1 + y1 * y1, x2 * x2 + y2 * y2))


@numba.njit(error_model="numpy")
def _standardise(x, block_fares, usable, mean, inverse_scale, fares):
    """Trips that are not usable become zeros, which no step can see."""
    for j in range(_COLUMNS):
        shift, factor = mean[j], inverse_scale[j]
        for i in range(_BLOCK):
            value = (x[j, i] - shift) * factor
            x[j, i] = value if usable[i] else _F(0)
    for i in range(len(block_fares)):
        fares[i] = block_fares[i]


@numba.njit(error_model="numpy")
def _learning_rates(usable, t, eta0, rates):
    """Only usable trips count; returns the count after the block."""
    for i in range(_BLOCK):
        rates[i] = t
        t += usable[i]
    for i in range(_BLOCK):
        rate = eta0 / np.sqrt(np.sqrt(rates[i]))  # eta0 / t ** 0.25
        rates[i] = rate if usable[i] else 0.0
    return t


# From here on sums may be reordered, so that they use vector registers; features keep the rounding of helpers.taxi.
@numba.njit(error_model="numpy", fastmath={"reassoc", "contract"})
def _overlaps(x, overlaps):
    """Dot products of each trip with the next three, 1 added for the intercept."""
    for lag in range(1, _TOGETHER):
        for i in range(_BLOCK):
            overlaps[lag - 1, i] = 1
        for j in range(_COLUMNS):
            for i in range(_BLOCK):
                overlaps[lag - 1, i] += x[j, i] * x[j, i + lag]


@numba.njit(error_model="numpy", fastmath={"reassoc", "contract"})
def _descend(x, fares, usable, rates, overlaps, w, intercept):
    """One step per usable trip, as w -= rate * error * x takes them one after another, but four at a time.

    A trip's prediction waits for the step before it, and most of a processor would idle meanwhile. So a, b, c and d
    are predicted together, by the weights as they were before a. The step of a moves the prediction of b by
    rate * error of a times the overlap of a and b; with these few numbers all four errors come out as one by one.
    """
    squared_error = 0.0
    for i in range(0, _BLOCK, _TOGETHER):
        a = b = c = d = intercept
        for j in range(_COLUMNS):
            a += w[j] * x[j, i]
            b += w[j] * x[j, i + 1]
            c += w[j] * x[j, i + 2]
            d += w[j] * x[j, i + 3]

        error_a = a - fares[i] if usable[i] else 0.0
        step_a = rates[i] * error_a
        b -= step_a * overlaps[0, i]
        c -= step_a * overlaps[1, i]
        d -= step_a * overlaps[2, i]
        error_b = b - fares[i + 1] if usable[i + 1] else 0.0
        step_b = rates[i + 1] * error_b
        c -= step_b * overlaps[0, i + 1]
        d -= step_b * overlaps[1, i + 1]
        error_c = c - fares[i + 2] if usable[i + 2] else 0.0
        step_c = rates[i + 2] * error_c
        d -= step_c * overlaps[0, i + 2]
        error_d = d - fares[i + 3] if usable[i + 3] else 0.0
        step_d = rates[i + 3] * error_d

        for j in range(_COLUMNS):
            w[j] -= step_a * x[j, i] + step_b * x[j, i + 1] + step_c * x[j, i + 2] + step_d * x[j, i + 3]
        intercept -= step_a + step_b + step_c + step_d
        squared_error += error_a * error_a + error_b * error_b + error_c * error_c + error_d * error_d
    return intercept, squared_error
