"""Taxi trips: the one definition of which rows are usable and what a model sees of them.

Used by every notebook about taxis. The same numpy arithmetic serves pandas frames, Arrow record
batches and Dask partitions, so a model trained through one of them can be scored through another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa

if TYPE_CHECKING:  # takes a second to import
    from sklearn.preprocessing import StandardScaler

SCHEMA = pa.schema(
    [
        ("pickup_datetime", pa.timestamp("us")),  # New York local time
        ("pickup_longitude", pa.float32()),  # degrees; float32 is good to 0.4 m here
        ("pickup_latitude", pa.float32()),
        ("dropoff_longitude", pa.float32()),
        ("dropoff_latitude", pa.float32()),
        ("passenger_count", pa.int16()),  # 0 where nobody recorded it
        ("fare_amount", pa.float32()),  # US$ on the meter, without tip and tax; Kaggle adds tolls
    ]
)
TARGET = "fare_amount"

# The five boroughs, Newark airport and the nearest suburbs.
WEST, EAST, SOUTH, NORTH = -74.30, -73.60, 40.45, 41.05
MIN_FARE, MAX_FARE = 2.50, 250.0  # US$: the flag drop, and more than any tariff charges within the box
MIN_PASSENGERS, MAX_PASSENGERS = 1, 6

AIRPORTS = {"jfk": (-73.7822, 40.6446), "lga": (-73.8719, 40.7740), "ewr": (-74.1770, 40.6950)}
CENTRE = (-73.9855, 40.7580)  # Times Square: places are measured in km east and north of it
# Cosine of a latitude near the city: c0 + c1 * m + c2 * m², m in radians from the centre (its Taylor series).
COSINE = (np.cos(np.radians(CENTRE[1])), -np.sin(np.radians(CENTRE[1])), -np.cos(np.radians(CENTRE[1])) / 2)
KM_PER_DEGREE = 6371.0088 * np.pi / 180  # mean Earth radius (IUGG)
GRID_ANGLE = np.radians(29.0)  # Manhattan's avenues run 29 degrees east of north

FEATURES = [
    "distance",
    "manhattan",
    "bearing_sin",
    "bearing_cos",
    "jfk",
    "lga",
    "ewr",
    "pickup_x",
    "pickup_y",
    "dropoff_x",
    "dropoff_y",
    "hour_sin",
    "hour_cos",
    "weekday_sin",
    "weekday_cos",
    "year",
    "passengers",
]

_CACHED_ROWS = 32_768  # a processor's cache holds a few of their columns; fewer rows cost more calls
_HOUR = 2 * np.pi * np.arange(24) / 24
_WEEKDAY = 2 * np.pi * np.arange(7) / 7
HOUR_SIN, HOUR_COS = np.sin(_HOUR).astype("f4"), np.cos(_HOUR).astype("f4")
WEEKDAY_SIN, WEEKDAY_COS = np.sin(_WEEKDAY).astype("f4"), np.cos(_WEEKDAY).astype("f4")

Frame = TypeVar("Frame")


def clean(frame: Frame) -> Frame:
    """Keep the trips that a fare model can use.

    A trip stays if both its ends lie in the box around New York (which drops missing and zero
    coordinates), its fare is within $2.50 and $250, and it carried one to six passengers.

    Parameters
    ----------
    frame : pandas.DataFrame, dask DataFrame, pyarrow.Table or pyarrow.RecordBatch
        Trips with the columns of ``SCHEMA``.

    Returns
    -------
    same type as `frame`
        Its usable rows in their order, all columns.

    Raises
    ------
    ValueError
        If a column that the rules need is missing.
    """
    if hasattr(frame, "map_partitions"):
        return frame.map_partitions(clean)
    keep = _usable(columns_of(frame))
    if isinstance(frame, (pa.Table, pa.RecordBatch)):
        return frame.filter(pa.array(keep))
    return frame[keep]


def features(frame: Frame) -> Frame:
    """Compute what the models see: 17 float32 columns, and the target where it is known.

    Distances are in km on a plane that touches the Earth at each trip's mean latitude; within the
    box this agrees with the haversine formula to better than 0.01 %. ``manhattan`` follows the
    street grid, ``jfk``, ``lga`` and ``ewr`` tell how near the trip comes to an airport at either
    end, ``*_x`` and ``*_y`` are km east and north of Times Square. Hour and weekday are points on
    a circle, so that 23 h lies next to 0 h; ``year`` has decimals.

    Parameters
    ----------
    frame : pandas.DataFrame, dask DataFrame, pyarrow.Table or pyarrow.RecordBatch
        Clean trips with the columns of ``SCHEMA``; ``fare_amount`` may be absent.

    Returns
    -------
    same type as `frame`
        Columns ``FEATURES``, then ``fare_amount`` if `frame` has it, all float32.

    Raises
    ------
    ValueError
        If a column that the features need is missing.
    """
    if hasattr(frame, "map_partitions"):
        return frame.map_partitions(features)
    columns = columns_of(frame, need_target=False)
    out = dict(zip(FEATURES, _compute(columns), strict=True))
    if TARGET in columns:
        out[TARGET] = columns[TARGET].astype("f4", copy=False)
    if isinstance(frame, (pa.Table, pa.RecordBatch)):
        return type(frame).from_pydict(out)
    return pd.DataFrame(out, index=frame.index, copy=False)


def to_xy(frame: pa.RecordBatch | pa.Table, *, scaler: StandardScaler | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Features and fares of the usable trips as arrays: ``clean`` and ``features`` without frames in between.

    Parameters
    ----------
    frame : pyarrow.RecordBatch or pyarrow.Table
        Trips with the columns of ``SCHEMA``.
    scaler : sklearn.preprocessing.StandardScaler, optional
        Fitted on the 17 features: they are standardised by it while the processor's cache holds them.

    Returns
    -------
    X : ndarray of float32, shape (n, 17), C-contiguous
        Columns ``FEATURES``.
    y : ndarray of float32, shape (n,)
        Fares, US$.

    Raises
    ------
    ValueError
        If a column of the schema is missing, or the scaler is not fitted to these features.
    """
    columns = columns_of(frame)
    rows = np.flatnonzero(_usable(columns))  # taking numbered rows is faster than a boolean mask
    X = np.empty((len(rows), len(FEATURES)), dtype="f4")
    if scaler is not None:
        mean, scale = mean_and_scale(scaler)
    for start in range(0, len(rows), _CACHED_ROWS):
        part = rows[start : start + _CACHED_ROWS]
        trips = {name: column.take(part) for name, column in columns.items() if name != TARGET}
        for number, column in enumerate(_compute(trips)):
            if scaler is not None:
                column = (column - mean[number]) / scale[number]
            X[start : start + len(part), number] = column
    return X, columns[TARGET].take(rows)


def mean_and_scale(scaler: StandardScaler) -> tuple[np.ndarray, np.ndarray]:
    """What a scaler subtracts from the features and divides them by: float32, shape (17,), each.

    Raises
    ------
    ValueError
        If it is not fitted, was fitted to other features, or would divide by zero.
    """
    if getattr(scaler, "mean_", None) is None or getattr(scaler, "scale_", None) is None:
        raise ValueError(f"scaler is {scaler!r}, without mean_ and scale_: fit a StandardScaler to the features first")
    mean, scale = np.asarray(scaler.mean_, "f4"), np.asarray(scaler.scale_, "f4")
    if mean.shape != (len(FEATURES),) or scale.shape != mean.shape:
        raise ValueError(f"scaler was fitted to {mean.size} features: fit it to the {len(FEATURES)} of taxi.FEATURES")
    if not (np.isfinite(mean).all() and np.isfinite(scale).all() and (scale > 0).all()):
        raise ValueError("scaler has a mean or a scale that is not finite, or a scale of zero: fit it to usable trips")
    return mean, scale


def columns_of(frame, *, need_target: bool = True) -> dict[str, np.ndarray]:
    """The schema's columns as numpy arrays; missing values become NaN, NaT or 0 passengers."""
    if not isinstance(frame, (pa.Table, pa.RecordBatch, pd.DataFrame)):
        raise TypeError(f"trips are wanted as a DataFrame of pandas or Dask, or as an Arrow table; got {type(frame)}")
    names = frame.schema.names if not isinstance(frame, pd.DataFrame) else list(frame.columns)
    wanted = [name for name in SCHEMA.names if need_target or name != TARGET or name in names]
    missing = [name for name in wanted if name not in names]
    if missing:
        raise ValueError(
            f"taxi trips need the column {', '.join(missing)}; this frame has {', '.join(map(str, names))}"
        )
    return {name: _to_numpy(frame[name], name) for name in wanted}


def _to_numpy(column, name: str) -> np.ndarray:
    if isinstance(column, (pa.Array, pa.ChunkedArray)):
        if column.type != SCHEMA.field(name).type:
            column = column.cast(SCHEMA.field(name).type, safe=False)
        return column.to_numpy(zero_copy_only=False) if isinstance(column, pa.Array) else column.to_numpy()
    if name == "pickup_datetime":
        return column.to_numpy(dtype="datetime64[us]")
    if name == "passenger_count":
        return column.fillna(0).to_numpy(dtype="i2")
    return column.to_numpy(dtype="f4", na_value=np.nan)


def _usable(trips: dict[str, np.ndarray]) -> np.ndarray:
    """One boolean per trip. NaN fails every comparison, so missing values fall out by themselves."""
    keep = (trips[TARGET] >= MIN_FARE) & (trips[TARGET] <= MAX_FARE)
    keep &= (trips["passenger_count"] >= MIN_PASSENGERS) & (trips["passenger_count"] <= MAX_PASSENGERS)
    keep &= ~np.isnat(trips["pickup_datetime"])
    for end in ("pickup", "dropoff"):
        longitude, latitude = trips[f"{end}_longitude"], trips[f"{end}_latitude"]
        keep &= (longitude >= WEST) & (longitude <= EAST) & (latitude >= SOUTH) & (latitude <= NORTH)
    return keep


def _compute(trips: dict[str, np.ndarray]) -> list[np.ndarray]:
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
