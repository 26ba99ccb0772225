"""benchmarks.race and benchmarks.contenders: every library does the same job, and what cannot run is said by name."""

from __future__ import annotations

import importlib
import json
import os
import threading
from ipaddress import ip_address
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import psutil
import pytest
from distributed import Client

from benchmarks import contenders, cost, entries, job, race
from data_scripts import taxi_synthetic
from helpers import datasets, stream, synthetic, taxi
from tests.loopback import listening

ROWS = 250_000
OWN_FEATURES = ["daft_batches", "duckdb_sql", "polars_streaming", "spark_mllib"]
SERVERS = ["dask_partial_fit", "lightgbm_on_dask", "ray_data", "spark_mllib", "xgboost_on_dask"]
REFERENCE = {"linear": "pandas_in_memory", "trees": "xgboost_in_memory"}


@pytest.fixture(scope="module")
def paths():
    taxi_synthetic.generate(ROWS)
    return datasets.synthetic_taxi_files(ROWS)


@pytest.fixture(scope="module")
def raced(paths) -> tuple[pd.DataFrame, dict[str, set[str]]]:
    """All that can run here, raced once each, and the addresses at which each waited for others meanwhile."""
    addresses, over, race_one = {name: set() for name in race.names()}, threading.Event(), race.memory.run_capped
    running = [None]

    def run(function, name, *arguments, **options):
        running[0] = name
        return race_one(function, name, *arguments, **options)

    def look():
        while not over.wait(0.3):
            for child in psutil.Process().children() if running[0] else ():
                addresses[running[0]] |= listening(child.pid)

    watch = threading.Thread(target=look)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(race, "SHORT", 0)
        patch.setattr(race.memory, "run_capped", run)
        watch.start()
        try:
            table = race.measure(ROWS, race.names()).set_index("contender")
        finally:
            over.set()
            watch.join()
    return table, addresses


@pytest.fixture(scope="module")
def table(raced) -> pd.DataFrame:
    return raced[0]


def title_of(name: str) -> str:
    return contenders.CONTENDERS[name].title


def skip_if_missing(name: str) -> None:
    if why_not := race.missing(name):
        pytest.skip(f"{name} {why_not}")


@pytest.mark.parametrize("name", OWN_FEATURES)
def test_features_that_a_library_computes_itself_are_the_kit_s(name, paths):
    skip_if_missing(name)
    contender = importlib.import_module(f"benchmarks.contenders.{name}")
    features, fares = contender.features(paths)
    expected = [np.concatenate(parts) for parts in zip(*map(taxi.to_xy, stream.batches(paths)), strict=True)]
    np.testing.assert_allclose(features, expected[0], rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(fares, expected[1])


def test_all_that_can_run_learn_as_well_as_the_reference(table):
    for title, row in table.iterrows():
        if np.isfinite(row.seconds):
            reference = table.rmse[title_of(REFERENCE[row.model])]
            assert row.rmse <= 1.03 * reference, title
            assert row.peak_MB > 50 and row.lines > 5


def test_what_cannot_run_stands_in_the_table_with_its_reason(table):
    assert list(table.index) == [title_of(name) for name in race.names()]
    for name in race.names():
        why_not = race.missing(name)
        row = table.loc[title_of(name)]
        assert np.isfinite(row.seconds) == (why_not is None)
        assert why_not is None or row.remark == why_not


def test_a_missing_package_and_missing_java_are_named(monkeypatch, paths):
    monkeypatch.setattr(entries.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(entries.shutil, "which", lambda name: None)
    said = []
    (row,) = race.measure(ROWS, ["dask_ml_incremental"], say=said.append).to_dict("records")
    assert row["remark"] == "needs a package: `pip install dask-ml`" and np.isnan(row["seconds"])
    assert said == [f"dask-ml Incremental: {row['remark']}"]
    monkeypatch.setattr(entries.importlib.util, "find_spec", lambda name: object())
    assert "Java 17" in race.missing("spark_mllib")


def test_who_needs_more_than_the_budget_is_ended_and_said(paths):
    (row,) = race.measure(ROWS, ["pandas_in_memory"], limit=100_000_000).to_dict("records")
    assert "needed more than the budget of 0.10 GB" in row["remark"] and np.isnan(row["seconds"])


def test_the_command_saves_table_and_machine_and_keeps_what_is_done(tmp_path, capsys, paths, monkeypatch):
    saved = tmp_path / "new" / "benchmark.csv"
    line = ["--rows", str(ROWS), "--to", str(saved)]
    monkeypatch.setattr(race, "SHORT", 0)
    assert race.main(["kit_numpy", *line]) == 0
    assert "this kit, numpy" in capsys.readouterr().out
    (row,) = pd.read_csv(saved).to_dict("records")
    assert row["rows"] == ROWS and row["rows_per_second"] > 0 and row["version"].startswith("scikit-learn ")
    assert json.loads(saved.with_suffix(".json").read_text())["processors"]
    monkeypatch.setattr(race, "measure", lambda *args, **options: pytest.fail("it is done already"))
    assert race.main(["kit_numpy", *line]) == 0
    assert "1 of 1 stand in" in capsys.readouterr().out
    assert race.main(["pandas_in_memory", *line, "--at-most", "0"]) == 0
    assert "[0 of 1 done, about 0 min left] pandas + scikit-learn left out" in capsys.readouterr().out


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="Linux alone keeps a process to some cores")
def test_a_contender_has_the_cores_it_was_given(monkeypatch):
    see = SimpleNamespace(train=lambda files: lambda x: np.full(len(x), float(len(os.sched_getaffinity(0)))))
    before = os.sched_getaffinity(0)
    monkeypatch.setattr(importlib, "import_module", lambda name: see)
    try:
        _, rmse, _ = job.run("kit_numpy", [], ROWS, cores=1)
    finally:
        os.sched_setaffinity(0, before)
    _, y = taxi.to_xy(synthetic.taxi_trips(ROWS, ROWS + job.HELD_OUT))
    assert rmse == pytest.approx(np.sqrt(np.mean((1 - y) ** 2)))


def test_cores_to_overtake_are_measured_or_expected():
    times = {"base": (10, 9), "half shared": (24, 14), "all shared": (12, 6), "alone": (11, 11), "slow": (40, 30)}
    runs = [
        {"contender": name, "cores": 1 + n, "seconds": t} for name, both in times.items() for n, t in enumerate(both)
    ]
    table = cost.cores_to_overtake(pd.DataFrame(runs), "base")
    assert table.measured.dropna().to_dict() == {"all shared": 2}
    assert table.expected.to_dict() == {"all shared": 2, "alone": np.inf, "half shared": 4, "slow": np.inf}
    with pytest.raises(ValueError, match="nobody has no run on one core"):
        cost.cores_to_overtake(pd.DataFrame(runs), "nobody")


def test_wrong_arguments_are_one_sentence(capsys, paths):
    for arguments in (["nobody"], ["--rows", "0"], ["--cores", "0"]):
        with pytest.raises(SystemExit):
            race.main(arguments)
    assert race.main(["--rows", "999_999_999"]) == 1
    assert "python -m data_scripts.taxi --synthetic --rows" in capsys.readouterr().err


def test_every_contender_says_what_it_is():
    for name in race.names():
        module = f"benchmarks.contenders.{name}"
        assert title_of(name) and race.lines_of_code(name) < 80, module
        about = entries.about(name)
        assert list(about) == ["Source", "Mixes rows", "Cores", "Would its maintainers sign it?"], module
        assert all(about.values()) and entries.can_mix(name) == about["Mixes rows"].startswith("if asked"), module
    folder = Path(contenders.__file__).parent
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == set(race.names())
    assert len(contenders.AIRPORTS) == len(taxi.AIRPORTS)


def test_predictions_of_another_shape_are_the_contenders_fault_and_said(monkeypatch, paths):
    column = SimpleNamespace(train=lambda files: lambda x: np.zeros((len(x), 1)))
    monkeypatch.setattr(importlib, "import_module", lambda name: column)
    with pytest.raises(ValueError, match=r"kit_numpy predicts an array of shape \(\d+, 1\)"):
        job.run("kit_numpy", paths, ROWS, None)


def test_no_contender_opens_a_port_to_other_machines(raced):
    for name, found in raced[1].items():
        assert found or name not in SERVERS or race.missing(name), name
        if name.endswith("_on_dask"):  # processes that train listen everywhere; XGBoost and LightGBM have no setting
            found = found - {"0.0.0.0"}
        assert all(ip_address(address).is_loopback for address in found), (name, found)


@pytest.mark.parametrize("name", [name for name in race.names() if name.endswith("_on_dask")])
def test_before_it_trains_a_contender_on_dask_is_open_to_this_machine_alone(name):
    skip_if_missing(name)
    importlib.import_module(f"benchmarks.contenders.{name}").prepare()
    with Client.current():
        found = listening()
    assert found and all(ip_address(address).is_loopback for address in found), found
