# SPDX-License-Identifier: GPL-3.0-or-later
"""Studies whose agents act: curves, targets, profiles and sweeps of returns."""

import numpy as np
import pytest
from fabricate import acting_study, arm, run, whole_study, write
from legends import note, words

from starling_diffusion.figures import curves, profiles, survival, sweep
from starling_diffusion.figures.command import FIGURES, main
from starling_diffusion.figures.metrics import natural
from starling_diffusion.figures.results import read
from starling_diffusion.figures.style import NoData
from starling_diffusion.figures.yardsticks import Yardstick, parse


@pytest.fixture
def study(tmp_path):
    return read(acting_study(tmp_path / "r.sqlite"))


def test_studies_are_about_what_they_measure(tmp_path, study):
    assert natural(study) == "return"
    assert natural(read(whole_study(tmp_path / "e.sqlite"))) == "msd"


def test_the_line_is_the_median_over_runs_and_the_band_that_of_the_quartiles_over_agents(tmp_path):
    middles, lowers, uppers = [5.0, 9.0, 1.0], [4.0, 0.0, 1.0], [6.0, 20.0, 7.0]
    runs = [
        run(0, k, {"return": [value], "return-lower-quartile": [low], "return-upper-quartile": [high]})
        for k, (value, low, high) in enumerate(zip(middles, lowers, uppers))
    ]
    entry = curves.curve(read(write(tmp_path / "r.sqlite", [arm("a")], runs)).runs, "return", "time")
    # Quartiles over the runs would be 3 and 7.
    assert (entry.lower[0], entry.median[0], entry.upper[0]) == (1, 5, 7) and entry.is_over_agents


def test_other_returns_have_a_band_over_replications(study):
    entry = curves.curve(study.runs_of("together"), "return-mean", "time")
    assert not entry.is_over_agents
    assert (entry.lower[1], entry.median[1], entry.upper[1]) == (10, 11, 12)


def test_quartiles_are_interpolated_at_episodes_too(study):
    entry = curves.curve(study.runs_of("alone"), "return", "episodes")
    # 12.5 episodes are half-way between two seconds and three: 25 - 20 + 2.
    at = [float(np.interp(12.5, entry.x, values)) for values in (entry.lower, entry.median, entry.upper)]
    assert at == pytest.approx([-1, 7, 11])
    assert entry.x[-1] == 50


def test_samples_of_agents_that_act_are_their_steps_each(study):
    assert curves.cost(study.runs[0], "samples", 0)[-1] == 6000 * 10 / 6


def test_updates_are_left_out_where_they_tell_what_episodes_do(tmp_path, study):
    assert curves.usual_axes(study) == ["time", "episodes", "messages", "bytes"]
    runs = [run(0, k, {"return": [0, 1], "episodes": [0, 10], "updates": [0, 2 + k]}) for k in (0, 1)]
    other = read(write(tmp_path / "o.sqlite", [arm("a")], runs))
    assert curves.usual_axes(other) == ["time", "updates", "episodes", "messages", "bytes"]
    assert curves.axes_of(other, curves.usual_axes(other)) == ["time", "updates", "episodes"]


def test_curves_of_returns_are_linear_and_say_what_they_are(study, drawn):
    figure = drawn(curves.draw(study, 7.2))
    labels = [axes.get_xlabel() for axes in figure.axes]
    assert labels[:2] == ["Virtual time (s)", "Episodes per agent"] and len(labels) == 4
    assert figure.axes[0].get_ylabel() == "Test return"
    together, alone, target = figure.axes[0].lines
    assert together.get_ydata()[-1] == 102 and alone.get_ydata()[0] == -18
    assert list(target.get_ydata()) == [50, 50]
    said = note(figure)
    assert "Line: median over agents, each in its own task; band: their quartiles (25 to 75 %)" in said
    assert "both: median over replications; grey line: target 50; n = 3" in said


def test_arms_that_send_nothing_are_named_and_leave_the_other_panels(study, drawn):
    figure = drawn(curves.draw(study, 7.2, axes=["episodes", "messages", "bytes"]))
    counts = [len(axes.lines) for axes in figure.axes]
    assert counts == [3, 2, 2]
    assert note(figure).endswith("without messages and bytes: alone")


def test_one_run_has_a_band_over_agents(tmp_path, drawn):
    study = read(acting_study(tmp_path / "one.sqlite", replications=1))
    figure = drawn(curves.draw(study, 3.5, axes=["episodes"]))
    assert len(figure.axes[0].collections) == 2 and "one replication" in note(figure)


def test_a_target_of_zero_is_drawn(tmp_path, drawn):
    arms = [arm("a", target={"metric": "return", "threshold": 0})]
    study = read(write(tmp_path / "r.sqlite", arms, [run(0, 0, {"return": [-5, 5]})]))
    figure = drawn(curves.draw(study, 3.5))
    assert list(figure.axes[0].lines[-1].get_ydata()) == [0, 0] and "grey line: target 0" in note(figure)


def test_yardsticks_are_lines_with_their_values_in_the_legend(study, drawn):
    figure = drawn(curves.draw(study, 7.2, yardsticks=[parse("random policy = -30"), Yardstick("a=b", 120)]))
    for axes in figure.axes:
        lines = [line for line in axes.lines if line.get_gid() == "yardstick"]
        assert [line.get_ydata()[0] for line in lines] == [-30, 120]
        low, high = axes.get_ylim()
        assert low < -30 and high > 120
    assert words(figure) == ["together", "alone", "random policy: −30", "a=b: 120"]


@pytest.mark.parametrize("text", ["random", "=3", "random=many", "random=inf", "random=nan", "random="])
def test_yardsticks_need_a_label_and_a_finite_number(text, capsys):
    with pytest.raises(ValueError):
        parse(text)
    assert main(["r.sqlite", "--yardstick", text]) == 64
    assert "is not LABEL=VALUE with a finite number" in capsys.readouterr().err


def test_a_label_may_hold_the_sign():
    assert parse("zero action, k=0=-12.5") == Yardstick("zero action, k=0", -12.5)


def test_times_to_a_target_from_below_are_counted_in_seconds_and_episodes(study, drawn):
    # 10 t + 2 r reaches 50 at 5, 5, 5; with 20 less at 7, 7, 7.
    assert survival.of_arm(study, "together").median == 5
    assert survival.of_arm(study, "alone", "episodes").median == 35
    figure = drawn(survival.draw(study, 7.2, ["time", "episodes"]))
    assert [axes.get_xlabel() for axes in figure.axes] == ["Virtual time (s)", "Episodes per agent"]
    assert "Target: test return ≥ 50;" in note(figure)


def test_runs_that_do_not_reach_a_target_are_censored_at_what_they_spent(tmp_path):
    series = [{"return": [0, 9], "episodes": [0, spent]} for spent in (40, 60, 50)]
    runs = [
        run(0, 0, series[0], target_time=0.5), run(0, 1, series[1]),
        run(0, 2, series[2], ending="stalled", end_time=1.0),
    ]
    study = read(write(tmp_path / "r.sqlite", [arm("a", until=9.0)], runs))
    estimate = survival.of_arm(study, "a", "episodes")
    # The run that stalled would never have got there: it stays at risk as long as any.
    assert estimate.times.tolist() == [0, 20] and estimate.censored.tolist() == [60, 60]


def test_steps_of_agents_are_no_time_to_a_target(study):
    with pytest.raises(NoData, match="steps depend on how well agents do"):
        survival.draw(study, 3.5, ["samples"])


def test_arms_without_messages_have_no_messages_to_the_target(study, drawn):
    figure = drawn(survival.draw(study, 3.5, ["messages"]))
    assert words(figure) == ["together"]


def test_profiles_of_returns_count_runs_at_or_above_a_level(study, drawn):
    figure = drawn(profiles.draw(study, 3.5))
    (axes,) = figure.axes
    assert axes.get_xlabel() == "Final test return τ" and "τ or above" in axes.get_ylabel()
    x, share = axes.lines[0].get_data()
    # The runs end at 100, 102 and 104.
    assert [share[np.searchsorted(x, level)] for level in (99, 101, 103, 104.5)] == pytest.approx([1, 2 / 3, 1 / 3, 0])


def test_returns_that_are_not_finite_are_at_no_level(tmp_path, drawn):
    ends = [10.0, np.inf, np.nan, 30.0]
    runs = [run(0, k, {"return": [0, end]}) for k, end in enumerate(ends)]
    study = read(write(tmp_path / "r.sqlite", [arm("a", target=None)], runs))
    assert [entry.has_diverged for entry in study.runs] == [False, True, True, False]
    figure = drawn(profiles.draw(study, 3.5))
    assert figure.axes[0].lines[0].get_ydata().max() == 0.5 and "diverged are at no τ" in note(figure)


def test_runs_of_agents_diverge_when_any_policy_or_distance_is_not_finite(tmp_path):
    bad = {"name": "x", "task": "t", "final_return": "nan"}
    good = {**bad, "final_return": -1e9}
    cases = [({}, good), ({}, bad), ({"disagreement-all": [0, np.inf]}, good), ({"return-all": [0, 3]}, good)]
    runs = [run(0, k, {"return": [0, 1], **more}, agents=[agent]) for k, (more, agent) in enumerate(cases)]
    # With nobody up at the end the return of live agents is undefined, but that of all is not.
    runs.append(run(0, 4, {"return": [0, np.nan], "return-all": [0, 3]}))
    found = read(write(tmp_path / "r.sqlite", [arm("a")], runs)).runs
    assert [entry.has_diverged for entry in found] == [False, True, True, False, False]


def test_intervals_of_returns_may_reach_below_zero(tmp_path):
    runs = [run(0, k, {"return": [0, end]}) for k, end in enumerate([-3.0, 5.0])]
    found = sweep.final_value(read(write(tmp_path / "r.sqlite", [arm("a")], runs)), "a", "return")
    # The mean is 1, the standard error 4, and t of one degree of freedom 12.7062.
    assert (found.point, found.lower, found.upper) == pytest.approx((1, 1 - 50.8248, 1 + 50.8248), abs=1e-3)


def test_sweeps_show_returns_and_times(study, drawn):
    figure = drawn(sweep.draw(study, 7.2, yardsticks=[Yardstick("random", 20)]))
    final, time = figure.axes
    assert final.get_ylabel() == "Final test return" and time.get_ylabel() == "Time to target (s)"
    points = [line.get_ydata().tolist() for line in final.lines if line.get_gid() is None]
    assert [102, 82] in points and words(figure) == ["random: 20"]


def test_what_a_study_of_returns_lacks_is_said(tmp_path, capsys):
    path = acting_study(tmp_path / "r.sqlite")
    for name in ("curves", "profiles", "sweep"):
        assert main([str(path), "-o", str(tmp_path), "--figure", name, "--metric", "msd"]) == 65
        error = capsys.readouterr().err
        assert "of 'msd' in every run" in error or "no metric 'msd' in every run" in error
        assert "; this study has return, return-lower-quartile, " in error and error.count("\n") == 1
    assert main([str(path), "-o", str(tmp_path), "--figure", "prediction"]) == 65
    assert capsys.readouterr().err.endswith("theory predicts no arm: There is none\n")


def test_every_figure_that_a_study_of_returns_has_data_for_is_drawn(tmp_path):
    path = acting_study(tmp_path / "r.sqlite")
    folder = tmp_path / "figures"
    for width in ("single", "double"):
        assert main([str(path), "-o", str(folder), "--format", "png", "--width", width]) == 0
    drawn = {f"r-{name}" for name in FIGURES if name not in ("prediction", "realised", "differences", "links")}
    assert {file.stem for file in folder.iterdir()} == drawn


def test_files_are_named_by_the_metric_where_it_is_not_the_usual_one(tmp_path):
    path = acting_study(tmp_path / "r.sqlite")
    for metric in ("return", "return-mean", "disagreement"):
        assert main([str(path), "-o", str(tmp_path / "f"), "--figure", "curves", "--format", "png",
                     "--metric", metric]) == 0
    assert {file.name for file in (tmp_path / "f").iterdir()} == {
        "r-curves.png", "r-curves-return-mean.png", "r-curves-disagreement.png",
    }


def test_estimates_that_are_all_new_have_no_staleness(tmp_path, capsys):
    fresh = {"seconds_histogram": [6], "updates_histogram": [6]}
    path = write(tmp_path / "r.sqlite", [arm("a")], [run(0, 0, {"return": [0, 1]}, staleness=fresh)])
    assert main([str(path), "-o", str(tmp_path), "--figure", "staleness"]) == 65
    assert "staleness is zero" in capsys.readouterr().err


def test_an_arm_with_a_policy_that_is_not_finite_has_diverged_in_a_sweep(tmp_path):
    agents = [{"name": name, "final_return": value} for name, value in (("x", 1.0), ("y", "nan"))]
    runs = [run(0, 0, {"return": [0, 1]}, agents=agents), run(1, 0, {"return": [0, 2]}, agents=agents[:1])]
    study = read(write(tmp_path / "r.sqlite", [arm("a"), arm("b")], runs))
    assert [sweep.final_value(study, name, "return").point for name in ("a", "b")] == [np.inf, 2]


def test_returns_that_diverged_stand_below_the_others(tmp_path, drawn):
    arms = [arm(f"a.b={k}", {"a.b": str(k)}, target=None) for k in range(3)]
    runs = [run(k, 0, {"return": [0, np.nan if k == 2 else 5.0 * k]}) for k in range(3)]
    figure = drawn(sweep.draw(read(write(tmp_path / "r.sqlite", arms, runs)), 3.5))
    (axes,) = figure.axes
    assert axes.get_yticklabels()[-1].get_text() == "diverged"
    assert axes.get_yticks()[-1] < min(0, *axes.get_yticks()[:-1])
    (marks,) = [line for line in axes.lines if line.get_gid() == "open"]
    assert (marks.get_xdata().tolist(), marks.get_ydata().tolist()) == ([2], [0.075])


@pytest.mark.parametrize("axis", ["time", "episodes"])
def test_a_return_that_is_not_finite_is_the_worst_of_a_median(tmp_path, axis):
    ends = [1.0, np.nan, 3.0]
    runs = [run(0, k, {"return": [0, end], "episodes": [0, 5]}) for k, end in enumerate(ends)]
    study = read(write(tmp_path / "r.sqlite", [arm("a")], runs))
    assert curves.curve(study.runs, "return", axis).median[-1] == 1


def test_arms_with_diverged_returns_are_named(tmp_path, drawn):
    ends = [[5.0, 6.0, 7.0], [1.0, np.nan, -900.0]]
    runs = [run(k, r, {"return": [0, end]}) for k, row in enumerate(ends) for r, end in enumerate(row)]
    figure = drawn(curves.draw(read(write(tmp_path / "r.sqlite", [arm("a"), arm("b")], runs)), 3.5))
    assert note(figure).endswith("diverged, the worst of any median: b (1 of 3 runs)")
    assert figure.axes[0].get_ylim()[0] < -900
