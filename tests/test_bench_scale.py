"""One model on more and more workers: the table that is measured, and the committed one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks import scale

COMMITTED = Path(__file__).resolve().parent.parent / "notebooks" / "bench_scale.csv"


def test_each_number_of_workers_has_its_line_and_the_same_model(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("WORKSHOP_DATA", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert scale.main(["--rows", "250_000", "--most", "3", "--repeat", "1"]) == 0
    table = pd.read_csv(tmp_path / "build" / "bench_scale.csv")
    assert list(table.columns) == scale.COLUMNS and list(table.workers) == [1, 2]
    assert (table.rows == 250_000).all() and np.isfinite(table).all(axis=None) and (table > 0).all(axis=None)
    for name in ("rmse", "bytes_sent"):
        assert (table[name] == table[name][0]).all()  # as many shards, so the same bits
    # Of one worker the prediction is what was measured.
    assert table.predicted_seconds[0] == pytest.approx(table.seconds[0], abs=0.02)
    assert "one process without a cluster" in capsys.readouterr().out


def test_too_few_rows_are_refused(capsys):
    with pytest.raises(SystemExit):
        scale.main(["--rows", "1000"])
    assert "--rows wants more than 100,000" in capsys.readouterr().err


def test_the_committed_table_was_predicted_from_one_worker_and_scales():
    if not COMMITTED.exists():
        pytest.skip("notebooks/bench_scale.csv has not been measured yet")
    table = pd.read_csv(COMMITTED).set_index("workers")
    assert [table.index.name, *table.columns] == scale.COLUMNS
    assert abs(table.predicted_seconds[2] / table.seconds[2] - 1) < 0.15
    assert table.rows_per_second[2] / table.rows_per_second[1] >= 1.7
    assert (table.rmse == table.rmse[1]).all() and table.peak_MB.max() < 512
