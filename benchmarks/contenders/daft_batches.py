"""Daft: a lazy query over the files, its result taken as a stream of Arrow batches.

Source: https://docs.daft.ai/en/stable/api/dataframe/ (to_arrow_iter),
    https://docs.daft.ai/en/stable/optimization/memory/
Mixes rows: if asked, half a million at a time, by this benchmark; Daft itself would sort by a random number.
Cores: all for reading and features, one thread learns.
Would its maintainers sign it? The query yes: expressions, no Python function. They would not measure a job that fits
    one machine and ends in one thread; their engine is for images, models and many machines.
"""

from math import pi

import daft
import numpy as np
from daft import DataType, col, lit
from daft import functions as f

from benchmarks.contenders import AIRPORTS, CENTRE, COSINE, learn, mixed
from helpers import taxi

LON1, LAT1, LON2, LAT2 = (col(name).cast(DataType.float64()) for name in taxi.SCHEMA.names[1:5])
SIN, COS = float(np.sin(taxi.GRID_ANGLE)), float(np.cos(taxi.GRID_ANGLE))


def offset(lon1, lat1, lon2, lat2):
    m = ((lat1 + lat2) / 2 - CENTRE[1]) * (pi / 180)
    cosine = m * m * COSINE[2] + m * COSINE[1] + COSINE[0]
    return (lon2 - lon1) * cosine * taxi.KM_PER_DEGREE, (lat2 - lat1) * taxi.KM_PER_DEGREE


def length(east, north):
    return f.sqrt(east * east + north * north)


def nearer(lon, lat):
    ends = (length(*offset(*end, lit(lon), lit(lat))) for end in ((LON1, LAT1), (LON2, LAT2)))
    return f.columns_min(*ends)


def query(files):
    trips = daft.read_parquet([str(file) for file in files])
    trips = trips.where(
        col("fare_amount").between(taxi.MIN_FARE, taxi.MAX_FARE)
        & col("passenger_count").between(taxi.MIN_PASSENGERS, taxi.MAX_PASSENGERS)
        & LON1.between(taxi.WEST, taxi.EAST)
        & LON2.between(taxi.WEST, taxi.EAST)
        & LAT1.between(taxi.SOUTH, taxi.NORTH)
        & LAT2.between(taxi.SOUTH, taxi.NORTH)
    )
    east, north = offset(LON1, LAT1, LON2, LAT2)
    distance = length(east, north)
    (x1, y1), (x2, y2) = (offset(*map(lit, CENTRE), *end) for end in ((LON1, LAT1), (LON2, LAT2)))
    time = col("pickup_datetime")
    hour, weekday = f.hour(time) * (pi / 12), f.day_of_week(time) * (2 * pi / 7)
    columns = [
        distance,
        f.abs(east * SIN + north * COS) + f.abs(east * COS - north * SIN),
        *(f.when(distance > 0, part / distance).otherwise(0.0) for part in (east, north)),
        *(nearer(*place) for place in AIRPORTS),
        *(x1, y1, x2, y2, f.sin(hour), f.cos(hour), f.sin(weekday), f.cos(weekday)),
        f.unix_date(time) / 365.2425 + 1970,
        col("passenger_count"),
    ]
    named = zip(taxi.FEATURES, columns, strict=True)
    return trips.select(*(column.cast(DataType.float32()).alias(name) for name, column in named), "fare_amount")


def batches(files):
    for batch in query(files).to_arrow_iter():
        *columns, fares = (column.to_numpy(zero_copy_only=False) for column in batch.columns)
        yield np.column_stack(columns), fares


def features(files):
    x, y = zip(*batches(files), strict=True)
    return np.concatenate(x), np.concatenate(y)


def train(files, shuffle=False):
    return learn(mixed(batches(files)) if shuffle else batches(files))
