"""Polars: a lazy query over the files, collected in batches by its streaming engine.

Source: https://docs.pola.rs/user-guide/concepts/streaming/ and collect_batches, which that page calls unstable and
    slower than writing files.
Mixes rows: if asked, half a million at a time, by this benchmark; Polars itself would sort by a random number.
Cores: all for reading and features, one thread learns.
Would its maintainers sign it? The query yes, in any order. They would not sign taking rows out into Python, which the
    job asks for.
"""

from math import pi

import numpy as np
import polars as pl

from benchmarks.contenders import AIRPORTS, CENTRE, COSINE, learn, mixed
from helpers import taxi

LON1, LAT1, LON2, LAT2 = (pl.col(name).cast(pl.Float64) for name in taxi.SCHEMA.names[1:5])
SIN, COS = np.sin(taxi.GRID_ANGLE), np.cos(taxi.GRID_ANGLE)


def offset(lon1, lat1, lon2, lat2):
    m = ((lat1 + lat2) / 2 - CENTRE[1]) * (pi / 180)
    cosine = COSINE[0] + COSINE[1] * m + COSINE[2] * m * m
    return (lon2 - lon1) * cosine * taxi.KM_PER_DEGREE, (lat2 - lat1) * taxi.KM_PER_DEGREE


def length(east, north):
    return (east * east + north * north).sqrt()


def nearer(lon, lat):
    return pl.min_horizontal(length(*offset(LON1, LAT1, lon, lat)), length(*offset(LON2, LAT2, lon, lat)))


def query(files):
    east, north = offset(LON1, LAT1, LON2, LAT2)
    distance = length(east, north)
    (x1, y1), (x2, y2) = (offset(*map(pl.lit, CENTRE), *end) for end in ((LON1, LAT1), (LON2, LAT2)))
    time = pl.col("pickup_datetime").dt
    hour, weekday = time.hour() * (pi / 12), (time.weekday() - 1) * (2 * pi / 7)
    columns = [
        distance,
        (east * SIN + north * COS).abs() + (east * COS - north * SIN).abs(),
        *(pl.when(distance > 0).then(part / distance).otherwise(0) for part in (east, north)),
        *(nearer(*place) for place in AIRPORTS),
        *(x1, y1, x2, y2, hour.sin(), hour.cos(), weekday.sin(), weekday.cos()),
        1970 + time.truncate("1d").dt.epoch("d") / 365.2425,
        pl.col("passenger_count"),
    ]
    named = [column.cast(pl.Float32).alias(name) for name, column in zip(taxi.FEATURES, columns, strict=True)]
    usable = [
        pl.col("fare_amount").is_between(taxi.MIN_FARE, taxi.MAX_FARE),
        pl.col("passenger_count").is_between(taxi.MIN_PASSENGERS, taxi.MAX_PASSENGERS),
        *(lon.is_between(taxi.WEST, taxi.EAST) for lon in (LON1, LON2)),
        *(lat.is_between(taxi.SOUTH, taxi.NORTH) for lat in (LAT1, LAT2)),
    ]
    return pl.scan_parquet(files).filter(*usable).select(*named, "fare_amount")


def features(files):
    table = query(files).collect(engine="streaming").to_numpy()
    return table[:, :-1], table[:, -1]


def batches(files):
    for batch in query(files).collect_batches(chunk_size=65_536, maintain_order=False):
        table = np.ascontiguousarray(batch.to_numpy())
        yield table[:, :-1], table[:, -1]


def train(files, shuffle=False):
    return learn(mixed(batches(files)) if shuffle else batches(files))
