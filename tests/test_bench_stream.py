"""The benchmarks run, and what they put side by side learns the same."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from benchmarks import billion, stream


def test_contenders_learn_the_same_from_the_same_trips(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("WORKSHOP_DATA", str(tmp_path))
    monkeypatch.setattr(stream, "BUDGETS", {"pandas": 100_000_000})
    monkeypatch.chdir(tmp_path)
    assert stream.main(["--rows", "250_000", "--repeat", "1"]) == 0
    said = capsys.readouterr().out
    assert "pandas, 250,000 rows within 100 MB: needed more than the budget of 0.10 GB" in said
    table = stream.pd.read_csv(tmp_path / "build" / "bench_stream.csv", index_col="contender")
    assert list(table.index) == list(stream.CONTENDERS)
    rmse = table.rmse.dropna()
    assert len(rmse) == 4 and rmse.max() - rmse.min() < 0.05 and rmse.max() < 4.2
    assert table.times_the_scan["bare scan"] == table.times_pandas["pandas"] == 1
    assert (tmp_path / "build" / "bench_stream.png").stat().st_size > 10_000


@pytest.mark.parametrize("path", billion.PATHS)
def test_trips_made_on_the_fly_are_learned_from_by_both_paths(path):
    command = [sys.executable, "-m", "benchmarks.billion", "--rows", "500_000", "--path", path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, env=os.environ)
    assert done.returncode == 0 and done.stderr == ""
    rows, rmse = re.fullmatch(r"([\d,]+) trips \(synthetic, seed 0\).* US\$ ([\d.]+)\n", done.stdout).groups()
    assert rows == "500,000" and float(rmse) == pytest.approx(3.88, abs=0.15)
