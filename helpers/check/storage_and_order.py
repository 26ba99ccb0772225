"""Exercises: how data is stored and ordered."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from helpers.check.answer import Wrong, exercise, number


@exercise
def fare_of_full_cars(answer: object, file: Path, cutoff: datetime) -> None:
    """Exercise 1: mean fare of the trips with five passengers or more since `cutoff`, from a Parquet file."""
    if isinstance(answer, float) and np.isnan(answer):
        raise Wrong(
            "No trips have no mean: do the two conditions name the right columns, and the right side of the cutoff?"
        )
    trips = pq.read_table(file, columns=["pickup_datetime", "passenger_count", "fare_amount"]).to_pandas()
    late, many = trips.pickup_datetime >= cutoff, trips.passenger_count >= 5
    fares, given = trips.fare_amount.astype("f8"), number(answer)

    def is_mean_of(rows) -> bool:
        return np.isclose(given, fares[rows].mean(), rtol=1e-5)

    if is_mean_of(late & many):
        return
    if np.isclose(given, fares[late & many].sum(), rtol=1e-5):
        raise Wrong("That is the sum of the fares: divide by the number of trips.")
    if given == (late & many).sum():
        raise Wrong("That is the number of trips: what do they pay on average?")
    if is_mean_of(late):
        raise Wrong("Those are all trips since then: add the condition on passengers to `filters`.")
    if is_mean_of(many):
        raise Wrong("Those are full cars of all times: add the condition on the time to `filters`.")
    if is_mean_of(late & (trips.passenger_count > 5)):
        raise Wrong("Five passengers count, too: >= 5.")
    if is_mean_of(late & (trips.passenger_count == 5)):
        raise Wrong("Six passengers count, too: >= 5.")
    if is_mean_of(late | many):
        raise Wrong(
            "Those trips meet one of the two conditions: both must hold. Give `filters` one list of two conditions."
        )
    raise Wrong(
        "Read fare_amount with two conditions in `filters`, one on the time and one on passengers; then mean()."
    )


@exercise
def mixed_copy(answer: object, file: Path) -> None:
    """Exercise 2: path of a Parquet file with the trips of `file`, which is sorted by time, in random order."""
    if hasattr(answer, "compute") or hasattr(answer, "dask"):
        raise Wrong("This is a plan, not a file yet: compute() it, write it, and give the path.")
    if not isinstance(answer, (str, Path)):
        raise Wrong(f"The path of the file is wanted; this is of type {type(answer).__name__}.")
    path = Path(answer)
    if not path.is_file():
        raise Wrong(f"This {type(answer).__name__} names no file that is there: write the file, then give its path.")
    if path.resolve() == Path(file).resolve():
        raise Wrong("That is the sorted file itself: write a second one.")
    try:
        copy = pq.read_table(path)
    except (pa.ArrowException, OSError):
        raise Wrong("That file cannot be read as Parquet: write it with to_parquet.") from None
    trips, footer = pq.read_table(file), pq.read_metadata(path)
    lost = [name for name in trips.column_names if name not in copy.column_names]
    if lost:
        raise Wrong(f"The copy lacks columns, such as {lost[0]}: it should hold all of them.")
    if len(copy) != len(trips):
        compared = "fewer" if len(copy) < len(trips) else "more"
        raise Wrong(f"The copy has {compared} trips than the file: frac=1 takes each row once.")
    times = copy["pickup_datetime"].to_numpy()
    if not np.array_equal(np.sort(times), np.sort(trips["pickup_datetime"].to_numpy())):
        raise Wrong("Those are other trips, or some of them twice: each row of the file is wanted once.")
    position = np.argsort(np.argsort(times, kind="stable"))
    if np.corrcoef(position, np.arange(len(times)))[0, 1] > 0.5:
        raise Wrong("The copy is still nearly sorted by time: put the rows in random order before you write.")
    if footer.num_row_groups < 2:
        raise Wrong("Right order, but one single row group: give to_parquet a row_group_size.")
    groups = np.array_split(position, footer.num_row_groups)
    if min(np.ptp(group) for group in groups) < 0.5 * len(times):
        raise Wrong("Only neighbours are mixed: mix all the rows of the table, not those of one row group.")
