#!/usr/bin/env bash
# Try the machines of a cloud as processes of this one: certificates, a scheduler and two workers by machine.sh, a model that
# they train, and two who have no certificate. From a checkout: deploy/cloud/try.sh; on a Debian without .venv, as root.
set -euo pipefail
cd "$(dirname "$0")/../.."
export BIN=${BIN:-.venv/bin}
if [ ! -x "$BIN/dask" ]; then
  apt-get update && apt-get install -y --no-install-recommends make python3-venv openssl
  make setup
fi
"$BIN/python" -m data_scripts.taxi
TLS=$(mktemp -d)
export TLS
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$TLS"' EXIT

deploy/cloud/certificates.sh "$TLS" 2>"$TLS/log"
found=(--host 127.0.0.1 --no-dashboard --scheduler-file "$TLS/scheduler.json")
deploy/cloud/machine.sh scheduler "${found[@]}" --port 0 2>>"$TLS/log" &
until [ -s "$TLS/scheduler.json" ]; do kill -0 $! || { cat "$TLS/log" && exit 1; }; sleep 0.2; done
for _ in 1 2; do
  deploy/cloud/machine.sh worker "${found[@]}" --no-nanny --nthreads 1 --local-directory "$TLS" 2>>"$TLS/log" &
done
DASK_SCHEDULER_ADDRESS=$(deploy/cloud/machine.sh python -c "
import sys; from distributed import Client
with Client(scheduler_file=sys.argv[1]) as client:
    client.wait_for_workers(2, timeout='60s')
    print(client.scheduler.address)" "$TLS/scheduler.json")
export DASK_SCHEDULER_ADDRESS
deploy/cloud/machine.sh python deploy/train.py

for protocol in tls tcp; do
  export DASK_SCHEDULER_ADDRESS=$protocol://${DASK_SCHEDULER_ADDRESS#*://}
  if said=$("$BIN/python" -c "from helpers import cluster; cluster.connect()" 2>&1); then
    echo "somebody joined by $protocol without a certificate" && exit 1
  fi
  echo "$protocol without a certificate: ${said##*$'\n'}"
done
echo "Not checked: several machines, a cloud."
