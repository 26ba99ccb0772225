"""How far a run in rounds has come, and checkpoints from which it goes on. Used by ``helpers.local_sgd``."""

from __future__ import annotations

import os
import pickle
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tqdm.auto import tqdm
from tqdm.notebook import tqdm_notebook


@dataclass
class Progress:
    """Rows read so far; rows that were learned from, and their loss before that, summed, of each round."""

    rows_read: int = 0
    rows: list[int] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)

    @property
    def rounds(self) -> int:
        """Rounds that are done."""
        return len(self.rows)


def bar(total: int) -> tqdm:
    """A progress bar of rows that vanishes when done; none where nobody watches, such as in a log file."""
    watched = issubclass(tqdm, tqdm_notebook) or (sys.stderr is not None and sys.stderr.isatty())
    return tqdm(total=total, desc="Learning", unit=" rows", unit_scale=True, leave=False, disable=not watched)


def save(path: str | Path, model: object, progress: Progress, identity: dict[str, object]) -> None:
    """Write a checkpoint as a whole: a process that is killed meanwhile leaves the earlier one as it was."""
    part = Path(f"{path}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            pickle.dump((model, progress, identity), file)
            file.flush()
            os.fsync(file.fileno())  # on the disk before it gets its name, should the power fail
        os.replace(part, path)
    except OSError as error:
        raise OSError(f"{path} cannot be written ({error.strerror}): choose a folder with room to write to") from error
    finally:
        part.unlink(missing_ok=True)


def load(path: str | Path) -> tuple[Any, Progress, dict[str, object]]:
    """Model, progress and identity of a checkpoint. It is a pickle: open only files that you trust.

    Raises FileNotFoundError if there is none, ValueError if the file is something else.
    """
    with open(path, "rb") as file:
        try:
            model, progress, identity = pickle.load(file)
            if not isinstance(progress, Progress):
                raise TypeError(f"it holds a {type(progress).__name__}")
        except Exception as error:  # a damaged pickle may raise anything
            raise ValueError(f"{path} is no readable checkpoint ({error}): delete it to start afresh") from error
    return model, progress, identity


def resumed(path: str | Path, resume: bool, identity: dict[str, object]) -> tuple[Any, Progress]:
    """Model and progress of a checkpoint that is there; ValueError unless `resume` is said and the run is the same."""
    model, progress, of = load(path)
    if not resume:
        raise ValueError(f"{path} is there already: say resume=True to go on from it, or delete it to start afresh")
    for name, value in identity.items():
        if of.get(name) != value:
            raise ValueError(
                f"{path} belongs to a run with {name}={of.get(name)!r}, this one has {value!r}: go on with the same, "
                "or take another checkpoint"
            )
    return model, progress
