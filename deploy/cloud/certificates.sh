#!/usr/bin/env bash
# An authority and one certificate that it signed, for `machine.sh`:  deploy/cloud/certificates.sh FOLDER
# Who holds cert.pem and key.pem can run code on the cluster; keep ca.key off it. Run in every CI run.
set -euo pipefail
cd "$1"
new=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)
openssl req -x509 "${new[@]}" -days 30 -subj /CN=workshop -keyout ca.key -out ca.pem
openssl req "${new[@]}" -subj /CN=dask -keyout key.pem -out request.pem
openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -out cert.pem
