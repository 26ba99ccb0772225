#!/usr/bin/env bash
# Try Spark's own cluster on one Debian machine: a standalone master and two workers, which take submit.sh. As root, from a
# checkout: deploy/spark/try.sh. It installs what is missing; all listens on this machine only, and has ended with the script.
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ ! -x .venv/bin/python ] || ! command -v java >/dev/null; then
  apt-get update
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends openjdk-17-jre-headless procps make python3-venv
fi
[ -x .venv/bin/python ] || make setup
.venv/bin/python -m data_scripts.taxi
mapfile -t files < <(.venv/bin/python -c 'from helpers import datasets; print(*datasets.taxi_trips().files, sep="\n")')
folder=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
.venv/bin/python -m pip install --quiet --target "$folder/packages" pyspark
export SPARK_HOME=$folder/packages/pyspark SPARK_LOCAL_IP=127.0.0.1 SPARK_DAEMON_MEMORY=512m
export PYTHONPATH=$PWD:$folder/packages MASTER=spark://127.0.0.1:17077

run=("$SPARK_HOME/bin/spark-class" org.apache.spark.deploy)
"${run[0]}" "${run[1]}.master.Master" --host 127.0.0.1 --port 17077 --webui-port 0 >"$folder/master" 2>&1 &
for number in 1 2; do
  "${run[0]}" "${run[1]}.worker.Worker" --host 127.0.0.1 --webui-port 0 --cores 1 --memory 1g --work-dir "$folder/$number" \
    "$MASTER" >"$folder/worker$number" 2>&1 &
done
until [ "$(grep -o 'Registering worker [^ ]*' "$folder/master" | sort -u | wc -l)" = 2 ]; do sleep 1; done
CORES=1 MEMORY=1g SPARK_SUBMIT=$SPARK_HOME/bin/spark-submit deploy/spark/submit.sh "${files[@]}"
grep -E 'Registering (worker|app)|Launching executor' "$folder/master"
echo "Not checked: several machines, YARN, Kubernetes, files in HDFS or an object store."
