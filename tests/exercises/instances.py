import tempfile
from pathlib import Path

import pyarrow.parquet as pq

from helpers import check, synthetic

FOLDER = tempfile.TemporaryDirectory()  # removed when the tests end


def cases():
    file = Path(FOLDER.name, "trips.parquet")
    table = synthetic.taxi_trips(0, 30_000)
    pq.write_table(table, file)
    trips = table.to_pandas()
    cutoff = trips.pickup_datetime.quantile(0.9).floor("D")
    late, many = trips.pickup_datetime >= cutoff, trips.passenger_count >= 5
    fares = trips.fare_amount.astype("f8")
    full = fares[late & many]
    others = [late, many, late & (trips.passenger_count > 5), late & (trips.passenger_count == 5), late | many]
    wrong = [float("nan"), full.sum(), len(full), *(fares[rows].mean() for rows in others), 3]
    yield check.fare_of_full_cars, (file, cutoff), [full.mean()], wrong

    yield check.bits_needed, (18_000,), [18, 18.0], [17.36, 2**18, 15, 0, 17, 19]
