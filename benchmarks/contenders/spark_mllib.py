"""Spark on this machine: columns by expressions, least squares by MLlib, in a Java process of its own.

Source: https://spark.apache.org/docs/latest/ml-classification-regression.html#linear-regression,
    https://spark.apache.org/docs/latest/ml-advanced.html (normal equations up to 4,096 features).
Mixes rows: no; least squares does not depend on the order.
Cores: all: threads of one Java process.
Would its maintainers sign it? Yes: column expressions, no Python function, the solver for few features. They would
    ask for a cluster and terabytes.
"""

from functools import reduce
from math import pi
from operator import and_

import numpy as np
from pyspark.ml import Pipeline
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import SparkSession
from pyspark.sql import functions as f

from benchmarks.contenders import AIRPORTS, CENTRE, COSINE
from helpers import taxi

SIN, COS = float(np.sin(taxi.GRID_ANGLE)), float(np.cos(taxi.GRID_ANGLE))


def prepare():
    session().range(1).count()


def session():
    settings = {
        "spark.master": "local[*]",
        "spark.driver.memory": "2g",
        "spark.driver.host": "127.0.0.1",  # where it listens, too: its default is this machine's name
        "spark.sql.session.timeZone": "UTC",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    spark = SparkSession.builder.config(map=settings).getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    return spark


def offset(lon1, lat1, lon2, lat2):
    m = ((lat1 + lat2) / 2 - CENTRE[1]) * (pi / 180)
    cosine = COSINE[0] + COSINE[1] * m + COSINE[2] * m * m
    return (lon2 - lon1) * cosine * taxi.KM_PER_DEGREE, (lat2 - lat1) * taxi.KM_PER_DEGREE


def length(east, north):
    return f.sqrt(east * east + north * north)


def nearer(place, *ends):
    return f.least(*(length(*offset(*end, *map(f.lit, place))) for end in ends))


def table(files):
    trips = session().read.parquet(*map(str, files))
    lon1, lat1, lon2, lat2 = (f.col(name).cast("double") for name in taxi.SCHEMA.names[1:5])
    east, north = offset(lon1, lat1, lon2, lat2)
    distance = length(east, north)
    (x1, y1), (x2, y2) = (offset(*map(f.lit, CENTRE), *end) for end in ((lon1, lat1), (lon2, lat2)))
    time = f.col("pickup_datetime")
    hour, weekday = f.hour(time) * (pi / 12), f.weekday(time) * (2 * pi / 7)
    columns = [
        distance,
        f.abs(east * SIN + north * COS) + f.abs(east * COS - north * SIN),
        *(f.when(distance > 0, part / distance).otherwise(0.0) for part in (east, north)),
        *(nearer(place, (lon1, lat1), (lon2, lat2)) for place in AIRPORTS),
        *(x1, y1, x2, y2, f.sin(hour), f.cos(hour), f.sin(weekday), f.cos(weekday)),
        1970 + f.datediff(time, f.lit("1970-01-01")) / 365.2425,
        f.col("passenger_count").cast("double"),
    ]
    limits = {
        "fare_amount": (taxi.MIN_FARE, taxi.MAX_FARE),
        "passenger_count": (taxi.MIN_PASSENGERS, taxi.MAX_PASSENGERS),
        **{f"{end}_longitude": (taxi.WEST, taxi.EAST) for end in ("pickup", "dropoff")},
        **{f"{end}_latitude": (taxi.SOUTH, taxi.NORTH) for end in ("pickup", "dropoff")},
    }
    usable = reduce(and_, (f.col(name).between(*ends) for name, ends in limits.items()))
    named = [column.alias(name) for name, column in zip(taxi.FEATURES, columns, strict=True)]
    return trips.where(usable & time.isNotNull()).select(*named, "fare_amount")


def features(files):
    rows = table(files).toPandas()
    return rows[taxi.FEATURES].to_numpy(), rows[taxi.TARGET].to_numpy()


def train(files):
    steps = [
        VectorAssembler(inputCols=taxi.FEATURES, outputCol="features"),
        LinearRegression(labelCol=taxi.TARGET, solver="normal"),
    ]
    line = Pipeline(stages=steps).fit(table(files)).stages[-1]
    return lambda x: x @ line.coefficients.toArray() + line.intercept
