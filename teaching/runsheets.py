"""Run sheets that cannot drift: ``python -m teaching.runsheets`` (``make runsheets``) brings INSTRUCTORS.md up to date.

People write which notebook, which sections and how many minutes. The clock is added up from those minutes, and the
minutes of machines come from ``notebooks/measured.csv``, which ``tools.execute --record`` writes.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import nbformat
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
SHEETS = ROOT / "INSTRUCTORS.md"
NOTEBOOKS = ROOT / "notebooks"
SCALES = ("tiny", "small", "medium", "large")
LINK = re.compile(r"\[\d\d\]\(notebooks/(\w+)\.ipynb\)")


def updated(text: str, measured: pd.DataFrame) -> str:
    """The text with clocks and machine minutes as they should be.

    Parameters
    ----------
    text : str
        Markdown. Rows of run sheets look like ``| clock | min | notebook and sections | … | machine |``.
    measured : pandas.DataFrame
        Columns ``notebook``, ``scale``, ``minutes``, ``peak MB``.
    """
    small = measured[measured.scale == "small"].set_index("notebook").minutes
    lines, clock = [], 0
    for line in text.splitlines():
        if line.startswith("#"):
            clock = 0
        if re.match(r"\| *\d*:?\d* *\| \d+ \|", line):
            cells = [cell.strip() for cell in line.split("|")[1:-1]]
            found = LINK.search(cells[2])
            cells[0] = f"{clock // 60}:{clock % 60:02}"
            cells[-1] = f"{small.get(found[1], 0):.1f}" if found and found[1] in small else ""
            clock += int(cells[1])
            line = f"| {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |")
        lines.append(line)
    table = f"<!-- measured -->\n{_of_each(measured)}\n<!-- /measured -->"
    return re.sub(r"(?s)<!-- measured -->.*<!-- /measured -->", table, "\n".join(lines)) + "\n"


def estimate(notebook: str) -> int:
    """Minutes that a notebook says it takes a person."""
    cells = nbformat.read(NOTEBOOKS / f"{notebook}.ipynb", as_version=4).cells
    return int(next(filter(None, (re.search(r"(?m)^\*(\d+) minutes", cell.source) for cell in cells)))[1])


def _of_each(measured: pd.DataFrame) -> str:
    """A table of all notebooks: minutes of a person, and minutes and peak of a machine at each scale."""
    heads = ["notebook", "people, min", *(f"machine at {scale}, min (peak)" for scale in SCALES)]
    rows = [heads, ["---"] * len(heads)]
    by_place = measured.set_index(["notebook", "scale"])
    for name in sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb")):
        row = [f"[{name[:2]}](notebooks/{name}.ipynb)", str(estimate(name))]
        for scale in SCALES:
            known = (name, scale) in by_place.index
            one = by_place.loc[(name, scale)] if known else None
            row.append(f"{one['minutes']:.1f} ({one['peak MB'] / 1e3:.1f} GB)" if known else "")
        rows.append(row)
    return "\n".join(f"| {' | '.join(row)} |" for row in rows).replace("|  |", "| |").replace("|  |", "| |")


def main() -> int:
    text = SHEETS.read_text(encoding="utf-8")
    SHEETS.write_text(updated(text, pd.read_csv(NOTEBOOKS / "measured.csv")), encoding="utf-8")
    print(f"{SHEETS.name} is up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
