"""DuckDB: SQL over the files, its result fetched as a stream of Arrow batches.

Source: https://duckdb.org/docs/stable/guides/python/export_arrow,
    https://duckdb.org/docs/stable/guides/performance/how_to_tune_workloads (order need not be preserved).
Mixes rows: if asked, half a million at a time, by this benchmark; DuckDB itself would sort by a random number.
Cores: all for reading and features, one thread learns.
Would its maintainers sign it? The query yes. They would say that a database is for questions: here its rows leave it
    one and all.
"""

import duckdb
import numpy as np

from benchmarks.contenders import AIRPORTS, CENTRE, COSINE, learn, mixed
from helpers import taxi

LON, LAT = CENTRE
MACROS = f"""
    CREATE MACRO cosine(m) AS {COSINE[0]}::DOUBLE + {COSINE[1]}::DOUBLE * m + {COSINE[2]}::DOUBLE * m * m;
    CREATE MACRO east(lon1, lat1, lon2, lat2) AS
        (lon2::DOUBLE - lon1) * cosine(radians((lat1::DOUBLE + lat2) / 2 - {LAT})) * {taxi.KM_PER_DEGREE!r};
    CREATE MACRO north(lat1, lat2) AS (lat2::DOUBLE - lat1) * {taxi.KM_PER_DEGREE!r};
    CREATE MACRO km(lon1, lat1, lon2, lat2) AS sqrt(east(lon1, lat1, lon2, lat2) ** 2 + north(lat1, lat2) ** 2);
    CREATE MACRO nearer(lon, lat, lon1, lat1, lon2, lat2) AS
        least(km(lon1, lat1, lon, lat), km(lon2, lat2, lon, lat));
"""
PLACES = "lon1, lat1, lon2, lat2"
QUERY = f"""
    WITH trips AS (
        SELECT pickup_longitude AS lon1, pickup_latitude AS lat1, dropoff_longitude AS lon2, dropoff_latitude AS lat2,
            pickup_datetime AS time, passenger_count AS passengers, fare_amount AS fare
        FROM read_parquet($files)
        WHERE fare_amount BETWEEN {taxi.MIN_FARE} AND {taxi.MAX_FARE}
            AND passenger_count BETWEEN {taxi.MIN_PASSENGERS} AND {taxi.MAX_PASSENGERS}
            AND lon1 BETWEEN {taxi.WEST}::FLOAT AND {taxi.EAST}::FLOAT
            AND lon2 BETWEEN {taxi.WEST}::FLOAT AND {taxi.EAST}::FLOAT
            AND lat1 BETWEEN {taxi.SOUTH}::FLOAT AND {taxi.NORTH}::FLOAT
            AND lat2 BETWEEN {taxi.SOUTH}::FLOAT AND {taxi.NORTH}::FLOAT
    ), measured AS (
        SELECT *, east({PLACES}) AS e, north(lat1, lat2) AS n, km({PLACES}) AS distance,
            hour(time) * pi() / 12 AS hour, (isodow(time) - 1) * 2 * pi() / 7 AS weekday
        FROM trips
    )
    SELECT distance,
        abs(e * {np.sin(taxi.GRID_ANGLE)} + n * {np.cos(taxi.GRID_ANGLE)})
            + abs(e * {np.cos(taxi.GRID_ANGLE)} - n * {np.sin(taxi.GRID_ANGLE)}),
        CASE WHEN distance > 0 THEN e / distance ELSE 0 END,
        CASE WHEN distance > 0 THEN n / distance ELSE 0 END,
        {", ".join(f"nearer({lon}, {lat}, {PLACES})" for lon, lat in AIRPORTS)},
        east({LON}, {LAT}, lon1, lat1), north({LAT}, lat1), east({LON}, {LAT}, lon2, lat2), north({LAT}, lat2),
        sin(hour), cos(hour), sin(weekday), cos(weekday),
        1970 + date_diff('day', DATE '1970-01-01', time::DATE) / 365.2425,
        passengers, fare
    FROM measured
"""


def batches(files, in_order=False):
    connection = duckdb.connect()
    connection.execute(f"SET enable_progress_bar = false; SET preserve_insertion_order = {in_order}")
    connection.execute(MACROS)
    result = connection.sql(QUERY, params={"files": [str(file) for file in files]})
    for batch in result.to_arrow_reader(65_536):
        *columns, fares = (column.to_numpy(zero_copy_only=False) for column in batch.columns)
        yield np.column_stack(columns).astype("f4"), fares


def features(files):
    x, y = zip(*batches(files, in_order=True), strict=True)
    return np.concatenate(x), np.concatenate(y)


def train(files, shuffle=False):
    return learn(mixed(batches(files)) if shuffle else batches(files))
