#!/usr/bin/env bash
# Dask on virtual machines of any cloud. Each has the checkout with its .venv (`make setup`) and TLS=folder with the
# certificates. Open port 8786 within the private network only; the dashboard comes through `ssh -L 8787:localhost:8787`.
#   on one machine:        TLS=~/tls deploy/cloud/machine.sh scheduler
#   on all others:         TLS=~/tls deploy/cloud/machine.sh worker tls://PRIVATE_IP:8786
#   beside the notebooks:  export DASK_SCHEDULER_ADDRESS=tls://PRIVATE_IP:8786; TLS=~/tls deploy/cloud/machine.sh jupyter lab
# Further words go to Dask. Run on one machine in every CI run; not on a cloud.
set -euo pipefail
tls=DASK_DISTRIBUTED__COMM__TLS__
export ${tls}CA_FILE="$TLS/ca.pem" DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION=True
for part in SCHEDULER WORKER CLIENT; do
  export ${tls}${part}__CERT="$TLS/cert.pem" ${tls}${part}__KEY="$TLS/key.pem"
done
bin=${BIN:-.venv/bin} role=$1
shift
case $role in
  scheduler) exec "$bin/dask" scheduler --protocol tls --dashboard-address 127.0.0.1:8787 "$@" ;;
  worker) exec "$bin/dask" worker --protocol tls --no-dashboard "$@" ;;
  *) exec "$bin/$role" "$@" ;;
esac
