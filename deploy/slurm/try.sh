#!/usr/bin/env bash
# Try SLURM on one Debian machine that pretends to be two nodes. As root, from a checkout: deploy/slurm/try.sh
# It installs what is missing, takes dask.sbatch through a job that trains, joins a second such job from outside, and lets
# dask-jobqueue start a third cluster. All of it listens on this machine only and has ended when the script ends.
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ ! -x .venv/bin/dask ] || ! command -v sbatch slurmd slurmctld munged >/dev/null; then
  apt-get update
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends slurm-wlm munge make python3-venv
fi
[ -x .venv/bin/dask ] || make setup
.venv/bin/python -m data_scripts.taxi
folder=$(mktemp -d)
export SLURM_CONF=$folder/slurm.conf INTERFACE=lo
end() {
  scontrol shutdown || true
  munged --stop --socket="$folder/munge" --pid-file="$folder/munged.pid" || true
  sleep 2
  rm -rf "$folder"
}
trap end EXIT

( umask 077 && head -c 1024 /dev/urandom >"$folder/key" )
munged --force --key-file="$folder/key" --socket="$folder/munge" --pid-file="$folder/munged.pid" \
  --log-file="$folder/munged.log" --seed-file="$folder/seed"
cat >"$SLURM_CONF" <<CONF
ClusterName=try
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmctldPort=16817
SlurmUser=root
AuthInfo=socket=$folder/munge
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool-%n
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd-%n.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SlurmdParameters=config_overrides
NodeName=one,two NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=17001,17002 CPUs=1 RealMemory=1500
PartitionName=all Nodes=ALL Default=YES
CONF
slurmctld
slurmd -N one
slurmd -N two
until [ "$(sinfo --noheader --Node --states=idle | wc -l)" = 2 ]; do sleep 1; done

size=(--nodes=2 --cpus-per-task=1 --mem=1400)
echo "== A job that trains"
sbatch "${size[@]}" --wait --output="$folder/first" deploy/slurm/dask.sbatch .venv/bin/python deploy/train.py
cat "$folder/first"

echo "== A job that keeps a cluster up, and a client from outside"
job=$(sbatch "${size[@]}" --parsable --output="$folder/second" deploy/slurm/dask.sbatch)
until grep -s ^DASK_SCHEDULER_ADDRESS= "$folder/second"; do sleep 1; done
env "$(grep ^DASK_SCHEDULER_ADDRESS= "$folder/second")" .venv/bin/python deploy/train.py
scancel "$job"

echo "== dask-jobqueue: two workers, a job each"
.venv/bin/python -m pip install --quiet --no-deps --target "$folder/jobqueue" dask-jobqueue
PYTHONPATH=$PWD:$folder/jobqueue .venv/bin/python - "$folder" <<'PYTHON'
import os, subprocess, sys
from dask_jobqueue import SLURMCluster

with SLURMCluster(cores=1, memory="1GiB", interface="lo", log_directory=sys.argv[1], walltime="00:10:00") as cluster:
    cluster.scale(jobs=2)
    cluster.wait_for_workers(2)
    there = os.environ | {"DASK_SCHEDULER_ADDRESS": cluster.scheduler_address}
    subprocess.run([sys.executable, "deploy/train.py"], env=there, check=True)
PYTHON
echo "Not checked: several machines, a shared disk, cgroups (memory and processor limits of a job), accounting, other users than root."
