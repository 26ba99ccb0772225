"""Start one worker of TensorFlow's MultiWorkerMirroredStrategy: tell it by TF_CONFIG who its fellows are.

    python deploy/tensorflow/launch.py HOST1:2222,HOST2:2222 0 train.py --epochs 2     on the first machine
    python deploy/tensorflow/launch.py HOST1:2222,HOST2:2222 1 train.py --epochs 2     on the second
    srun python deploy/tensorflow/launch.py HOST1:2222,HOST2:2222 "" train.py          the number from SLURM_PROCID

`train.py` makes its strategy before anything else of TensorFlow; the notebook on many workers shows how.
Each worker waits for all others. Started twice on one machine by a test; not on two machines.
"""

import json
import os
import runpy
import sys

hosts, number, script, *words = sys.argv[1:]
workers = hosts.split(",")
index = int(number or os.environ["SLURM_PROCID"])
if not 0 <= index < len(workers):
    sys.exit(f"worker {index} is none of the {len(workers)} hosts: {hosts}")
os.environ["TF_CONFIG"] = json.dumps({"cluster": {"worker": workers}, "task": {"type": "worker", "index": index}})
sys.argv = [script, *words]
runpy.run_path(script, run_name="__main__")
