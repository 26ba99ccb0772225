"""Execute notebooks and save their outputs: ``python -m tools.execute notebooks/*.ipynb``.

Metadata is normalised so that two executions differ only where outputs do; progress bars and TensorBoards
are left out, since a page cannot show them. Prints the minutes and the peak memory of each notebook, all of
its processes together; ``--record`` keeps them in a table. Stops at the first cell that fails.

``--twice`` runs every code cell twice in a row, as people do, and saves nothing: a cell must not live on what it
found when it ran first.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from pathlib import Path

import nbformat
import pandas as pd
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from helpers.environment import config
from helpers.memory import tree_memory, watch

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    # No version, so that it is the same on every machine; the rest lets `jupyter nbconvert --to script` write .py.
    "language_info": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}
WIDGET = "application/vnd.jupyter.widget-view+json"


def execute(path: Path, target: Path, kernel: str = "python3", **process) -> tuple[float, int]:
    """Execute the notebook at `path`, save it as `target`; return seconds and peak memory in bytes.

    `process` are options of the kernel's process, such as ``cwd`` (default: the notebook's folder) and ``env``.
    """
    notebook = nbformat.read(path, as_version=4)
    took = _run(notebook, path.parent, kernel, **process)
    normalise(notebook)
    nbformat.write(notebook, target)
    return took


def execute_twice(path: Path) -> tuple[float, int]:
    """Execute the notebook at `path` with every code cell run twice in a row, and save nothing."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [
        copy for cell in notebook.cells if cell.cell_type == "code" for copy in (cell, nbformat.from_dict(cell))
    ]
    return _run(notebook, path.parent)


def _run(notebook: nbformat.NotebookNode, folder: Path, kernel: str = "python3", **process) -> tuple[float, int]:
    client = NotebookClient(
        notebook,
        timeout=1800,
        kernel_name=kernel,
        resources={"metadata": {"path": folder}},
        store_widget_state=False,
    )
    start, own = time.perf_counter(), tree_memory()
    with watch() as trace:
        client.execute(**process)
    return time.perf_counter() - start, trace.peak - own


def normalise(notebook: nbformat.NotebookNode) -> None:
    """Keep of the metadata only what says how a cell is shown and tested."""
    notebook.metadata = nbformat.from_dict(METADATA)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02}"
        cell.metadata = nbformat.from_dict({k: v for k, v in cell.metadata.items() if k in ("tags", "jupyter")})
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if not _is_live(output.get("data", {}))]
            for data in (output.data for output in cell.outputs if "text/html" in output.get("data", {})):
                data["text/html"] = re.sub(
                    r"\S*dask-scratch-space\S*", "…", data["text/html"]
                )  # a folder of this machine


def _is_live(data: dict) -> bool:
    """Whether an output is there only while its kernel runs: a progress bar, or the frame around a TensorBoard."""
    return WIDGET in data or "tensorboard-frame" in data.get("text/html", "")


def record(table: Path, notebook: str, seconds: float, peak: int) -> None:
    """Write a measurement into a table, in the place of an earlier one of the same notebook and scale."""
    row = {"notebook": notebook, "scale": config.scale(), "trips": config.rows()}
    row |= {"minutes": round(seconds / 60, 1), "peak MB": round(peak / 1e6)}
    rows = pd.read_csv(table).to_dict("records") if table.exists() else []
    rows = [old for old in rows if (old["notebook"], old["scale"]) != (notebook, config.scale())]
    pd.DataFrame([*rows, row]).sort_values(["notebook", "trips"]).to_csv(table, index=False)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="+", type=Path)
    parser.add_argument("--to", type=Path, help="folder for the executed copies (default: in place)")
    parser.add_argument("--record", type=Path, help="CSV file that gets a row per notebook and scale")
    parser.add_argument("--twice", action="store_true", help="run every code cell twice in a row and save nothing")
    arguments = parser.parse_args(argv)
    if arguments.twice and (arguments.to or arguments.record):
        parser.error("--twice saves nothing: leave out --to and --record")
    for path in arguments.notebooks:
        target = arguments.to / path.name if arguments.to else path
        try:
            if arguments.twice:
                seconds, peak = execute_twice(path)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                seconds, peak = execute(path, target)
        except CellExecutionError as error:
            print(f"{path}: {error}", file=sys.stderr)
            return 1
        print(f"{path}: {seconds / 60:.1f} min, peak {peak / 1e6:,.0f} MB", flush=True)
        if arguments.record:
            record(arguments.record, path.stem, seconds, peak)
    return 0


if __name__ == "__main__":
    sys.exit(main())
