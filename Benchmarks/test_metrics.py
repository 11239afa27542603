# SPDX-License-Identifier: GPL-3.0-or-later
"""What benchmarks say of their numbers: ratios, floors, noise, and what is worse than at a release."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import history
from metrics import Metric, paired, repeated, table


def test_a_ratio_says_how_many_times_as_good():
    time = paired("time", [1.0, 2.0, 3.0], [4.0, 4.0, 6.0], "ns", less_is_better=True, floor=1.7)
    assert time.ratio == 2 and time.passes and not time.reaches(2.1)
    rate = paired("rate", [10.0, 30.0], [5.0, 5.0], "/s", floor=4.5)
    assert rate.ratio == 4 and not rate.passes


def test_without_a_reference_bars_are_of_the_value():
    assert repeated("rate", [2e6, 3e6, 9e6], "/s", floor=2e6).passes
    assert Metric("allocations", 0, "", floor=0, less_is_better=True).passes
    assert not Metric("allocations", 0.5, "", floor=0, less_is_better=True).passes
    assert not Metric("allocations", float("nan"), "", floor=0, less_is_better=True).passes
    assert not repeated("rate", [3e6], "/s", floor=2e6, fault="fingerprints differ").passes


def test_the_spread_is_half_the_distance_of_the_quartiles():
    assert repeated("rate", [90.0, 100.0, 110.0], "/s").spread == 0.05
    assert repeated("rate", [100.0], "/s").spread == 0


def test_the_table_has_a_line_for_each_metric_and_says_which_miss_their_bars():
    lines = table([Metric("a", 1, "s", floor=0.5, less_is_better=True), repeated("b", [1234.0], "/s", goal=1e3)]).splitlines()
    assert len(lines) == 3 and lines[1].endswith("FAIL") and lines[2].endswith("goal")
    assert "<= 0.5" in lines[1] and "1,234 /s" in lines[2]


def row(ratio, spread, repetitions=5):
    return {"benchmark": "hold", "name": "a", "ratio": ratio, "spread": spread, "repetitions": repetitions}


def test_worse_is_what_lies_beyond_the_noise_of_both():
    before = {"version": "0.4.0", "metrics": [row(2.0, 0.03)]}
    assert history.compare([row(1.75, 0.04)], before) == []
    (line,) = history.compare([row(1.65, 0.04)], before)
    assert line.startswith("WORSE: hold, a") and "0.4.0" in line
    assert history.compare([row(1.92, 0.0)], {"version": "0.4.0", "metrics": [row(2.0, 0.0)]}) == []


def test_what_was_measured_once_or_not_at_all_is_not_compared():
    before = {"version": "0.4.0", "metrics": [row(2.0, 0.0)]}
    assert history.compare([row(1.0, 0.0, repetitions=1)], before) == []
    assert history.compare([{**row(1.0, 0.0), "name": "b"}], before) == []
    assert history.compare([{**row(None, 0.0)}], before) == []


def test_releases_are_in_the_order_of_their_numbers(tmp_path, monkeypatch):
    monkeypatch.setattr(history, "FOLDER", tmp_path)
    assert history.last() is None and history.compare([row(1.0, 0.0)]) == []
    for version in ("0.10.0", "0.9.1"):
        history.record(version, {"load": [0, 0]}, [row(2.0, 0.0)])
    assert history.last()["version"] == "0.10.0"
    assert len(history.compare([row(1.0, 0.0)])) == 1
