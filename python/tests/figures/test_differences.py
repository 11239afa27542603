# SPDX-License-Identifier: GPL-3.0-or-later
"""Paired differences of the branches of a fork from the runs as they were."""

import numpy as np
import pytest
from fabricate import arm, fork, metric, run, write
from legends import note, words

from starling_diffusion.errors import ResultsError
from starling_diffusion.figures.command import main
from starling_diffusion.figures.differences import difference, draw, forks, pairs
from starling_diffusion.figures.records import Fork
from starling_diffusion.figures.results import read
from starling_diffusion.figures.statistics import mean_interval
from starling_diffusion.figures.style import NoData

METRICS = [
    metric("msd", "decibels", "less", label="MSD", diverges_beyond=1e6), metric("found", "share", "more"),
    metric("age", "seconds", "neither"),
]
LATER = "[{at: 10 s, for: 5 s, partition: {bisect: bfs}}]"
TIME = np.arange(21.0)


def past(replication):
    """A squared error that no other replication has."""
    return np.exp(-TIME / 5) * (1 + 0.1 * replication) + 1e-3


def branched(replication, decibels):
    """The same, so many decibels higher from 10 s on."""
    return past(replication) * np.where(TIME >= 10, 10 ** (decibels / 10), 1)


def study(tmp_path, branches=("parted",), parents=("base",), more=None, replications=4):
    """A fork at 10 s; in replication r the branch at place b is 1 + b + r decibels worse from then on."""
    arms, runs = [], []
    for parent in parents:
        for place, name in enumerate(("as it was", *branches)):
            called = name if len(parents) == 1 else f"{parent}, {name}"
            last = 15 if place == 1 else None
            facts = fork(is_branch=place > 0, last=last, arm=parent)
            arms.append(arm(called, {"timeline": LATER if place else "[]"}, until=20, fork=facts))
            for k in range(replications):
                series = {
                    "msd": branched(k, place + k) if place else past(k),
                    "found": 0.5 + 0.1 * (place > 0) * (TIME >= 10), "age": TIME,
                }
                runs.append(run(len(arms) - 1, k, series))
    return read(write(tmp_path / "f.sqlite", arms, runs + (more or []), metrics=METRICS))


def curve(found, name="msd"):
    (group,) = forks(found)
    return difference(pairs(found, group, group.branches[0]), name)


def line(axes, label):
    return next(entry for entry in axes.lines if entry.get_label() == label)


def test_facts_say_where_an_arm_branches_from(tmp_path):
    found = study(tmp_path)
    assert found.arms[0].fork == Fork("parent", "0" * 16, "base", 10, False, None)
    assert found.arms[1].fork == Fork("parent", "0" * 16, "base", 10, True, 15)
    assert read(write(tmp_path / "n.sqlite", [arm("a")], [run(0, 0, {"msd": [1]})])).arms[0].fork is None


def test_a_difference_is_the_mean_over_pairs_of_decibels_with_its_interval(tmp_path):
    found = curve(study(tmp_path))
    expected = mean_interval(np.array([1.0, 2, 3, 4]), least=-np.inf)
    after = found.times >= 10
    assert found.mean[after] == pytest.approx(2.5) and found.count == 4
    assert found.lower[after] == pytest.approx(expected.lower) and found.upper[after] == pytest.approx(expected.upper)


def test_before_the_fork_there_is_exactly_no_difference(tmp_path):
    found = curve(study(tmp_path))
    before = found.times < 10
    assert before.sum() == 10
    assert all((values[before] == 0).all() for values in (found.mean, found.lower, found.upper))


def test_pairs_are_of_the_same_replication(tmp_path):
    alone = run(1, 7, {"msd": past(7), "found": TIME, "age": TIME})
    found = study(tmp_path, more=[alone])
    (group,) = forks(found)
    both = pairs(found, group, group.branches[0])
    assert [(new.arm, new.replication, old.arm, old.replication) for new, old in both] == [
        ("parted", k, "as it was", k) for k in range(4)
    ]


def test_shares_differ_by_points_of_per_cent(tmp_path, drawn):
    found = study(tmp_path)
    assert curve(found, "found").mean[-1] == pytest.approx(10)
    assert "(percentage points)" in drawn(draw(found, 3.5, "found")).axes[0].get_ylabel()


def test_a_past_that_is_not_the_same_in_every_bit_is_refused(tmp_path, capsys):
    other = past(4)
    other[9] = np.nextafter(other[9], 2)
    both = [run(0, 4, {"msd": past(4), "found": TIME, "age": TIME}), run(1, 4, {"msd": other, "found": TIME, "age": TIME})]
    found = study(tmp_path, more=both)
    message = "'parted' differs from 'as it was' in 'msd' of replication 4 before 10 s"
    with pytest.raises(ResultsError, match=message):
        draw(found, 3.5)
    assert main([str(tmp_path / "f.sqlite"), "-o", str(tmp_path), "--figure", "differences"]) == 65
    assert message in capsys.readouterr().err


def test_a_past_with_other_times_or_another_metric_is_refused(tmp_path):
    series = {"msd": past(4), "found": TIME, "age": TIME}
    shifted = [run(0, 4, series), run(1, 4, series, grid=TIME * np.where(TIME < 5, 1.01, 1))]
    with pytest.raises(ResultsError, match="times of measurement of replication 4"):
        draw(study(tmp_path, more=shifted), 3.5)
    aged = [run(0, 4, series), run(1, 4, series | {"age": TIME + 1})]
    (tmp_path / "f.sqlite").unlink()
    with pytest.raises(ResultsError, match="'age' of replication 4"):
        draw(study(tmp_path, more=aged), 3.5)


def test_what_differs_at_the_time_of_the_fork_is_no_past(tmp_path):
    assert curve(study(tmp_path)).mean[10] == pytest.approx(2.5)


def test_where_nobody_is_up_and_where_a_run_diverged_there_is_a_gap(tmp_path):
    gone = branched(4, 1.0)
    gone[12], gone[13], gone[14] = np.nan, np.inf, 0
    both = [run(0, 4, {"msd": past(4), "found": TIME, "age": TIME}), run(1, 4, {"msd": gone, "found": TIME, "age": TIME})]
    found = curve(study(tmp_path, more=both))
    assert np.isnan(found.mean[12:15]).all() and np.isfinite(found.mean[[11, 15]]).all()


def test_two_errors_of_zero_are_the_same(tmp_path):
    series = [branched(4, 1.0), past(4)]
    for entry in series:
        entry[16] = 0
    both = [run(1 - k, 4, {"msd": entry, "found": TIME, "age": TIME}) for k, entry in enumerate(series)]
    assert curve(study(tmp_path, more=both)).mean[16] == pytest.approx((1 + 2 + 3 + 4) / 5)


def test_only_times_that_all_runs_reached_count(tmp_path):
    short = {"msd": past(4)[:14], "found": TIME[:14], "age": TIME[:14]}
    found = study(tmp_path, more=[run(0, 4, {"msd": past(4), "found": TIME, "age": TIME}), run(1, 4, short)])
    assert curve(found).times[-1] == 13


@pytest.mark.parametrize("width", [3.5, 7.2])
def test_curves_begin_before_the_fork_at_zero(tmp_path, drawn, width):
    axes = drawn(draw(study(tmp_path), width)).axes[0]
    entry = line(axes, "parted")
    x, y = entry.get_data()
    assert (x < 10).sum() == 2 and (y[x < 10] == 0).all() and y[x >= 10] == pytest.approx(2.5)
    assert axes.get_xlim() == (8, 20)
    assert [entry.get_ydata()[0] for entry in axes.lines if entry.get_gid() == "zero"] == [0]


def test_what_a_branch_has_more_is_behind_it_and_its_last_change_above(tmp_path, drawn):
    figure = drawn(draw(study(tmp_path, branches=("parted", "more")), 7.2))
    (axes,) = figure.axes
    bands = [entry for entry in axes.patches if entry.get_gid() == "timeline"]
    assert [(entry.get_x(), entry.get_width()) for entry in bands] == [(10, 5)]
    assert [entry.get_xdata()[0] for entry in axes.lines if entry.get_gid() == "last-change"] == [15]
    assert words(figure) == ["parted", "more", "partition"]
    assert "fork at 10 s" in note(figure) and "n = 4" in note(figure) and "below zero is better" in note(figure)
    assert "triangle" in note(figure)


def test_what_happens_to_the_arm_as_it_was_too_is_not_drawn(tmp_path, drawn):
    both = "{at: 12 s, for: 2 s, pause: all}"
    arms = [
        arm("as it was", {"timeline": f"[{both}]"}, until=20, fork=fork(is_branch=False)),
        arm("parted", {"timeline": f"[{both}, {LATER[1:-1]}]"}, until=20, fork=fork()),
    ]
    runs = [run(k, 0, {"msd": past(0)}) for k in (0, 1)]
    figure = drawn(draw(read(write(tmp_path / "r.sqlite", arms, runs, metrics=METRICS[:1])), 3.5))
    assert words(figure) == ["parted", "partition"] and "one pair" in note(figure)


@pytest.mark.parametrize("width", [3.5, 7.2])
def test_arms_that_branches_leave_have_a_panel_each(tmp_path, drawn, width):
    figure = drawn(draw(study(tmp_path, branches=("parted", "more"), parents=("rounds", "free")), width))
    assert [axes.get_title() for axes in figure.axes] == ["rounds", "free"]
    # Branches of one name look the same, and stand in the legend once.
    assert words(figure) == ["parted", "more", "partition"]
    labels = [*(axes.get_ylabel() for axes in figure.axes), figure.get_supylabel()]
    assert [label for label in labels if label] == ["Difference in MSD (dB)"]
    looks = [[line(axes, name).get_color() for name in ("parted", "more")] for axes in figure.axes]
    assert looks[0] == looks[1] and len(set(looks[0])) == 2


def test_branches_that_diverged_do_not_stretch_the_axis(tmp_path, drawn):
    both = [run(place, 4, {"msd": values, "found": TIME, "age": TIME}) for place, values in
            ((0, past(4)), (2, branched(4, 900.0)))]
    figure = drawn(draw(study(tmp_path, branches=("parted", "broken"), more=both), 3.5))
    assert figure.axes[0].get_ylim()[1] < 10 and "diverged and leave the axis: broken (1 of 5 runs)" in note(figure)


def test_what_is_no_fork_or_lacks_an_arm_has_no_figure(tmp_path):
    with pytest.raises(NoData, match="starling fork"):
        draw(read(write(tmp_path / "n.sqlite", [arm("a")], [run(0, 0, {"msd": [1]})])), 3.5)
    found = study(tmp_path)
    with pytest.raises(NoData, match="as it was"):
        draw(found.only(["parted"]), 3.5)
    with pytest.raises(NoData, match="no branch"):
        draw(found.only(["as it was"]), 3.5)
    with pytest.raises(NoData, match="there is no metric 'cats'"):
        draw(found, 3.5, "cats")


def test_a_fork_has_its_differences_among_all_figures(tmp_path):
    study(tmp_path)
    assert main([str(tmp_path / "f.sqlite"), "-o", str(tmp_path / "figures"), "--format", "png"]) == 0
    assert {"f-differences.png", "f-curves.png"} <= {file.name for file in (tmp_path / "figures").iterdir()}
    assert main([str(tmp_path / "f.sqlite"), "-o", str(tmp_path), "--format", "png", "--figure", "differences",
                 "--metric", "age"]) == 0
    assert (tmp_path / "f-differences-age.png").exists()
