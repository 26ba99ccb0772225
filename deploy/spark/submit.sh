#!/usr/bin/env bash
# Spark:  MASTER=yarn deploy/spark/submit.sh hdfs:///PATH/TO/taxi/*.parquet
# MASTER is "local[2]" (the default: two threads here), "yarn", "spark://HOST:7077" or "k8s://https://HOST:6443"; CORES and
# MEMORY are those of an executor. Needs Java 17 and the spark-submit of the cluster, or `pip install pyspark`. The kit is
# needed where it is submitted only: executors compute in Java.
set -euo pipefail
master=${MASTER:-local[2]}
case $master in local*) export SPARK_LOCAL_IP=127.0.0.1 ;; esac # no port of it is open to others, its web page included
export PYSPARK_PYTHON=${PYSPARK_PYTHON:-.venv/bin/python}
exec "${SPARK_SUBMIT:-spark-submit}" \
  --master "$master" \
  --conf spark.dynamicAllocation.enabled="${DYNAMIC:-false}" \
  --executor-cores "${CORES:-4}" --executor-memory "${MEMORY:-14g}" --driver-memory 2g \
  "$(dirname "$0")/train.py" "$@"
