"""Train one model on many workers of a Dask cluster: each learns from a shard, and once a round all are averaged.

Used by the notebook about one model on many machines and by ``make bench-scale``. It is called local SGD, parameter
averaging or, where the shards never leave their owners, federated averaging. Between two averages nobody waits and
nothing is sent. A part of the work is determined by its shard, its round and the weights before it, and parts are
added up in the order of their shards: so the number of workers, and who of them dies, changes no bit of the result.

Sources: M. Zinkevich and others, Parallelized Stochastic Gradient Descent, 2010; S. Stich, Local SGD Converges Fast and
Communicates Little, 2019; H. B. McMahan and others, Communication-Efficient Learning of Deep Networks from
Decentralized Data, 2017.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import cloudpickle
import numpy as np
import pyarrow as pa
from distributed import Client, Future, wait
from distributed.scheduler import KilledWorker
from sklearn.base import clone
from sklearn.preprocessing import StandardScaler

from helpers import averaging, incremental, row_groups, store, stream
from helpers.progress import bar as progress_bar

Model = TypeVar("Model")
PATIENCE = 60  # seconds without any worker: one that is started anew needs a few


def fit(
    client: Client,
    model: Model,
    *,
    step: Callable[[Model, pa.RecordBatch], tuple[int, float]],
    paths: str | Path | Iterable[str | Path],
    shards: int,
    rounds: int,
    shuffle: bool = False,
    seed: int = 0,
    batch_rows: int = 65_536,
    start: int = 0,
    checkpoint: str | Path | None = None,
    resume: bool = False,
) -> tuple[Model, incremental.Progress]:
    """One pass over the files: in each round every shard's next rows are learned from, then the models are averaged.

    Parameters
    ----------
    client : distributed.Client
        Its workers see the files under the same paths.
    model : estimator
        Of ``helpers.averaging.KINDS``, in its first state, which is not changed.
    step : callable
        ``step(model, batch)`` predicts the batch, learns from it in place, and returns its rows and summed loss, as
        for `helpers.incremental.fit`. It travels to the workers.
    paths : str, Path or iterable of them
        Parquet files.
    shards : int
        Parts that are learned from side by side; more than there are workers are no mistake. The result depends on
        it, and not on the workers.
    rounds : int
        How often the models are averaged.
    shuffle, seed, batch_rows
        As for `helpers.stream.batches`. A shard mixes its own row groups.
    start : int
        Rows of every shard to leave out at its beginning: for a test, say.
    checkpoint : str or Path, optional
        A file for the model and its progress, replaced after every round. It is a pickle: open only files you trust.
    resume : bool
        Go on after the last round of the checkpoint. If there is none yet, begin.

    Returns
    -------
    model : estimator
    progress : helpers.incremental.Progress
        Rows and summed loss of each round, of all runs that led to the model.

    Raises
    ------
    TypeError
        If the model's weights cannot be averaged.
    ValueError
        If an argument makes no sense, a file cannot be read, or a checkpoint does not fit. What `step` raises on a
        worker comes through, too.
    RuntimeError
        If the cluster has no worker, or none any more, or a part has ended several of them.
    """
    for name, value in {"shards": shards, "rounds": rounds}.items():
        if value != int(value) or value < 1:
            raise ValueError(f"{name} is {value}: a whole number of at least 1 is needed")
    if start < 0:
        raise ValueError(f"start is {start}: a number of rows of at least 0 is needed")
    averaging.check(model)
    paths = store.listed(paths)
    groups = [(path, rows) for path in paths for rows in _rows_of_groups(path)]
    cuts = [_cuts([rows for _, rows in groups[shard::shards]], rounds, start, shuffle) for shard in range(shards)]
    total = int(sum(cut[-1] - cut[0] for cut in cuts))
    if not total:
        raise ValueError(f"the files hold no row from start={start} of any shard on: name those to learn from")
    if not client.nthreads():
        raise RuntimeError("the cluster has no worker: start one, then run it again")
    options = {"shuffle": shuffle, "seed": seed, "batch_rows": batch_rows}
    identity = {"files": [(Path(path).name, rows) for path, rows in groups], "shards": shards, "rounds": rounds}
    identity |= {"start": start, **options}
    job = cloudpickle.dumps((step, paths, options))  # once: it takes a millisecond or two, and parts are many
    progress = incremental.Progress()
    if checkpoint is not None and Path(checkpoint).exists():
        model, progress = incremental.load(checkpoint, identity, resume=resume)

    with progress_bar(total, "Learning", initial=progress.rows_read) as bar:
        for number in range(len(progress.rows), rounds):
            parts = []
            for shard in range(shards):
                low, high = map(int, cuts[shard][number : number + 2])
                parts.append({"shard": (shard, shards), "start": low, "stop": high})
            model, rows, loss = _one_round(client, model, job, parts)
            progress.rows_read += sum(part["stop"] - part["start"] for part in parts)
            progress.rows.append(rows)
            progress.losses.append(loss)
            bar.update(progress.rows_read - bar.n)
            if checkpoint is not None:
                incremental.save(checkpoint, model, progress=progress, identity=identity)
    return model, progress


def _one_round(client, model, job, parts) -> tuple[Model, int, float]:
    # The model travels with each task: kept on one worker, it would be lost with it.
    futures = [client.submit(_learn_part, job, model, part, pure=False) for part in parts]
    try:
        _wait(client, futures)
        learned = client.gather(futures)  # in the order of the shards, whoever comes first
    except KilledWorker as error:
        raise RuntimeError(
            f"{error.allowed_failures + 1} workers died over the same part: give them more memory, or a smaller "
            "batch_rows; a checkpoint goes on from the last round"
        ) from error
    finally:
        client.cancel(futures)
    models, rows, losses = zip(*learned, strict=True)
    return averaging.average(models, rows, before=model), sum(rows), sum(losses)


def _wait(client: Client, futures: Sequence[Future]) -> None:
    """Until all parts are done; Dask itself would wait for ever for a worker that does not come back."""
    left = PATIENCE
    while left > 0:
        try:
            wait(futures, timeout=min(left, 5))
            return
        except TimeoutError:
            left = PATIENCE if client.nthreads() else left - 5
    raise RuntimeError(
        f"no worker has been left for {PATIENCE} s: start some; a checkpoint goes on from the last round"
    )


def _learn_part(job: bytes, model: Model, part: dict) -> tuple[Model, int, float]:
    """What a worker does in a round: a copy of the model that learned from rows of a shard, how many, summed loss."""
    step, paths, options = cloudpickle.loads(job)
    # A copy: Dask may give the same object to the next part, or to this one once more.
    model = clone(model) if isinstance(model, StandardScaler) else copy.deepcopy(model)
    rows, loss = 0, 0.0
    for batch in stream.batches(paths, **part, **options):
        batch_rows, batch_loss = step(model, batch)
        rows, loss = rows + batch_rows, loss + batch_loss
    return model, rows, loss


def _rows_of_groups(path: str | Path) -> list[int]:
    metadata = row_groups.metadata(path)
    return [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]


def _cuts(groups: Sequence[int], rounds: int, start: int, shuffle: bool) -> np.ndarray:
    """Rows of a shard at which its rounds begin and end; where a read begins, too, if there are enough such places."""
    ends = np.cumsum([0, *groups])
    start = min(start, ends[-1])
    cuts = np.linspace(start, ends[-1], rounds + 1).astype(int)
    places = np.unique(np.maximum([*ends[:: stream.MIX if shuffle else 1], ends[-1]], start))
    if len(places) <= rounds:
        return cuts
    return places[np.abs(places[:, None] - cuts).argmin(axis=0)]
