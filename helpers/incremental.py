"""Learn from a stream batch by batch: with a progress bar, an error curve, and checkpoints to go on from after a crash.

Used by the notebook about partial fit. What is learned from a batch is a function that the caller writes, so the
algorithm stays in the open; here is what every long run needs around it.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from helpers import stream
from helpers.environment import files

Model = TypeVar("Model")


@dataclass
class Progress:
    """How far a run has come, and how wrong the model was on the way.

    Attributes
    ----------
    rows_read : int
        Rows of the stream that were learned from or dropped: where to go on.
    rows : list of int
        Rows of each batch that were learned from.
    losses : list of float
        Loss of each batch, summed over its rows, before the batch was learned from.
    """

    rows_read: int = 0
    rows: list[int] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)

    @property
    def batches(self) -> int:
        """Batches that were learned from."""
        return len(self.rows)

    def curve(self, window: int = 1) -> tuple[np.ndarray, np.ndarray]:
        """Rows seen, and the mean loss over the last `window` batches: the progressive (test-then-train) error.

        Returns
        -------
        rows : ndarray of int, shape (batches,)
        loss : ndarray of float, shape (batches,)
            In the loss's unit: US$² where it is a squared error in US$.

        Raises
        ------
        ValueError
            If the window is below 1.
        """
        if window < 1:
            raise ValueError(f"window is {window}: a mean needs at least 1 batch")
        rows, losses = (np.concatenate([[0], np.cumsum(values)]) for values in (self.rows, self.losses))
        now = np.arange(1, len(rows))
        before = np.maximum(now - window, 0)
        return rows[1:], (losses[now] - losses[before]) / np.maximum(rows[now] - rows[before], 1)


def fit(
    model: Model,
    step: Callable[[Model, pa.RecordBatch], tuple[int, float]],
    paths: str | Path | Iterable[str | Path],
    *,
    checkpoint: str | Path | None = None,
    resume: bool = False,
    every: int = 50,
    **options,
) -> tuple[Model, Progress]:
    """Call `step` with every batch of a stream; with a checkpoint, go on where an earlier run was interrupted.

    Parameters
    ----------
    model : object
        What learns, in its first state: an estimator, or a tuple or dict of several things. `step` changes it in
        place.
    step : callable
        ``step(model, batch)`` predicts the batch, learns from it, and returns its rows and summed loss.
    paths : str, Path or iterable of them
        Parquet files, as for `helpers.stream.batches`.
    checkpoint : str or Path, optional
        A file for the model, its progress and what the stream was, replaced as a whole every `every` batches and at
        the end. It is a pickle: open only files that you trust.
    resume : bool
        Go on from the checkpoint: the model saved there takes the place of `model`. If there is none yet, begin.
    every : int
        Batches between two checkpoints.
    **options
        Of `helpers.stream.batches`: ``batch_rows``, ``shuffle``, ``seed``, ``start``, ``stop`` …

    Returns
    -------
    model : object
    progress : Progress
        Of all runs that led to the model.

    Raises
    ------
    ValueError
        If a checkpoint is there and `resume` is not said, or it was written for another stream or cannot be read, or
        `every` is not positive. What the stream raises comes through, too, after a checkpoint of the batches before.
    OSError
        If the checkpoint cannot be written.
    """
    if every < 1:
        raise ValueError(f"every is {every}: at least 1 batch lies between two checkpoints")
    paths = [paths] if isinstance(paths, (str, Path)) else list(paths)
    progress, identity = Progress(), _identity(paths, options)
    path = None if checkpoint is None else Path(checkpoint)
    if path is not None and path.exists():
        model, progress = resumed(path, resume, identity)

    options["start"] = options.get("start", 0) + progress.rows_read
    whole = True  # no batch is half learned
    try:
        with files.bar(_rows_of(identity), "Learning") as bar:
            bar.update(progress.rows_read)
            for batch in stream.batches(paths, **options):
                whole = False
                rows, loss = step(model, batch)
                progress.rows_read += len(batch)
                progress.rows.append(rows)
                progress.losses.append(loss)
                whole = True
                bar.update(len(batch))
                if path is not None and progress.batches % every == 0:
                    save(path, model, progress, identity)
    finally:  # at the end, and when the stream fails or somebody interrupts
        if path is not None and whole:
            save(path, model, progress, identity)
    return model, progress


def _identity(paths: list[str | Path], options: dict[str, Any]) -> dict[str, object]:
    """What makes a stream the same stream: its files by name and rows, and every option but reading ahead."""
    if options.get("where") is not None:
        raise ValueError("where cannot be resumed by the number of rows read: filter in `step` instead")
    described = {"files": [(Path(path).name, pq.read_metadata(path).num_rows) for path in paths]}
    defaults = {"shuffle": False, "seed": 0, "shard": (0, 1), "start": 0, "stop": None, "columns": None}
    return (
        described
        | defaults
        | {"batch_rows": None}
        | {name: value for name, value in options.items() if name != "read_ahead"}
    )


def _rows_of(identity: dict[str, Any]) -> int | None:
    """Rows of a stream, for the progress bar; unknown where it is a shard."""
    if tuple(identity["shard"]) != (0, 1):
        return None
    rows = sum(rows for _, rows in identity["files"])
    return rows - identity["start"] if identity["stop"] is None else min(rows, identity["stop"]) - identity["start"]


def resumed(path: Path, resume: bool, identity: dict[str, object]) -> tuple[Any, Progress]:
    """Model and progress of a checkpoint that is there; refused unless `resume` is said and its stream is the same."""
    if not resume:
        load(path)  # if it is no checkpoint, say that instead
        raise ValueError(f"{path} is there already: say resume=True to go on from it, or delete it to start afresh")
    model, progress, of = _read(path)
    for name, value in identity.items():
        if of.get(name) != value:
            raise ValueError(
                f"{path} belongs to a stream with {name}={of.get(name)!r}, this one has {value!r}: go on with the "
                "same, or take another checkpoint"
            )
    return model, progress


def save(path: str | Path, model: object, progress: Progress, identity: dict[str, object]) -> None:
    """Write a checkpoint as a whole: a process that is killed meanwhile leaves the earlier one as it was."""
    with files.replacing(Path(path)) as part, part.open("wb") as file:
        pickle.dump((model, progress, identity), file)
        file.flush()
        os.fsync(file.fileno())  # on the disk before it gets its name, should the power fail


def load(path: str | Path) -> tuple[Any, Progress]:
    """Read a checkpoint: ``(model, progress)``.

    Raises
    ------
    FileNotFoundError
        If there is none.
    ValueError
        If the file is something else, or was written by other versions of the libraries.
    """
    model, progress, _ = _read(path)
    return model, progress


def _read(path: str | Path) -> tuple[Any, Progress, dict[str, object]]:
    with open(path, "rb") as file:
        try:
            model, progress, identity = pickle.load(file)
            if not isinstance(progress, Progress):
                raise TypeError(f"it holds a {type(progress).__name__}")
        except Exception as error:  # a damaged pickle may raise anything
            raise ValueError(f"{path} is no readable checkpoint ({error}): delete it to start afresh") from error
    return model, progress, identity
