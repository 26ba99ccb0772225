"""Come late and begin anywhere: ``python -m helpers.catch_up 06`` makes sure that notebook 06 finds what it needs.

The work is done by ``data_scripts.catch_up``, in a process of its own since `helpers` never imports `data_scripts`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run the command line; return the exit code."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    command = [sys.executable, "-m", "data_scripts.catch_up", *sys.argv[1:]]
    return subprocess.run(command, env=os.environ | {"PYTHONPATH": path}).returncode


if __name__ == "__main__":
    sys.exit(main())
