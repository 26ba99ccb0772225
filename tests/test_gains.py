"""What changes gain: two ways timed in turns, and every change measured."""

from __future__ import annotations

from types import SimpleNamespace

from distributed import Client

from benchmarks import gains
from data_scripts import taxi_synthetic
from helpers import datasets


def test_a_shorter_way_is_as_many_times_as_fast(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(gains, "time", SimpleNamespace(perf_counter=lambda: clock[0]))
    lasting = iter([5, 1, 9, 2] * gains.TURNS)  # of the two ways in turns, now and then disturbed

    def way() -> None:
        clock[0] += next(lasting)

    assert gains.times_as_fast(before=way, after=way) == 5


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
