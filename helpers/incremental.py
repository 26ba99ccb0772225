"""Learn from a stream batch by batch, with a progress bar and checkpoints to go on from after a crash.

Used by the notebook about partial fit, and by local SGD. What is learned from a batch is a function that the caller
writes, so the algorithm stays in the open; here is what every long run needs around it.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa

from helpers import row_groups, store, stream
from helpers.progress import bar as progress_bar

Model = TypeVar("Model")


@dataclass
class Progress:
    """How far a run has come, and how wrong the model was on the way."""

    rows_read: int = 0  # of the stream: where to go on
    rows: list[int] = field(default_factory=list)  # of each batch that was learned from
    losses: list[float] = field(default_factory=list)  # summed over its rows, before it was learned from


def fit(
    model: Model,
    step: Callable[[Model, pa.RecordBatch], tuple[int, float]],
    *,
    paths: str | Path | Iterable[str | Path],
    checkpoint: str | Path | None = None,
    resume: bool = False,
    every: int = 50,
    **options,
) -> tuple[Model, Progress]:
    """Call `step` with every batch of a stream; with a checkpoint, go on where an earlier run was interrupted.

    Parameters
    ----------
    model : object
        What learns, in its first state: an estimator, or a dict of several things. `step` changes it in place.
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
    paths = store.listed(paths)
    progress, identity = Progress(), _identity(paths, options)
    if checkpoint is not None and Path(checkpoint).exists():
        model, progress = load(checkpoint, identity, resume=resume)

    options["start"] = options.get("start", 0) + progress.rows_read
    whole = True  # no batch is half learned
    try:
        with progress_bar(None, "Learning", initial=progress.rows_read) as bar:
            for batch in stream.batches(paths, **options):
                whole = False
                rows, loss = step(model, batch)
                progress.rows_read += len(batch)
                progress.rows.append(rows)
                progress.losses.append(loss)
                whole = True
                bar.update(len(batch))
                if checkpoint is not None and len(progress.rows) % every == 0:
                    save(checkpoint, model, progress=progress, identity=identity)
    finally:  # at the end, and when the stream fails or somebody interrupts
        if checkpoint is not None and whole:
            save(checkpoint, model, progress=progress, identity=identity)
    return model, progress


def _identity(paths: list[str | Path], options: dict[str, Any]) -> dict[str, object]:
    """What makes a stream the same stream: its files by name and rows, and every option but reading ahead."""
    if options.get("where") is not None:
        raise ValueError("where cannot be resumed by the number of rows read: filter in `step` instead")
    described = {"files": [(Path(path).name, row_groups.metadata(path).num_rows) for path in paths], "batch_rows": None}
    defaults = {"shuffle": False, "seed": 0, "shard": (0, 1), "start": 0, "stop": None, "columns": None}
    return described | defaults | {name: value for name, value in options.items() if name != "read_ahead"}


def save(path: str | Path, model: object, *, progress: Progress, identity: dict[str, object]) -> None:
    """Write a checkpoint as a whole: a process that is killed meanwhile leaves the earlier one as it was.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    path = Path(path)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            pickle.dump((model, progress, identity), file)
            file.flush()
            os.fsync(file.fileno())  # on the disk before it gets its name, should the power fail
        os.replace(part, path)
    except OSError as error:
        raise OSError(f"{path} cannot be written ({error.strerror}): name a checkpoint on a disk with room") from error
    finally:
        part.unlink(missing_ok=True)


def load(path: str | Path, identity: dict[str, object], *, resume: bool) -> tuple[Any, Progress]:
    """Model and progress of a checkpoint that is there.

    Raises
    ------
    ValueError
        If `resume` is not said, it was written for another stream, or is damaged or something else.
    """
    with open(path, "rb") as file:
        try:
            model, progress, of = pickle.load(file)
            if not isinstance(progress, Progress):
                raise TypeError(f"it holds a {type(progress).__name__}")
        except Exception as error:  # a damaged pickle may raise anything
            raise ValueError(f"{path} is no readable checkpoint ({error}): delete it to start afresh") from error
    if not resume:
        raise ValueError(f"{path} is there already: say resume=True to go on from it, or delete it to start afresh")
    for name, value in identity.items():
        if of.get(name) != value:
            raise ValueError(
                f"{path} belongs to a stream with {name}={of.get(name)!r}, this one has {value!r}: go on with the "
                "same, or take another checkpoint"
            )
    return model, progress
