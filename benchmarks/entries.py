"""What can be known of a contender without running it: its source, its version, what it lacks here."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import shutil
from importlib import metadata
from pathlib import Path

from benchmarks import contenders
from benchmarks.contenders import CONTENDERS


def names() -> list[str]:
    """The contenders' module names."""
    return list(CONTENDERS)


def missing(name: str) -> str | None:
    """What a contender lacks here, in one sentence; None if it can run."""
    for package in CONTENDERS[name].needs:
        if package == "Java":
            if not shutil.which("java"):
                return "needs Java 17: `sudo apt install openjdk-17-jre-headless`, or adoptium.net"
        elif importlib.util.find_spec(package) is None:
            return f"needs a package: `pip install {CONTENDERS[name].package}`"
    return None


def version(name: str) -> str:
    """A contender's library and its version, as it is installed here."""
    package = CONTENDERS[name].package.partition("[")[0]
    for distribution in (package, f"{package}-cpu"):
        try:
            return f"{package} {metadata.version(distribution)}"
        except metadata.PackageNotFoundError:
            pass
    return package


def about(name: str) -> dict[str, str]:
    """What a contender's docstring says: "Source", "Mixes rows", "Cores" and "Would its maintainers sign it?"."""
    said = inspect.cleandoc(ast.get_docstring(ast.parse(_source(name))))
    paragraphs = said.split("\n\n", maxsplit=1)[1] if "\n\n" in said else ""
    entries = {}
    for line in paragraphs.splitlines():
        key, sign, text = line.partition("? " if line.startswith("Would") else ": ")
        if sign and not line.startswith(" "):
            entries[key + sign.strip(": ")] = text.strip()
        elif entries and line.strip():
            entries[list(entries)[-1]] += " " + line.strip()
    return entries


def can_mix(name: str) -> bool:
    """Whether a contender's ``train`` can mix the rows itself."""
    functions = (node for node in ast.parse(_source(name)).body if isinstance(node, ast.FunctionDef))
    return any(node.name == "train" and len(node.args.args) > 1 for node in functions)


def lines_of_code(name: str) -> int:
    """Lines of a contender's file that are neither blank nor comment nor docstring."""
    tree = ast.parse(_source(name))
    strings = {
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for line in range(node.lineno, node.end_lineno + 1)
    }
    lines = enumerate(_source(name).splitlines(), start=1)
    return sum(bool(text.strip()) and not text.strip().startswith("#") and line not in strings for line, text in lines)


def _source(name: str) -> str:
    return Path(contenders.__path__[0], f"{name}.py").read_text(encoding="utf-8")
