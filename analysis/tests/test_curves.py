# SPDX-License-Identifier: GPL-3.0-or-later
import numpy as np
import pytest
from fabricate import arm, run, write

from starling_figures.curves import axes_of, cost, curve
from starling_figures.results import read
from starling_figures.statistics import mean_interval
from starling_figures.style import NoData, decibels


def study(tmp_path, runs, **facts):
    return read(write(tmp_path / "r.sqlite", [arm("a", **facts)], runs))


def test_errors_are_averaged_before_the_logarithm(tmp_path):
    runs = study(tmp_path, [run(0, 0, {"msd": [1e-2, 1]}), run(0, 1, {"msd": [1e-4, 1]})]).runs
    assert decibels(curve(runs, "msd", "time").mean)[0] == pytest.approx(-22.967, abs=1e-3)


def test_the_band_is_the_quartiles_over_replications(tmp_path):
    runs = study(tmp_path, [run(0, k, {"msd": [value]}) for k, value in enumerate([1, 2, 3, 4, 10])]).runs
    entry = curve(runs, "msd", "time")
    assert (entry.lower[0], entry.median[0], entry.upper[0], entry.mean[0], entry.count) == (2, 3, 4, 4, 5)


def test_only_times_that_all_runs_reached_are_averaged(tmp_path):
    runs = study(tmp_path, [run(0, 0, {"msd": [1, 2, 3]}), run(0, 1, {"msd": [1, 2]})]).runs
    assert curve(runs, "msd", "time").x.tolist() == [0, 1]


def test_runs_on_different_grids_are_not_averaged(tmp_path):
    runs = study(tmp_path, [run(0, 0, {"msd": [1, 2]}), run(0, 1, {"msd": [1, 2]}, grid=[0, 2])]).runs
    with pytest.raises(NoData, match="different times"):
        curve(runs, "msd", "time")


def test_other_axes_are_interpolated_where_all_runs_have_data(tmp_path):
    # Bytes up to 20 and up to 30: the error falls by 1 for every 10 bytes in the one run, by 2 in the other.
    runs = study(
        tmp_path,
        [
            run(0, 0, {"msd": [5, 4, 3], "bytes": [0, 10, 20]}),
            run(0, 1, {"msd": [6, 2, 0], "bytes": [0, 20, 30]}),
        ],
    ).runs
    entry = curve(runs, "msd", "bytes")
    assert entry.x[0] == 0 and entry.x[-1] == 20
    middle = np.interp(10, entry.x, entry.mean)
    assert middle == pytest.approx((4 + 4) / 2) and entry.mean[-1] == pytest.approx((3 + 2) / 2)


def test_a_logarithmic_axis_begins_where_all_runs_have_spent_something(tmp_path):
    runs = study(
        tmp_path,
        [
            run(0, 0, {"msd": [5, 4, 3], "bytes": [0, 1, 100]}),
            run(0, 1, {"msd": [5, 4, 3], "bytes": [0, 0, 50]}),
        ],
    ).runs
    # The second run has spent something at its last measurement only.
    assert curve(runs, "msd", "bytes", wide=True).x.tolist() == [50]


def test_samples_are_updates_times_samples_of_one(tmp_path):
    found = study(tmp_path, [run(0, 0, {"msd": [1, 1], "updates": [0, 7]})], samples_per_update=4)
    assert cost(found.runs[0], "samples", 4).tolist() == [0, 28]
    assert axes_of(found, ["time", "updates", "samples", "bytes"]) == ["time", "updates", "samples"]


def test_samples_are_left_out_where_they_equal_updates(tmp_path):
    found = study(tmp_path, [run(0, 0, {"msd": [1, 1], "updates": [0, 7]})])
    assert axes_of(found, ["time", "updates", "samples"]) == ["time", "updates"]


def test_what_was_spent_never_falls(tmp_path):
    runs = study(tmp_path, [run(0, 0, {"msd": [1, 1, 1], "updates": [0, 7, 5]})]).runs
    assert cost(runs[0], "updates").tolist() == [0, 7, 7]


def test_an_interval_of_a_mean_is_students():
    interval = mean_interval(np.arange(1.0, 6.0))
    half = 2.776445 * np.sqrt(2.5 / 5)
    assert (interval.lower, interval.upper) == pytest.approx((3 - half, 3 + half), abs=1e-5)
    assert np.isnan(mean_interval(np.array([1.0])).lower)
