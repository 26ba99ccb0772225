"""A Spark job on the kit's files: mean fare by hour, of the usable trips. See submit.sh."""

import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as f

spark = SparkSession.builder.config("spark.sql.session.timeZone", "UTC").getOrCreate()
trips = spark.read.parquet(sys.argv[1])
usable = trips.where(f.col("fare_amount").between(2.5, 250) & f.col("passenger_count").between(1, 6))
by_hour = usable.groupBy(f.hour("pickup_datetime").alias("hour")).agg(f.count("*").alias("trips"), f.avg("fare_amount"))
by_hour.orderBy("hour").show(24)
spark.stop()
