"""Execute notebooks and save their outputs: ``python -m tools.execute notebooks/*.ipynb``.

Metadata is normalised so that two executions differ only where outputs do; progress bars and TensorBoards
are left out, since a page cannot show them. Prints the minutes and the peak memory of each notebook, all of
its processes together; ``--record`` keeps them in a table. Stops at the first cell that fails.
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
    "language_info": {"name": "python"},
}
WIDGET = "application/vnd.jupyter.widget-view+json"


def execute(path: Path, target: Path, kernel: str = "python3", **process) -> tuple[float, int]:
    """Execute the notebook at `path`, save it as `target`; return seconds and peak memory in bytes.

    `process` are options of the kernel's process, such as ``cwd`` (default: the notebook's folder) and ``env``.
    """
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=1800,
        kernel_name=kernel,
        resources={"metadata": {"path": path.parent}},
        store_widget_state=False,
    )
    start, own = time.perf_counter(), tree_memory()
    with watch() as trace:
        client.execute(**process)
    normalise(notebook)
    nbformat.write(notebook, target)
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
    arguments = parser.parse_args(argv)
    for path in arguments.notebooks:
        target = arguments.to / path.name if arguments.to else path
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
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
