"""The fastest way through the taxi trips: one compiled loop from raw columns to weights.

Used by the notebook about streaming, by ``tests/bench_stream.py`` and by ``tests/billion.py``. The numpy path writes
17 columns to memory and reads them back three times; here a few hundred trips at a time are checked, turned into
features, standardised and learned from while their numbers are still in the processor's first cache. ``helpers.taxi``
remains the definition of a usable trip and of its features, and scikit-learn's `SGDRegressor` the definition of a
step: tests hold this loop to both.
"""

from __future__ import annotations

import numba
import numpy as np
import pyarrow as pa
from sklearn.linear_model import SGDRegressor

from helpers import taxi

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
_COS, _SIN, _HALF_COS, _LATITUDE = _F(taxi._COS), _F(taxi._SIN), _F(0.5 * taxi._COS), _F(taxi.CENTRE[1])
_RADIANS, _KM, _HALF = _F(np.pi / 180), _F(taxi.KM_PER_DEGREE), _F(0.5)
_GRID_SIN, _GRID_COS = _F(np.sin(taxi.GRID_ANGLE)), _F(np.cos(taxi.GRID_ANGLE))
_WEST, _EAST, _SOUTH, _NORTH = _F(taxi.WEST), _F(taxi.EAST), _F(taxi.SOUTH), _F(taxi.NORTH)
_MIN_FARE, _MAX_FARE = _F(taxi.MIN_FARE), _F(taxi.MAX_FARE)
_MIN_PASSENGERS, _MAX_PASSENGERS = taxi.MIN_PASSENGERS, taxi.MAX_PASSENGERS
_CENTRE_LON = _F(taxi.CENTRE[0])
(_JFK_LON, _JFK_LAT), (_LGA_LON, _LGA_LAT), (_EWR_LON, _EWR_LAT) = (map(_F, place) for place in taxi.AIRPORTS.values())
_NAT = np.iinfo("i8").min  # how numpy writes a missing time
_MICROSECONDS = 3_600_000_000  # per hour
_COLUMNS = len(taxi.FEATURES)
_BLOCK = 512  # trips: 17 features of 2 kB each


def partial_fit(model: SGDRegressor, trips: pa.RecordBatch, mean: np.ndarray, scale: np.ndarray) -> tuple[int, float]:
    """Learn from a batch of raw trips, as ``model.partial_fit`` does from standardised features of the usable ones.

    Parameters
    ----------
    model : sklearn.linear_model.SGDRegressor
        With ``shuffle=False``, squared error, penalty None or "l2", learning rate "constant" or "invscaling", and no
        averaging. Its ``coef_``, ``intercept_`` and ``t_`` are made or updated; weights are float64 unless a
        first ``model.partial_fit`` made them float32.
    trips : pyarrow.RecordBatch
        With the columns of ``helpers.taxi.SCHEMA``; read where they lie, unless a column holds nulls.
    mean, scale : ndarray of shape (17,)
        Features are standardised to ``(x - mean) / scale``.

    Returns
    -------
    rows : int
        Usable trips.
    squared_error : float
        Summed over them, each predicted before it was learned from.

    Raises
    ------
    ValueError
        If the model is set to something else, a column is missing, or the weights overflow.
    """
    _check(model)
    if not hasattr(model, "coef_"):
        model.coef_, model.intercept_ = np.zeros(_COLUMNS), np.zeros(1)
        model.t_, model.n_features_in_ = 1.0, _COLUMNS
    pickup, *places, passengers, fares = taxi._columns_of(trips).values()
    if passengers.dtype != "i2":  # nulls made it float
        passengers = np.nan_to_num(passengers).astype("i2")
    columns = (pickup.view("i8"), *places, passengers, fares)
    decay = model.alpha if model.penalty == "l2" else 0.0
    power = model.power_t if model.learning_rate == "invscaling" else 0.0
    intercept, t, squared_error = _learn(
        columns, CYCLES, np.asarray(mean, "f8"), 1 / np.asarray(scale, "f8"),
        model.coef_, model.intercept_[0], model.t_, model.eta0, power, decay, model.fit_intercept,
    )  # fmt: skip
    if not (np.isfinite(intercept) and np.isfinite(model.coef_).all()):
        raise ValueError("the weights overflowed: choose a smaller eta0")
    rows, model.intercept_[0], model.t_ = int(t - model.t_), intercept, t
    return rows, squared_error


def _check(model: SGDRegressor) -> None:
    wanted = {
        "loss": ("squared_error",),
        "penalty": (None, "l2"),
        "learning_rate": ("constant", "invscaling"),
        "shuffle": (False,),
        "average": (False,),
        "early_stopping": (False,),
    }
    for name, values in wanted.items():
        if getattr(model, name) not in values:
            raise ValueError(f"the fused loop needs {name} of {values}, not {getattr(model, name)!r}")


# The cache knows this file only: touch it after changing a constant of helpers.taxi.
@numba.njit(cache=True, nogil=True, error_model="numpy")
def _learn(trips, cycles, mean, inverse_scale, weights, intercept, t, eta0, power, decay, fit_intercept):
    usable, x = np.empty(_BLOCK, np.bool_), np.empty((_COLUMNS, _BLOCK), np.float32)
    squared_error = 0.0
    for start in range(0, len(trips[0]), _BLOCK):
        block = _slice(trips, start, start + _BLOCK)
        _mark_usable(block, usable)
        _fill_features(block, cycles, x)
        for j in range(_COLUMNS):
            for i in range(_BLOCK):
                x[j, i] = (x[j, i] - mean[j]) * inverse_scale[j]
        intercept, t, error = _step(x, block[-1], usable, weights, intercept, t, eta0, power, decay, fit_intercept)
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
    for i in range(len(pickup)):  # `&` evaluates all, which is faster than jumping; NaN fails every comparison
        keep = (fares[i] >= _MIN_FARE) & (fares[i] <= _MAX_FARE) & (pickup[i] != _NAT)
        keep &= (passengers[i] >= _MIN_PASSENGERS) & (passengers[i] <= _MAX_PASSENGERS)
        keep &= (lon1[i] >= _WEST) & (lon1[i] <= _EAST) & (lat1[i] >= _SOUTH) & (lat1[i] <= _NORTH)
        keep &= (lon2[i] >= _WEST) & (lon2[i] <= _EAST) & (lat2[i] >= _SOUTH) & (lat2[i] <= _NORTH)
        usable[i] = keep


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
        x[7, i], x[8, i] = _offset(_CENTRE_LON, _LATITUDE, lon1s[i], lat1s[i])
        x[9, i], x[10, i] = _offset(_CENTRE_LON, _LATITUDE, lon2s[i], lat2s[i])
    for i in range(len(pickup)):
        hour = np.int32(pickup[i] // _MICROSECONDS)
        of_week = (hour + 72) % 168  # hour 0, on 1 January 1970, was on a Thursday
        for j in range(4):
            x[11 + j, i] = cycles[of_week, j]
        x[15, i] = 1970 + (hour // 24) / 365.2425
        x[16, i] = passengers[i]


@numba.njit(inline="always")
def _offset(lon1, lat1, lon2, lat2):
    middle = (_HALF * (lat1 + lat2) - _LATITUDE) * _RADIANS
    cosine = _COS - _SIN * middle - _HALF_COS * middle * middle
    return (lon2 - lon1) * cosine * _KM, (lat2 - lat1) * _KM


@numba.njit(inline="always")
def _nearer(lon, lat, lon1, lat1, lon2, lat2):
    """Km from a place to the nearer end of a trip: one square root, not two."""
    x1, y1 = _offset(lon1, lat1, lon, lat)
    x2, y2 = _offset(lon2, lat2, lon, lat)
    return np.sqrt(min(x1 * x1 + y1 * y1, x2 * x2 + y2 * y2))


# Only here may sums be reordered, so that they use vector registers; features keep the rounding of helpers.taxi.
@numba.njit(error_model="numpy", fastmath={"reassoc", "contract"})
def _step(x, fares, usable, weights, intercept, t, eta0, power, decay, fit_intercept):
    """One step per usable trip: w -= eta * (error * x + decay * w), in scikit-learn's order."""
    trip, squared_error = np.empty(_COLUMNS, np.float32), 0.0
    for i in range(len(fares)):
        if not usable[i]:
            continue
        predicted = intercept
        for j in range(_COLUMNS):
            trip[j] = x[j, i]
        for j in range(_COLUMNS):
            predicted += weights[j] * trip[j]
        error = predicted - fares[i]
        squared_error += error * error

        eta = eta0 / np.sqrt(np.sqrt(t)) if power == 0.25 else eta0 / t**power
        step = eta * min(max(error, -1e12), 1e12)
        shrink = max(0.0, 1.0 - eta * decay)
        for j in range(_COLUMNS):
            weights[j] = shrink * weights[j] - step * trip[j]
        if fit_intercept:
            intercept -= step
        t += 1
    return intercept, t, squared_error
