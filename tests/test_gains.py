"""What changes gain: two ways timed in turns, and every change measured."""

from __future__ import annotations

import time

from distributed import Client

from benchmarks import gains
from data_scripts import taxi_synthetic
from helpers import datasets


def test_a_shorter_way_is_as_many_times_as_fast():
    assert 2 < gains.times_as_fast(before=lambda: time.sleep(0.05), after=lambda: time.sleep(0.01)) < 6


def test_every_change_is_measured_and_the_largest_gain_comes_first(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKSHOP_DATA", str(tmp_path))
    monkeypatch.setenv("WORKSHOP_SCALE", "tiny")
    taxi_synthetic.generate(100_000)
    monkeypatch.setattr(gains, "ROWS", 5_000)
    monkeypatch.setattr(gains, "TURNS", 1)
    with Client(n_workers=1, threads_per_worker=1, dashboard_address="127.0.0.1:0") as client:
        found = gains.measure(datasets.taxi_trips(), client)
    assert len(found) == 11 and min(found.values()) > 0
    assert list(found.values()) == sorted(found.values(), reverse=True)
