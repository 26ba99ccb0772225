"""What the notebooks define, for tests that hold it to something."""

from __future__ import annotations

import ast
import json

from data_scripts import course


def defined_in(subject: str) -> dict:
    """The imports, functions and constants of the notebook of a subject, without what it runs."""
    page, kept = course.path(subject), []
    for cell in json.loads(page.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and "colab.py" not in source:  # not the cell that fetches the kit on Colab
            kept += [node for node in ast.parse(source).body if _defines(node)]
    names = {"__name__": "notebook"}
    exec(compile(ast.Module(kept, []), str(page), "exec"), names)
    return names


def _defines(node: ast.stmt) -> bool:
    literal = (ast.Constant, ast.Tuple, ast.Dict, ast.expr_context)
    if isinstance(node, ast.Assign):
        return all(isinstance(part, literal) for part in ast.walk(node.value))
    return isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef))
