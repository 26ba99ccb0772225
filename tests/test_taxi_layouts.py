"""Trips of every year and in every form that people have: exact values in the one schema, or one sentence."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import zipfile
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_scripts import taxi, taxi_files, values, zones
from helpers import datasets
from helpers import taxi as trips_of
from helpers.taxi import SCHEMA
from tests.loopback import serve

KAGGLE = "key,fare_amount," + ",".join(name for name in SCHEMA.names if name != "fare_amount")
FARES = [4.5, 12.1, 7.3]
START = "2009-06-15 17:26:21"


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setenv("WORKSHOP_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("WORKSHOP_MIRROR", raising=False)
    return tmp_path / "data" / "taxi"


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch):
    """A mirror over HTTP, into which `put` writes months."""
    folder = tmp_path / "shelf"
    (folder / "trip-data").mkdir(parents=True)
    with serve(folder) as server:
        monkeypatch.setenv("WORKSHOP_MIRROR", server.url)
        yield folder


def put(shelf: Path, month: str, table: pa.Table, **options) -> None:
    pq.write_table(table, shelf / f"trip-data/yellow_tripdata_{month}.parquet", **options)
    names = sorted(path.relative_to(shelf).as_posix() for path in shelf.glob("trip-data/*"))
    sums = (f"{hashlib.sha256((shelf / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
    (shelf / "SHA256SUMS").write_text("".join(sums))


AMOUNTS = "extra mta_tax tip_amount tolls_amount improvement_surcharge total_amount congestion_surcharge Airport_fee"
SINCE_2025 = {  # all columns of TLC's months since 2025 with their types, but the pick-up's time
    "VendorID": pa.array([1, 2, 7], pa.int32()),
    "tpep_dropoff_datetime": pa.array([datetime(2025, 2, 5, 9)] * 3, pa.timestamp("us")),
    "passenger_count": pa.array([1, 2, None], pa.int64()),
    "trip_distance": pa.array([17.6, 1.2, 0.0]),
    "RatecodeID": pa.array([2, 1, 99], pa.int64()),
    "store_and_fwd_flag": pa.array(["N", "Y", None], pa.large_string()),
    "PULocationID": pa.array([132, 161, 264], pa.int32()),
    "DOLocationID": pa.array([161, 57, 1], pa.int32()),
    "payment_type": pa.array([1, 2, 0], pa.int64()),
    **{name: pa.array([1.0, 2.5, 0.0]) for name in AMOUNTS.split()},
    "cbd_congestion_fee": pa.array([0.75, 0.75, 0.0]),
}


def zone_month(month: str, **columns) -> pa.Table:
    """Three trips as TLC publishes them since 2011, in the types of the years to 2022; columns may be replaced."""
    start = datetime.fromisoformat(f"{month}-05 08:30:00")
    table = {
        "VendorID": pa.array([1, 2, 2]),
        "tpep_pickup_datetime": pa.array([start + timedelta(minutes=i) for i in range(3)], pa.timestamp("us")),
        "passenger_count": pa.array([1.0, 2.0, None]),
        "store_and_fwd_flag": pa.array(["N", "N", None]).dictionary_encode(),
        "PULocationID": pa.array([132, 161, 264]),
        "DOLocationID": pa.array([161, 57, 1]),
        "fare_amount": pa.array(FARES),
    }
    if month < "2025":
        table["airport_fee"] = pa.nulls(3)
    return pa.table({**table, **columns})


def failure(capsys, *argv: str) -> str:
    assert taxi.main(argv) == 1
    (sentence,) = [line for line in capsys.readouterr().err.splitlines() if line.startswith("Error: ")]
    return sentence


def files_below(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


# Months since 2011


@pytest.mark.parametrize(
    ("month", "columns"),
    [
        ("2011-03", {}),
        (
            "2023-05",
            {
                "PULocationID": pa.array([132, 161, 264], pa.int32()),
                "DOLocationID": pa.array([161, 57, 1], pa.int32()),
                "passenger_count": pa.array([1, 2, None], pa.int64()),
                "store_and_fwd_flag": pa.array(["N", "N", None], pa.large_string()),
                "Airport_fee": pa.array([1.75, 0, 0]),
            },
        ),
        ("2025-02", SINCE_2025),
        (
            "2019-12",
            {
                "fare_amount": pa.array([Decimal(str(fare)) for fare in FARES], pa.decimal128(8, 2)),
                "tpep_pickup_datetime": pa.array(
                    [datetime(2019, 12, 5, 8, 30 + i) for i in range(3)], pa.timestamp("ns")
                ),
                "passenger_count": pa.array(["1", "2", None]).dictionary_encode(),
            },
        ),
        (
            "2016-07",
            {
                "fare_amount": pa.array([str(fare) for fare in FARES], pa.large_string()),
                "tpep_pickup_datetime": pa.array([f"2016-07-05 08:3{i}:00" for i in range(3)], pa.string_view()),
            },
        ),
    ],
)
def test_months_since_2011_become_the_one_schema_with_places_in_their_zones(data, shelf, capsys, month, columns):
    put(shelf, month, zone_month(month, **columns), row_group_size=1)
    assert taxi.main(["--months", month]) == 0
    trips = pq.read_table(data / f"tlc/{month}.parquet")
    assert trips.schema.equals(SCHEMA)
    assert [str(time) for time in trips["pickup_datetime"].to_pylist()] == [f"{month}-05 08:3{i}:00" for i in range(3)]
    assert trips["passenger_count"].to_pylist() == [1, 2, 0]
    np.testing.assert_array_equal(trips["fare_amount"].to_numpy(), np.float32(FARES))
    table = pd.read_csv(Path(zones.__file__).with_name("taxi_zones.csv"), index_col="LocationID")
    for end, numbers in (("pickup", [132, 161, None]), ("dropoff", [161, 56, 1])):
        for number, trip in zip(numbers, trips.to_pylist(), strict=True):
            place = np.array([trip[f"{end}_longitude"], trip[f"{end}_latitude"]], "f8")
            if number is None:
                assert np.isnan(place).all()
                continue
            away = (place - table.loc[number, ["longitude", "latitude"]].to_numpy("f8")) * [84.3, 111.2]  # km
            assert np.hypot(*away) <= table.loc[number, "radius_km"] * 1.01
    assert datasets.taxi_trips().source == f"NYC TLC zones {month}"
    assert len(trips_of.clean(trips)) == 2


def test_the_same_file_gives_the_same_places_whatever_its_row_groups(data, shelf, tmp_path, monkeypatch):
    places = []
    for size in (1, 100):
        put(shelf, "2018-01", zone_month("2018-01"), row_group_size=size)
        monkeypatch.setenv("WORKSHOP_DATA", str(tmp_path / str(size)))
        assert taxi.main(["--months", "2018-01"]) == 0
        places.append(pq.read_table(tmp_path / str(size) / "taxi/tlc/2018-01.parquet"))
    assert places[0].equals(places[1])


def test_every_zone_of_the_map_has_a_place_and_unknown_ones_have_none():
    longitude, latitude = zones.places(np.append(np.arange(1.0, 266), np.nan), np.random.default_rng(0))
    assert np.isnan(longitude[263:]).all() and np.isnan(latitude[263:]).all()
    assert np.isfinite(longitude[:263]).all()
    inside = (longitude[:263] > trips_of.WEST) & (longitude[:263] < trips_of.EAST)
    assert inside.all() and (np.abs(latitude[:263] - 40.75) < 0.3).all()


def test_months_of_all_layouts_in_one_span_are_one_dataset(data, shelf, mirror_month):
    for month in ("2009-12", "2010-01"):
        put(shelf, month, mirror_month(month))
    put(shelf, "2024-01", mirror_month("2024-01"))
    assert taxi.main(["--months", "2009-12..2010-01", "2024-01"]) == 0
    trips = datasets.taxi_trips()
    assert trips.source == "NYC TLC 2009-12 to 2010-01; NYC TLC zones 2024-01"
    assert len(trips.pandas()) == trips.rows > 10_000


@pytest.fixture
def mirror_month(mirror):
    return lambda month: pq.read_table(mirror / f"trip-data/yellow_tripdata_{month}.parquet")


def test_disk_takes_as_many_months_as_fit_and_says_where_to_go_on(data, shelf, capsys):
    for number in range(1, 6):
        put(shelf, f"2012-0{number}", zone_month(f"2012-0{number}"))
    assert taxi.main(["--months", "2012-01"]) == 0
    size = (data / "tlc/2012-01.parquet").stat().st_size
    taxi_bytes = f"{size * 4.5 / 1e6:.6f}MB"
    assert taxi.main(["--months", "2012-01..2012-05", "--disk", taxi_bytes]) == 0
    said = capsys.readouterr().out
    assert "3 of 5 months are there" in said and "goes on with 2012-04" in said
    assert sorted(files_below(data)) == ["2012-01.parquet", "2012-02.parquet", "2012-03.parquet"]
    assert taxi.main(["--months", "2012-01..2012-05", "--disk", "1TB"]) == 0
    said = capsys.readouterr().out
    assert len(files_below(data)) == 5 and "4 of 5 months, at most 1 min more" in said


# Strays, and months without a row


def test_trips_of_other_months_are_left_out_counted_and_told(data, shelf, capsys):
    times = ["2009-01-05 08:30:00", "2001-01-01 00:00:00", "2009-02-01 00:00:00", "2008-12-31 23:59:59", None]
    table = {name: pa.array([-73.98 if name.endswith("Lon") else 40.75] * 5) for name in taxi_files.TLC_2009.values()}
    put(shelf, "2009-01", pa.table({**table, "Trip_Pickup_DateTime": pa.array(times), "Passenger_Count": [1] * 5}))
    assert taxi.main(["--months", "2009-01"]) == 0
    assert taxi.main(["--months", "2009-01"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert all(line.endswith("; 4 of other months or of none are left out") for line in said) and len(said) == 2
    assert pq.read_table(data / "tlc/2009-01.parquet")["pickup_datetime"].to_pylist() == [datetime(2009, 1, 5, 8, 30)]
    assert str(datasets.taxi_trips()).endswith("; 4 trips of other months were left out")


@pytest.mark.parametrize("which", ["empty", "strays only"])
def test_a_month_without_a_trip_is_refused(data, shelf, capsys, which):
    table = zone_month("2011-03").slice(0, 0) if which == "empty" else zone_month("2011-04")
    put(shelf, "2011-03", table)
    said = failure(capsys, "--months", "2011-03")
    assert "/trip-data/yellow_tripdata_2011-03.parquet holds no trip of 2011-03" in said and "http://127" in said
    assert files_below(data) == []


# What cannot be read


@pytest.mark.parametrize(
    ("column", "bad", "said"),
    [
        ("fare_amount", ["4.5", "twelve", "7.3"], "1 of 3 values of the column fare_amount cannot be read"),
        ("fare_amount", ["4.5", "twelve", "7.3"], "the first is 'twelve' in row 2"),
        ("passenger_count", ["1", "2", "70000"], "'70000' in row 3"),
        ("passenger_count", ["1", "1.5 or so", None], "1 of 2 values of the column passenger_count"),
        ("PULocationID", [132, 999, 264], "column PULocationID cannot be read, the first is '999' in row 2"),
        ("tpep_pickup_datetime", ["2011-03-05 08:30:00", "soon", "2011-02-30 08:30:00"], "2 of 3 values"),
        ("tpep_pickup_datetime", [1_299_313_800, 1, 2], "tpep_pickup_datetime holds int64, where times are wanted"),
        ("fare_amount", [[1.0], [2.0], [3.0]], "fare_amount holds list<"),
        ("fare_amount", ["4.5", "\x1b[31m\ufffd", "7.3"], "'?[31m?' in row 2"),
    ],
)
def test_what_cannot_be_read_is_told_never_nulled(data, shelf, capsys, column, bad, said):
    put(shelf, "2011-03", zone_month("2011-03", **{column: pa.array(bad)}))
    sentence = failure(capsys, "--months", "2011-03")
    assert said in sentence and sentence.isprintable()
    assert files_below(data) == []


def test_few_values_that_cannot_be_read_become_null_and_are_counted(data, shelf, capsys):
    table = pa.concat_tables([zone_month("2011-03")] * 200)
    fares = [str(fare) for fare in table["fare_amount"].to_pylist()]
    put(shelf, "2011-03", table.set_column(6, "fare_amount", pa.array(["a dime", *fares[1:]])))
    assert taxi.main(["--months", "2011-03"]) == 0
    assert "could not be read: 1 of fare_amount" in capsys.readouterr().out
    trips = pq.read_table(data / "tlc/2011-03.parquet")
    assert trips["fare_amount"].null_count == 1 and trips.num_rows == 600
    at_the_limit = int(values.LIMIT * 600)  # of 600 values, one is told and two are too many
    put(
        shelf,
        "2011-03",
        table.set_column(6, "fare_amount", pa.array(["?"] * (at_the_limit + 1) + fares[at_the_limit + 1 :])),
    )
    (data / "tlc/2011-03.parquet").unlink()
    assert f"{at_the_limit + 1} of 600 values" in failure(capsys, "--months", "2011-03")


# Times


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (pa.array([datetime(2009, 6, 15, 21, 26, 21)], pa.timestamp("us", "UTC")), START),
        (pa.array([datetime(2009, 6, 15, 21, 26, 21)], pa.timestamp("ns", "America/New_York")), START),
        (pa.array(["2009-06-15T17:26:21.123"]), "2009-06-15 17:26:21.123000"),
        (pa.array(["2009-06-15 17:26:21-04:00"]), START),
        (pa.array(["2009-06-15 17:26"]), "2009-06-15 17:26:00"),
        (pa.array(["6/15/2009 5:26:21 PM"]), START),
        (pa.array(["15/06/2009 17:26:21"]), START),
        (pa.array(["6/5/2009 12:00:00 AM"]), "2009-06-05 00:00:00"),  # 6 May is in another month
        (pa.array([" 2009-06-15 17:26:21 "], pa.large_string()), START),
        (pa.array([b"2009-06-15 17:26:21"]), START),
    ],
)
def test_times_of_any_kind_are_new_yorks_wall_time(tmp_path, times, expected):
    (time,) = values.Values(tmp_path, month="2009-06").times("pickup", times).to_pylist()
    assert str(time) == expected


def test_a_day_that_could_be_a_month_is_refused_unless_other_rows_tell(tmp_path):
    with pytest.raises(
        ValueError, match="the column pickup writes '5/6/2009 17:26' in row 2, where the month could be"
    ):
        values.Values(tmp_path).times("pickup", pa.array([None, "5/6/2009 17:26"]))
    told = values.Values(tmp_path)
    first = told.times("pickup", pa.array(["5/6/2009 17:26", "5/20/2009 17:26"]))
    later = told.times("pickup", pa.array(["5/7/2009 17:26"]))
    assert [time.month for time in [*first.to_pylist(), *later.to_pylist()]] == [5, 5, 5]


def test_kaggles_utc_is_a_false_label_and_stays_so(tmp_path):
    for times in (
        pa.array([f"{START} UTC"]),
        pa.array([f"{START}+00:00"]),
        pa.array([pd.Timestamp(START)], pa.timestamp("ns", "UTC")),
    ):
        (time,) = values.Values(tmp_path, utc_is_local=True).times("pickup_datetime", times).to_pylist()
        assert str(time) == START


# Kaggle's rows as people have them


def kaggle_csv() -> bytes:
    rows = [f"k{i},{fare},{START} UTC,-73.84,40.72,-73.85,40.71,{i + 1}" for i, fare in enumerate(FARES)]
    return "\n".join([KAGGLE, *rows, ""]).encode()


def as_parquet() -> bytes:
    written = io.BytesIO()
    pd.read_csv(io.BytesIO(kaggle_csv()), parse_dates=["pickup_datetime"]).to_parquet(written)
    return written.getvalue()


def as_zip() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("GCP-Coupons-Instructions.rtf", "")
        archive.writestr("test.csv", KAGGLE.replace("fare_amount,", ""))
        archive.writestr("train.csv", kaggle_csv())
    return written.getvalue()


def as_zstandard() -> bytes:
    written = pa.BufferOutputStream()
    with pa.CompressedOutputStream(written, "zstd") as packed:
        packed.write(kaggle_csv())
    return written.getvalue().to_pybytes()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("train.csv", kaggle_csv()),
        ("train.csv.gz", gzip.compress(kaggle_csv())),
        ("train.csv.bz2", bz2.compress(kaggle_csv())),
        ("train.csv.xz", lzma.compress(kaggle_csv())),
        ("train.csv.zst", as_zstandard()),
        ("new-york-city-taxi-fare-prediction.zip", as_zip()),
        ("train.parquet", as_parquet()),
        ("with a BOM.csv", b"\xef\xbb\xbf" + kaggle_csv().replace(b"\n", b"\r\n")),
    ],
)
def test_kaggles_rows_are_read_as_csv_or_parquet_packed_or_not(data, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    assert taxi.main(["--kaggle", str(tmp_path / name)]) == 0
    trips = pq.read_table(data / "kaggle/train.parquet")
    assert trips.schema.equals(SCHEMA)
    assert [str(time) for time in trips["pickup_datetime"].to_pylist()] == [START] * 3
    assert trips["passenger_count"].to_pylist() == [1, 2, 3]
    np.testing.assert_array_equal(trips["fare_amount"].to_numpy(), np.float32(FARES))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(gzip.compress(kaggle_csv())[:-20], id="gz"),
        pytest.param(lzma.compress(kaggle_csv())[:60], id="xz"),
        pytest.param(as_zip()[:-60], id="zip"),
        pytest.param(as_parquet()[:-60], id="parquet"),
        pytest.param(as_zstandard()[:40], id="zst"),
    ],
)
def test_a_packed_file_that_is_cut_is_one_sentence(data, tmp_path, capsys, content):
    (tmp_path / "train").write_bytes(content)
    assert "train is cut short or damaged" in failure(capsys, "--kaggle", str(tmp_path / "train"))
    assert files_below(data) == []


def test_a_file_of_kaggle_without_a_row_is_refused(data, tmp_path, capsys):
    (tmp_path / "train.csv").write_text(KAGGLE + "\n")
    assert "holds no trip" in failure(capsys, "--kaggle", str(tmp_path / "train.csv"))


# Any table in any layout

TEXTS = [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())]
FARE_TYPES = [pa.float64(), pa.float32(), pa.decimal128(10, 2), *TEXTS]
COUNT_TYPES = [pa.int64(), pa.int32(), pa.float64(), pa.uint8(), *TEXTS]
TIME_TYPES = [
    pa.timestamp("us"),
    pa.timestamp("ns"),
    pa.timestamp("ms"),
    pa.timestamp("us", "America/New_York"),
    *TEXTS,
]


def cast(column: pa.Array, to: pa.DataType) -> pa.Array:
    if pa.types.is_dictionary(to):
        return column.cast(pa.string()).dictionary_encode()
    if getattr(to, "tz", None):
        return pa.array(column.to_pandas().dt.tz_localize(to.tz, ambiguous=True, nonexistent="shift_forward"), to)
    return column.cast(to, safe=False)


@given(data=st.data(), month=st.sampled_from(["2009-06", "2010-07", "2017-08", "2025-05"]))
@settings(max_examples=60, deadline=None)
def test_any_table_in_any_layout_gives_exact_values_or_one_sentence(tmp_path_factory, data, month):
    rows = data.draw(st.integers(1, 30))
    nullable = data.draw(st.booleans())

    def draw(values_):
        cell = st.none() | values_ if nullable else values_
        return data.draw(st.lists(cell, min_size=rows, max_size=rows))

    start = datetime.fromisoformat(f"{month}-01")
    moments = draw(st.integers(-86_400, 40 * 86_400).map(lambda seconds: start + timedelta(seconds=seconds)))
    cents = draw(st.integers(-500, 30_000))
    passengers = draw(st.integers(0, 255))
    names = taxi_files.layout(month)
    columns = {
        "pickup_datetime": cast(pa.array(moments, pa.timestamp("us")), data.draw(st.sampled_from(TIME_TYPES))),
        "passenger_count": cast(pa.array(passengers, pa.int64()), data.draw(st.sampled_from(COUNT_TYPES))),
        "fare_amount": cast(
            pa.array([None if c is None else Decimal(c) / 100 for c in cents], pa.decimal128(10, 2)),
            data.draw(st.sampled_from(FARE_TYPES)),
        ),
    }
    for name in names:
        if name not in columns:
            of = st.integers(1, 265) if "zone" in name else st.floats(-180, 180, width=32)
            columns[name] = pa.array(draw(of))
    table = pa.table({names[name]: column for name, column in columns.items()})
    spoilt = data.draw(st.sampled_from([None, *names]))
    if spoilt:
        texts = [str(value) for value in table[names[spoilt]].to_pylist()]
        texts[data.draw(st.integers(0, rows - 1))] = "spoilt"
        place = table.column_names.index(names[spoilt])
        table = table.set_column(place, names[spoilt], pa.array(texts).cast(pa.string()))
    path = tmp_path_factory.mktemp("any") / "month.parquet"
    pq.write_table(table, path, row_group_size=data.draw(st.integers(1, rows)))

    inside = [moment is not None and f"{moment:%Y-%m}" == month for moment in moments]
    reader = values.Values(path, month=month)
    try:
        read = pa.Table.from_batches(taxi_files.read_tlc(path, month, values=reader), SCHEMA)
    except ValueError as error:
        assert str(path) in str(error) and "\n" not in str(error)
        assert spoilt or not any(inside)
        return
    assert not spoilt and reader.left_out == inside.count(False)
    kept = [row for row, stays in enumerate(inside) if stays]
    assert read["pickup_datetime"].to_pylist() == [moments[row] for row in kept]
    assert read["passenger_count"].to_pylist() == [passengers[row] or 0 for row in kept]
    fares = columns["fare_amount"].to_pylist()
    expected = [None if cents[row] is None else float(np.float32(float(fares[row]))) for row in kept]
    assert read["fare_amount"].to_pylist() == expected
    for name in SCHEMA.names[1:5]:
        if name in columns:
            assert read[name].to_pylist() == [columns[name][row].as_py() for row in kept]
