"""What the pages quote: numbers from the committed tables, the map of README.md, each notebook's sources.

`conf.py` hands these to MyST as substitutions, so that a page says ``{{ spark_seconds }}`` and no number can drift.
"""

from __future__ import annotations

import csv
import json
import re

from data_scripts import course
from docs.build import NOTEBOOKS, REPOSITORY, ROOT, figures, for_the_site


def substitutions() -> dict[str, str]:
    """All names that a page may use."""
    table = course_map()
    names = numbers() | {"course_map": table, "contents": contents(table), "sources": sources(), "picture": picture()}
    address = REPOSITORY or "<address of the repository>"
    commands = [f"git clone {address} petabyte-workshop", "cd petabyte-workshop", "make lab"]
    return names | {"commands": "\n".join(["```sh", *commands, "```"])}


def numbers() -> dict[str, str]:
    """Numbers of the races, of the longest run, and of the plan that was held to its promise."""
    race = {row["contender"]: row for row in _table("benchmark.csv")}
    stream = {row["contender"]: row for row in _table("bench_stream.csv")}
    runs = [row for row in _table("measured.csv") if row["notebook"] == course.path("linear_model_from_sums").stem]
    longest = max(runs, key=lambda row: int(row["trips"]))
    errors = [abs(float(row["predicted"]) / float(row["seconds"]) - 1) for row in _table("planner.csv")]
    names = {
        "race_rows": f"{float(race['DuckDB']['rows']) / 1e6:.0f} million",
        "stream_rows": f"{float(stream['pandas']['rows']) / 1e6:.0f} million",
        "large_rows": f"{int(longest['trips']) / 1e6:.0f} million",
        "large_minutes": longest["minutes"],
        "large_gb": f"{float(longest['peak MB']) / 1e3:.1f}",
        "planner_error": f"{100 * max(errors):.0f} %",
    }
    contenders = {
        "spark": "Spark MLlib",
        "dask": "Dask, partial fit",
        "duckdb": "DuckDB",
        "polars": "Polars, streaming",
        "pandas": "pandas + scikit-learn",
        "kit": "this kit, numpy",
        "trees": "XGBoost, in memory",
        "trees_disk": "XGBoost, external memory",
        "trees_dask": "XGBoost on Dask",
    }
    for name, contender in contenders.items():
        row = race[contender]
        names[f"{name}_seconds"] = f"{float(row['seconds']):.{0 if float(row['seconds']) >= 10 else 1}f} s"
        names[f"{name}_gb"] = f"{float(row['peak_MB']) / 1e3:.1f} GB"
        names[f"{name}_rmse"] = f"${float(row['rmse']):.2f}"
    for name, contender in {"stream_pandas": "pandas", "stream_loop": "numpy path"}.items():
        names[f"{name}_gb"] = f"{float(stream[contender]['peak_MB']) / 1e3:.1f} GB"
    return {name: text.replace(" ", "\u00a0") for name, text in names.items()}  # no line breaks within a number


def course_map() -> str:
    """The table of notebooks in README.md, where it is kept."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = re.search(r"(?m)^\| notebook \|.*\n(?:\|.*\n)+", readme)
    if table is None:
        raise ValueError("README.md has no table that begins with '| notebook |': the site's first page shows it.")
    return f"```{{table}}\n:class: course-map\n\n{for_the_site(table[0], '.')}```"


def contents(table: str) -> str:
    """The course's part of the side bar, in the words of the map."""
    entries = [f"{title} <{page}>" for title, page in re.findall(r"\[([^]]+)\]\((notebooks/[^)]+)\)", table)]
    return "\n".join(["```{toctree}", ":caption: The course", ":hidden:", "", *entries, "```"])


def sources() -> str:
    """The paragraph **Sources.** of each notebook, under the notebook's title."""
    parts = []
    for path in NOTEBOOKS:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        text = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
        title = re.search(r"(?m)^# (.*)$", text)[1]
        cited = re.search(r"\*\*Sources\.\*\*(.*?)(?:\n\n|$)", text, re.DOTALL)
        if cited is None:
            raise ValueError(f"{path.name} names no sources.")
        parts.append(f"**[{path.stem[:2]} · {title}](notebooks/{path.name}).** {cited[1].strip()}")
    return "\n\n".join(parts)


def picture() -> str:
    """The first figure of the course, with its words."""
    return f"```{{image}} picture.png\n:alt: {figures(NOTEBOOKS[0])[0][1]}\n```"


def _table(name: str) -> list[dict[str, str]]:
    with (ROOT / "notebooks" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
