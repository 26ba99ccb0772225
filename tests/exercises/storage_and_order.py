import tempfile
from pathlib import Path

import pyarrow.parquet as pq

from helpers import check, synthetic

FOLDER = tempfile.TemporaryDirectory()  # removed when the tests end


def cases():
    file = Path(FOLDER.name, "trips.parquet")
    table = synthetic.taxi_trips(0, 30_000).sort_by("pickup_datetime")
    pq.write_table(table, file, row_group_size=3_000)
    trips = table.to_pandas()
    cutoff = trips.pickup_datetime.quantile(0.9).floor("D")
    late, many = trips.pickup_datetime >= cutoff, trips.passenger_count >= 5
    fares = trips.fare_amount.astype("f8")
    full = fares[late & many]
    others = [late, many, late & (trips.passenger_count > 5), late & (trips.passenger_count == 5), late | many]
    wrong = [float("nan"), full.sum(), len(full), *(fares[rows].mean() for rows in others), 3]
    yield check.fare_of_full_cars, (file, cutoff), [full.mean()], wrong

    mixed = trips.sample(frac=1, random_state=0)
    near = trips.iloc[trips.index.to_series().groupby(trips.index // 3_000).sample(frac=1, random_state=0)]
    groups = trips.index.to_series().groupby(trips.index // 3_000)
    order = groups.ngroup().sample(frac=1, random_state=1).index // 3_000
    jumbled = near.iloc[[row for group in dict.fromkeys(order) for row in range(group * 3_000, group * 3_000 + 3_000)]]
    text = Path(FOLDER.name, "text.parquet")
    text.write_text("no Parquet")
    wrong = [
        Path(FOLDER.name, "none.parquet"), file, text, table,
        written(mixed[["pickup_datetime", "fare_amount"]], "columns"), written(mixed[:100], "few"),
        written(trips.sample(n=40_000, replace=True, random_state=0), "more"),
        written(trips.sample(frac=1, replace=True, random_state=0), "twice"),
        written(near, "near"), written(mixed, "one", 30_000), written(jumbled, "jumbled"),
    ]  # fmt: skip
    path = written(mixed, "mixed")
    yield check.mixed_copy, (file,), [path, str(path)], wrong


def written(trips, name, row_group_size=3_000):
    path = Path(FOLDER.name, f"{name}.parquet")
    trips.to_parquet(path, index=False, row_group_size=row_group_size)
    return path
