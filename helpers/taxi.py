"""Taxi trips: the one definition of which rows are usable and what a model sees of them.

Used by every notebook about taxis. The same numpy arithmetic serves pandas frames, Arrow record
batches and Dask partitions, so a model trained through one of them can be scored through another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa

from helpers.taxi_arithmetic import (  # noqa: F401  constants that others name taxi's
    AIRPORTS,
    CENTRE,
    COSINE,
    EAST,
    FEATURES,
    GRID_ANGLE,
    GROUPS,
    HOUR_COS,
    HOUR_SIN,
    KM_PER_DEGREE,
    MAX_FARE,
    MAX_PASSENGERS,
    MIN_FARE,
    MIN_PASSENGERS,
    NORTH,
    SOUTH,
    WEEKDAY_COS,
    WEEKDAY_SIN,
    WEST,
    compute,
    usable,
)

if TYPE_CHECKING:  # takes a second to import
    from sklearn.preprocessing import StandardScaler

    from helpers.datasets import Dataset

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

_CACHED_ROWS = 32_768  # a processor's cache holds a few of their columns; fewer rows cost more calls
Frame = TypeVar("Frame")


def clean(frame: Frame) -> Frame:
    """Keep the trips that a fare model can use, in their order, with all columns and as the same type of frame.

    A trip stays if both its ends lie in the box around New York (which drops missing and zero
    coordinates), its fare is within $2.50 and $250, and it carried one to six passengers.
    `frame` is of pandas, Dask or Arrow; ValueError if a column that the rules need is missing.
    """
    if hasattr(frame, "map_partitions"):
        return frame.map_partitions(clean)
    keep = usable(columns_of(frame))
    if isinstance(frame, (pa.Table, pa.RecordBatch)):
        return frame.filter(pa.array(keep))
    return frame[keep]


def features(frame: Frame) -> Frame:
    """Compute what the models see of clean trips: columns ``FEATURES``, and the fare where it is known, all float32.

    Distances are in km on a plane that touches the Earth at each trip's mean latitude; within the
    box this agrees with the haversine formula to better than 0.01 %. ``manhattan`` follows the
    street grid, ``jfk``, ``lga`` and ``ewr`` tell how near the trip comes to an airport at either
    end, ``*_x`` and ``*_y`` are km east and north of Times Square. Hour and weekday are points on
    a circle, so that 23 h lies next to 0 h; ``year`` has decimals.
    `frame` is of pandas, Dask or Arrow, and so is the result; ValueError if a column is missing.
    """
    if hasattr(frame, "map_partitions"):
        return frame.map_partitions(features)
    columns = columns_of(frame, need_target=False)
    out = dict(zip(FEATURES, compute(columns), strict=True))
    if TARGET in columns:
        out[TARGET] = columns[TARGET].astype("f4", copy=False)
    if isinstance(frame, (pa.Table, pa.RecordBatch)):
        return type(frame).from_pydict(out)
    return pd.DataFrame(out, index=frame.index, copy=False)


def table(batch: pa.RecordBatch) -> pd.DataFrame:
    """Features, fares (US$, float64) and ``time`` of the pick-up of a batch's usable trips, to look at errors."""
    trips = clean(batch.to_pandas())
    return features(trips).astype({TARGET: "f8"}).assign(time=trips["pickup_datetime"])


def sample(trips: Dataset, *, rows: int, seed: int = 0) -> pd.DataFrame:
    """Keep each usable trip with the same chance, as `table` gives it, in the files' order.

    Of more than two million trips only every n-th row group is read.

    Parameters
    ----------
    trips : helpers.datasets.Dataset
    rows : int
        About how many to keep; fewer, as the chance counts trips before cleaning. ValueError below 1.
    seed : int
        Of the random choice.
    """
    if rows < 1 or not trips.rows:
        raise ValueError(f"rows is {rows} of {trips.rows} trips: at least 1 of at least 1 trip is needed")
    every = max(1, trips.rows // 2_000_000)
    chance = min(1, rows * every / trips.rows)
    rng = np.random.default_rng(seed)
    parts = []
    for batch in trips.stream(shard=(0, every)):
        usable_trips = table(batch)
        parts.append(usable_trips[rng.random(len(usable_trips)) < chance])
    return pd.concat(parts, ignore_index=True)


def to_xy(frame: pa.RecordBatch | pa.Table, *, scaler: StandardScaler | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Features and fares of the usable trips as arrays: ``clean`` and ``features`` without frames in between.

    Parameters
    ----------
    frame : pyarrow.RecordBatch or pyarrow.Table
        Trips with the columns of ``SCHEMA``; ValueError if one is missing.
    scaler : sklearn.preprocessing.StandardScaler, optional
        Fitted on the 17 features, else ValueError: they are standardised by it while the processor's cache holds them.

    Returns
    -------
    X : ndarray of float32, shape (n, 17), C-contiguous
        Columns ``FEATURES``.
    y : ndarray of float32, shape (n,)
        Fares, US$.
    """
    columns = columns_of(frame)
    rows = np.flatnonzero(usable(columns))  # taking numbered rows is faster than a boolean mask
    X = np.empty((len(rows), len(FEATURES)), dtype="f4")
    if scaler is not None:
        mean, scale = mean_and_scale(scaler)
    for start in range(0, len(rows), _CACHED_ROWS):
        part = rows[start : start + _CACHED_ROWS]
        trips = {name: column.take(part) for name, column in columns.items() if name != TARGET}
        for number, column in enumerate(compute(trips)):
            X[start : start + len(part), number] = column if scaler is None else (column - mean[number]) / scale[number]
    return X, columns[TARGET].take(rows)


def mean_and_scale(scaler: StandardScaler) -> tuple[np.ndarray, np.ndarray]:
    """What a scaler subtracts from the features and divides them by: float32, shape (17,), each.

    Raises ValueError if it is not fitted, was fitted to other features, or would divide by zero.
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
