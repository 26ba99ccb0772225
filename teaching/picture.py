"""The README's picture, taken from a notebook: ``python -m teaching.picture`` writes docs/memory-wall.png."""

from __future__ import annotations

import base64
import sys
from pathlib import Path

import nbformat

from data_scripts import course

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = course.path("out_of_core")
CAPTION = "two ways, one budget"  # of the cell that draws it
PICTURE = ROOT / "docs" / "memory-wall.png"


def picture() -> tuple[bytes, str]:
    """The figure as it stands in the notebook, a PNG, and its alt text.

    Raises
    ------
    ValueError
        If the notebook has no such figure.
    """
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
        for output in cell.get("outputs", []) if CAPTION in cell.source else []:
            if "image/png" in output.get("data", {}):
                return base64.b64decode(output.data["image/png"]), output.metadata["image/png"]["alt"]
    raise ValueError(f"{NOTEBOOK.name} has no figure with the caption {CAPTION!r}: execute it, or name another")


def main() -> int:
    PICTURE.parent.mkdir(exist_ok=True)
    png, alt = picture()
    PICTURE.write_bytes(png)
    print(f"{PICTURE.relative_to(ROOT)}: {len(png) / 1e3:.0f} kB. {alt}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
