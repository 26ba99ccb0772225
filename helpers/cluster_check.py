"""Find out before a long job starts that machines of a cluster lack the kit, or see other files than this one.

Used by ``helpers.cluster.connect`` for a cluster that it joins.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from distributed import Client

from helpers.environment import config

KIT = Path(__file__).parent


def same_everywhere(client: Client) -> None:
    """Compare the scheduler, and the workers that are there by now, with this process; it takes a moment.

    Raises
    ------
    RuntimeError
        If one of them cannot run the kit, has another version of it, or, a worker, sees other Parquet files under
        ``WORKSHOP_DATA``. The sentence names it.
    """
    folder = config.data_dir()
    kit, files = _kit_and_files(folder)
    workers = client.run(_kit_and_files, folder, on_error="return")
    found = {f"the worker {address}": seen for address, seen in workers.items()}
    try:
        found["the scheduler"] = client.run_on_scheduler(_kit), files  # it unpacks tasks, and opens no file
    except Exception as error:
        found["the scheduler"] = error
    for who, seen in found.items():
        if isinstance(seen, Exception):
            raise RuntimeError(f"{who} cannot run the kit ({seen}): install it there, or set PYTHONPATH to its folder")
        if seen[0] != kit:
            raise RuntimeError(f"{who} has another version of the kit than {KIT.parent}: give all machines the same")
        if other := [path for path, size in files.items() if seen[1].get(path) != size]:
            raise RuntimeError(
                f"{who} does not see {len(other)} of the {len(files)} files of WORKSHOP_DATA={folder} as they are "
                f"here, {other[0]} among them: give all machines the same files under the same absolute path"
            )


def _kit() -> str:
    texts = [path.read_text(encoding="utf-8") for path in sorted(KIT.rglob("*.py"))]  # whatever ends its lines
    return hashlib.sha256("".join(texts).encode()).hexdigest()


def _kit_and_files(folder: Path) -> tuple[str, dict[str, int]]:
    paths = sorted(folder.rglob("*.parquet"))
    return _kit(), {path.relative_to(folder).as_posix(): path.stat().st_size for path in paths}
