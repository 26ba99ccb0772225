#!/usr/bin/env bash
# Let dask-kubernetes write a cluster's specification, and hold it to the schema of its operator. There is no Kubernetes here.
# From a checkout with its .venv (`make setup`): deploy/kubernetes/try.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
.venv/bin/python -m pip install --quiet --target "$folder" dask-kubernetes
PYTHONPATH=$folder .venv/bin/python -m dask kubernetes gen cluster --name workshop --image REGISTRY/petabyte-workshop \
  --n-workers 4 --resources '{"limits": {"cpu": "4", "memory": "16Gi"}}' -e WORKSHOP_DATA=/data >"$folder/cluster.yaml"
.venv/bin/python - "$folder" <<'PYTHON'
import sys
from pathlib import Path
import jsonschema, yaml

made = yaml.safe_load(Path(sys.argv[1], "cluster.yaml").read_text())
(operator,) = Path(sys.argv[1]).rglob("dask-kubernetes-operator/crds/daskcluster.yaml")
version, = yaml.safe_load(operator.read_text())["spec"]["versions"]
jsonschema.validate(made, version["schema"]["openAPIV3Schema"])
print(f"{made['kind']} {made['metadata']['name']}, {made['spec']['worker']['replicas']} workers: fits the operator's schema")
PYTHON
echo "Not checked: the image, and any cluster."
