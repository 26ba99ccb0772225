"""Run every notebook where the kit must work, and keep what it took: ``python -m tools.environments colab``.

``locked``  the exact packages of requirements.txt, which are those of .venv
``binder``  the same on one processor, within Binder's two gigabytes
``colab``   packages as Colab preinstalls them, each notebook alone in an empty folder: its first cell fetches the kit
``lowest``  the lowest versions that pyproject.toml allows
``configured``  the exact packages, for a user whose own files and variables say otherwise: no spilling for Dask, JAX
            for Keras, another look for matplotlib, variables for IPython, no asserts, one thread

Notebooks run from a copy of the checkout in build/environments, so that nothing in the checkout changes but the table
notebooks/environments.csv. A notebook passes if no cell fails and every solution of an exercise is right. Needs Linux,
a network and, the first time, minutes to install. ``WORKSHOP_SCALE=tiny`` is enough to find what does not go together.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pandas as pd
from nbclient.exceptions import CellExecutionError, DeadKernelError

from helpers.environment import config
from tools import badges
from tools.execute import execute

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "environments"
KIT = BUILD / "kit"
TABLE = ROOT / "notebooks" / "environments.csv"
PYTHON = {"colab": "3.13", "lowest": "3.11"}  # the others use .venv
NAMES = ["locked", "binder", "colab", "lowest", "configured"]

# A user's own files, of the kinds that have tripped people up.
FILES = {
    # As computing centres advise, whose disks are shared.
    "dask/distributed.yaml": "distributed: {worker: {memory: {target: false, spill: false}}}",
    "matplotlib/matplotlibrc": "backend: svg\nfont.size: 40\nsavefig.transparent: True\n",
    "ipython/profile_default/ipython_config.py": "c.InteractiveShellApp.exec_lines = ['x = y = batch = 1']\n",
    "keras/keras.json": '{"backend": "jax", "floatx": "float64", "image_data_format": "channels_first"}',
}


def copy_of_the_checkout() -> None:
    """Make KIT, a repository of one commit that holds the files as they are now, with links and first cells."""
    shutil.rmtree(KIT, ignore_errors=True)
    listed = subprocess.check_output(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=ROOT, text=True
    )
    for name in filter(lambda name: (ROOT / name).is_file(), listed.split("\0")):
        (KIT / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, KIT / name)
    badges.write(KIT, f"file://{KIT}")
    who = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org"]
    for command in (["init", "--quiet"], ["add", "--all"], [*who, "commit", "--quiet", "--message", "copy"]):
        subprocess.run(["git", *command], cwd=KIT, check=True)


def install(name: str) -> Path:
    """Make an environment of its own, or find it there, and return its Python."""
    if name not in PYTHON:
        return Path(sys.executable)
    folder, uv = BUILD / name, [sys.executable, "-m", "uv"]
    python = folder / "bin" / "python"
    pins = ROOT / "tools" / "requirements" / f"{name}.txt"
    if not python.exists():
        subprocess.run([*uv, "venv", "--quiet", "--seed", "--python", PYTHON[name], folder], check=True)
    # Exactly these packages again, so that what a first cell added before is missing once more.
    subprocess.run([*uv, "pip", "sync", "--quiet", "--python", python, pins], check=True)
    return python


def configured(folder: Path) -> dict[str, str]:
    """Write a user's own files into a folder; return the variables that name them, and others that people set."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    homes = {"DASK_CONFIG": "dask", "MPLCONFIGDIR": "matplotlib", "IPYTHONDIR": "ipython", "KERAS_HOME": "keras"}
    return {name: str(folder / home) for name, home in homes.items()} | {
        "KERAS_BACKEND": "jax",
        "PYTHONOPTIMIZE": "1",
        "OMP_NUM_THREADS": "1",
    }


def surroundings(name: str, python: Path) -> dict[str, str]:
    """Environment variables of a notebook's kernel."""
    own = {key: value for key, value in os.environ.items() if not key.startswith(("WORKSHOP_", "PYTHON", "VIRTUAL_"))}
    own |= {"WORKSHOP_SCALE": config.scale()}
    own |= {"PATH": f"{python.parent}{os.pathsep}{own['PATH']}", "WORKSHOP_DATA": str(BUILD / f"data-{name}")}
    own |= configured(BUILD / name) if name == "configured" else {}
    return own if name == "colab" else own | {"PYTHONPATH": str(KIT)}


def kernel(name: str, python: Path) -> str:
    """Name of the kernel that runs in an environment."""
    if name not in PYTHON:
        return "python3"
    place = BUILD / "kernels"
    command = [python, "-m", "ipykernel", "install", "--prefix", place, "--name", name]
    subprocess.run(command, check=True, capture_output=True)
    os.environ["JUPYTER_PATH"] = str(place / "share" / "jupyter")
    return name


def run(name: str, path: Path, python: Path, kernel_name: str) -> dict[str, object]:
    """Run a notebook; return its row of the table."""
    target = BUILD / f"{name}-notebooks" / path.name
    target.unlink(missing_ok=True)
    folder = path.parent
    if name == "colab":
        folder = BUILD / "content"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    target.parent.mkdir(exist_ok=True)
    row = {"environment": name, "notebook": path.stem, "scale": config.scale()}
    row |= {"minutes": None, "peak MB": None, "passed": False}
    try:
        seconds, peak = execute(path, target, kernel_name, cwd=str(folder), env=surroundings(name, python))
    except (CellExecutionError, DeadKernelError) as error:
        print(f"{path.name}: {str(error)[-3000:]}", file=sys.stderr)
        return row
    passed = all(right(cell) for cell in nbformat.read(target, as_version=4).cells) and peak < config.MEMORY_BUDGET
    return row | {"minutes": round(seconds / 60, 1), "peak MB": round(peak / 1e6), "passed": passed}


def right(cell: nbformat.NotebookNode) -> bool:
    """Whether a cell is anything but a solution that its exercise refuses."""
    solution = cell.cell_type == "code" and "check." in cell.source and cell.metadata.get("jupyter", {})
    return not solution or "Right!" in "".join(output.get("text", "") for output in cell.outputs)


def changed(name: str, python: Path) -> list[str]:
    """Packages of an environment's own that are no longer there in the version that was asked for."""
    if name not in PYTHON:
        return []
    listed = subprocess.check_output([sys.executable, "-m", "uv", "pip", "freeze", "--python", python], text=True)
    pins = re.findall(r"(?m)^\S+==\S+$", (ROOT / "tools" / "requirements" / f"{name}.txt").read_text(encoding="utf-8"))
    return sorted(set(pins) - set(listed.split("\n")))


def record(row: dict[str, object]) -> None:
    """Write a row into the table, in the place of an earlier one."""
    rows = pd.read_csv(TABLE).to_dict("records") if TABLE.exists() else []
    rows = [old for old in rows if (old["environment"], old["notebook"]) != (row["environment"], row["notebook"])]
    pd.DataFrame([*rows, row]).sort_values(["environment", "notebook"]).to_csv(TABLE, index=False)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("environment", choices=NAMES)
    parser.add_argument("notebooks", nargs="*", help="numbers such as 05 (default: all)")
    arguments = parser.parse_args(argv)
    copy_of_the_checkout()
    python = install(arguments.environment)
    kernel_name = kernel(arguments.environment, python)
    if arguments.environment == "binder":
        os.sched_setaffinity(0, {0})  # and with it every process that is started from here
    rows = []
    for path in sorted((KIT / "notebooks").glob("*.ipynb")):
        if not arguments.notebooks or path.name[:2] in arguments.notebooks:
            rows.append(run(arguments.environment, path, python, kernel_name))
            record(rows[-1])
            print(*(f"{key}: {value}" for key, value in rows[-1].items()), sep=", ", flush=True)
    if touched := changed(arguments.environment, python):
        print(f"No longer as they were: {', '.join(touched)}", file=sys.stderr)
        return 1
    return 0 if rows and all(row["passed"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
