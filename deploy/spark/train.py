"""A Spark job on the kit's files: a linear model of the fare, by MLlib, on features that executors compute."""

import sys
import time

import numpy as np
from pyspark.sql import SparkSession

from benchmarks.contenders import spark_mllib
from helpers import taxi

spark = SparkSession.builder.config("spark.sql.session.timeZone", "UTC").getOrCreate()
begun = time.perf_counter()
predict = spark_mllib.train(sys.argv[1:])
seconds = time.perf_counter() - begun
context = spark.sparkContext
trips = spark_mllib.table(sys.argv[1:])
some = trips.limit(
    100_000
).toPandas()  # seen in training: this asks whether the machines work, not how good the model is
error = np.sqrt(np.mean((predict(some[taxi.FEATURES].to_numpy()) - some[taxi.TARGET]) ** 2))
executors = [one.host() for one in context._jsc.sc().statusTracker().getExecutorInfos()][
    1:
]  # the first is this process
print(f"{context.applicationId} on {context.master}, executors: {', '.join(executors) or 'none but this process'}")
print(f"learned from {trips.count():,} usable trips in {seconds:.1f} s: RMSE ${error:.2f}")
spark.stop()
