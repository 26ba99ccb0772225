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

from helpers.environment import files

Model = TypeVar("Model")


@dataclass
class Progress:
    """How far a run has come, and how wrong the model was on the way.

    Attributes
    ----------
    batches : int
        Batches of the stream that were learned from: where to go on.
    rows : list of int
        Rows of each batch.
    losses : list of float
        Loss of each batch, summed over its rows, before the batch was learned from.
    """

    batches: int = 0
    rows: list[int] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)

    def curve(self, window: int = 1) -> tuple[np.ndarray, np.ndarray]:
        """Rows seen, and the mean loss over the last `window` batches: the progressive (test-then-train) error.

        Returns
        -------
        rows : ndarray of int, shape (batches,)
        loss : ndarray of float, shape (batches,)
            In the loss's unit: US$² where it is a squared error in US$.
        """
        rows, losses = (np.concatenate([[0], np.cumsum(values)]) for values in (self.rows, self.losses))
        now = np.arange(1, len(rows))
        before = np.maximum(now - window, 0)
        return rows[1:], (losses[now] - losses[before]) / np.maximum(rows[now] - rows[before], 1)


def fit(
    model: Model,
    step: Callable[[Model, pa.RecordBatch], tuple[int, float]],
    open_stream: Callable[..., Iterable[pa.RecordBatch]],
    *,
    checkpoint: str | Path | None = None,
    every: int = 50,
    total_rows: int | None = None,
) -> tuple[Model, Progress]:
    """Call `step` with every batch of a stream, and go on where an earlier run was interrupted.

    Parameters
    ----------
    model : object
        What learns, in its first state: an estimator, or a tuple or dict of several things. `step` changes it in
        place. If the checkpoint exists, the model saved there takes its place.
    step : callable
        ``step(model, batch)`` predicts the batch, learns from it, and returns its rows and summed loss.
    open_stream : callable
        ``open_stream(start=n)`` gives the stream from its `n`-th batch on; the same batches whenever it is called, such
        as ``functools.partial(trips.stream, shuffle=0)``.
    checkpoint : str or Path, optional
        A file for the model and its progress, replaced as a whole every `every` batches and at the end. It is a
        pickle: open only files that you trust. Delete it to start afresh.
    every : int
        Batches between two checkpoints.
    total_rows : int, optional
        Rows of the stream, for the progress bar.

    Returns
    -------
    model : object
    progress : Progress
        Of all runs that led to the model.

    Raises
    ------
    ValueError
        If the checkpoint cannot be read or `every` is not positive. What the stream raises comes through, too, after
        a checkpoint of the batches before.
    OSError
        If the checkpoint cannot be written.
    """
    if every < 1:
        raise ValueError(f"every is {every}: at least 1 batch lies between two checkpoints")
    progress = Progress()
    path = None if checkpoint is None else Path(checkpoint)
    if path is not None and path.exists():
        model, progress = load(path)

    whole = True  # no batch is half learned
    try:
        with files.bar(total_rows, "Learning") as bar:
            bar.update(sum(progress.rows))
            for batch in open_stream(start=progress.batches):
                whole = False
                rows, loss = step(model, batch)
                progress.batches += 1
                progress.rows.append(rows)
                progress.losses.append(loss)
                whole = True
                bar.update(len(batch))
                if path is not None and progress.batches % every == 0:
                    save(path, model, progress)
    finally:  # at the end, and when the stream fails or somebody interrupts
        if path is not None and whole:
            save(path, model, progress)
    return model, progress


def save(path: str | Path, model: object, progress: Progress) -> None:
    """Write a checkpoint as a whole: a process that is killed meanwhile leaves the earlier one as it was."""
    with files.replacing(Path(path)) as part, part.open("wb") as file:
        pickle.dump((model, progress), file)
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
    with open(path, "rb") as file:
        try:
            model, progress = pickle.load(file)
            if not isinstance(progress, Progress):
                raise TypeError(f"it holds a {type(progress).__name__}")
        except Exception as error:  # a damaged pickle may raise anything
            raise ValueError(f"{path} is no readable checkpoint ({error}): delete it to start afresh") from error
    return model, progress
