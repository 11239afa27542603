# SPDX-License-Identifier: GPL-3.0-or-later
import json
import sqlite3
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest
from fabricate import arm, run, write

from starling_diffusion.figures.curves import axes_of, cost, curve, draw
from starling_diffusion.figures.results import read
from starling_diffusion.figures.statistics import mean_interval
from starling_diffusion.figures.style import NoData, decibels, diverged_arms, matched


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


def test_an_interval_of_skewed_values_is_the_programs():
    # The same values are in the tests of the program, by an independent computation.
    interval = mean_interval(np.array([1.0, 2, 4, 8, 16, 32]), least=-np.inf)
    assert (interval.lower, interval.upper) == pytest.approx((-1.9480939638702868, 36.997166314878854), abs=1e-9)
    equal = mean_interval(np.array([0.1, 0.1, 0.1]))
    assert (equal.lower, equal.upper) == pytest.approx((0.1, 0.1))


def test_an_interval_of_a_mean_is_students():
    interval = mean_interval(np.arange(1.0, 6.0))
    half = 2.776445 * np.sqrt(2.5 / 5)
    assert (interval.lower, interval.upper) == pytest.approx((3 - half, 3 + half), abs=1e-5)
    assert np.isnan(mean_interval(np.array([1.0])).lower)


def drawn(study, metric="msd"):
    """The limits of the first panel and the note above it."""
    figure = draw(study, 3.5, metric, ["time"])
    (legend,) = figure.legends
    limits, note = figure.axes[0].get_ylim(), legend.get_title().get_text().replace("\n", " ")
    plt.close(figure)
    return limits, note


def test_arms_that_diverge_do_not_stretch_the_axis_and_are_named(tmp_path):
    ends = {"settled": 1e-3, "burst": 1e200, "broken": np.inf}
    runs = [run(place, k, {"msd": [1, end]}) for place, end in enumerate(ends.values()) for k in (0, 1)]
    runs.append(run(1, 2, {"msd": [1, 1e-3]}))
    limits, note = drawn(read(write(tmp_path / "r.sqlite", [arm(name) for name in ends], runs)))
    assert limits == pytest.approx((-31.5, 1.5))
    assert "diverged and leave the axis: burst (2 of 3 runs), broken (2 of 2 runs)" in note.replace("\xa0", " ")


def test_where_every_arm_diverges_the_axis_shows_it(tmp_path):
    found = study(tmp_path, [run(0, 0, {"msd": [1, 1e200]})])
    limits, note = drawn(found)
    assert limits[1] > 2000 and note.replace("\xa0", " ").endswith("diverged: a (1 of 1 runs)")


def test_a_run_diverges_when_its_error_ends_beyond_a_million_times_the_first(tmp_path):
    ends = [1e6, 1.1e6, np.inf, np.nan, 0]
    runs = study(tmp_path, [run(0, k, {"msd": [1, end]}) for k, end in enumerate(ends)]).runs
    assert [entry.has_diverged for entry in runs] == [False, True, True, True, False]


def test_intervals_of_errors_whose_squares_overflow_are_open_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert mean_interval(np.array([1e200, 3e200])).mean == 2e200
        assert mean_interval(np.array([1.7e308, 1.7e308])).mean == np.inf


def test_notes_say_that_step_sizes_were_tuned(tmp_path):
    tuning = {"metric": "msd", "reference": "a", "arms": [
        {"name": "a", "is_matched": True}, {"name": "b", "is_matched": False},
    ]}
    path = write(tmp_path / "r.sqlite", [arm("a"), arm("b")], [run(k, 0, {"msd": [1, 0.1]}) for k in (0, 1)])
    assert matched(read(path)) == ""
    with sqlite3.connect(path) as database:
        database.execute("UPDATE study SET tuning = ?", (json.dumps(tuning),))
    database.close()
    assert matched(read(path)) == "; step sizes tuned to the final MSD of a, which b missed"
    assert "step sizes tuned to the final MSD of a" in drawn(read(path).only(["a"]))[1].replace("\xa0", " ")


def test_a_note_names_a_few_of_many_arms_that_diverged(tmp_path):
    runs = [run(k, 0, {"msd": [1, np.inf]}) for k in range(7)]
    found = read(write(tmp_path / "r.sqlite", [arm(f"arm {k}") for k in range(7)], runs))
    assert diverged_arms(found).endswith("arm 3 (1 of 1 runs), and 3 more arms")
    assert diverged_arms(found.only(["arm 0", "arm 6"])) == "arm 0 (1 of 1 runs), arm 6 (1 of 1 runs)"


@pytest.mark.parametrize("metric, count", [("msd", 1), ("disagreement", 0)])
def test_a_predicted_curve_is_drawn_against_time(tmp_path, metric, count):
    facts = {"predicted_curve": {"times": [0, 2], "deviations": [1e-1, 1e-3]}}
    series = {"msd": [1, 1, 1], "disagreement": [1, 1, 1], "updates": [0, 1, 2]}
    figure = draw(study(tmp_path, [run(0, k, series) for k in range(2)], **facts), 7.2, metric, ["time", "updates"])
    dashed = [
        line.get_ydata().tolist() for axes in figure.axes for line in axes.lines
        if len(line.get_xdata()) == 2 and line.get_ydata()[0] == pytest.approx(-10)
    ]
    assert len(dashed) == count and all(values == pytest.approx([-10, -30]) for values in dashed)
    plt.close(figure)
