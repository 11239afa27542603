# SPDX-License-Identifier: GPL-3.0-or-later
"""Metrics that the package has never heard of, and what metrics meant before files defined them."""

import numpy as np
import pytest
from fabricate import arm, metric, run, whole_study, write
from legends import note

from starling_diffusion.errors import ResultsError
from starling_diffusion.figures import curves, profiles, survival, sweep
from starling_diffusion.figures.command import main
from starling_diffusion.figures.metrics import Metric, natural, older
from starling_diffusion.figures.results import read
from starling_diffusion.figures.yardsticks import Yardstick

CALIBRATION = metric("calibration-error", "plain", "less", diverges_beyond="inf")
SUCCESS = metric("success-rate", "share", "more")
UPDATES = metric("updates", "count", "neither", is_cumulative=True, scope="all-agents")
TIME = np.arange(11.0)


def own_study(path, metrics=(CALIBRATION, SUCCESS, UPDATES), last=None):
    """Two arms of three runs; run r of arm a ends at an error of 0.02 + 0.01 r + 0.1 a and a rate 0.9 - 0.1 a + 0.02 r.

    The last run of the second arm ends at the error `last` where that is given.
    """
    arms = [
        arm(name, {"a.b": str(place)}, target={"metric": "success-rate", "threshold": 0.85})
        for place, name in enumerate(("first", "second"))
    ]
    runs = []
    for place in range(2):
        for replication in range(3):
            error = 0.02 + 0.01 * replication + 0.1 * place + np.linspace(1, 0, 11)
            rate = (0.9 - 0.1 * place + 0.02 * replication) * np.linspace(0.5, 1, 11)
            if last is not None and place == 1 and replication == 2:
                error[-1] = last
            reached = np.nonzero(rate >= 0.85)[0]
            runs.append(run(
                place, replication, {"calibration-error": error, "success-rate": rate, "updates": TIME},
                target_time=float(reached[0]) if len(reached) else None,
            ))
    return read(write(path, arms, runs, metrics=list(metrics)))


def test_a_study_is_about_the_first_metric_that_has_a_sense(tmp_path):
    assert natural(own_study(tmp_path / "a.sqlite")) == "calibration-error"
    assert natural(own_study(tmp_path / "b.sqlite", [UPDATES, SUCCESS, CALIBRATION])) == "success-rate"


def test_curves_of_a_metric_of_ones_own_are_in_its_unit(tmp_path, drawn):
    study = own_study(tmp_path / "r.sqlite")
    figure = drawn(curves.draw(study, 3.5, axes=["time"]))
    (axes,) = figure.axes
    assert axes.get_ylabel() == "Calibration error"
    assert axes.lines[0].get_ydata()[-1] == pytest.approx(0.03)
    assert "Line: median over replications" in note(figure) and "grey line" not in note(figure)
    figure = drawn(curves.draw(study, 3.5, "success-rate", ["time"]))
    (axes,) = figure.axes
    assert axes.get_ylabel() == "Success rate (%)"
    assert axes.lines[0].get_ydata()[-1] == pytest.approx(92)
    assert list(axes.lines[-1].get_ydata()) == pytest.approx([85, 85]) and "grey line: target 85 %" in note(figure)


def test_profiles_count_runs_at_a_level_or_better(tmp_path, drawn):
    study = own_study(tmp_path / "r.sqlite")
    (axes,) = drawn(profiles.draw(study, 3.5)).axes
    assert axes.get_xlabel() == "Final calibration error τ" and "τ or below" in axes.get_ylabel()
    x, share = axes.lines[0].get_data()
    assert [share[np.searchsorted(x, level)] for level in (0.025, 0.035, 0.045)] == pytest.approx([1 / 3, 2 / 3, 1])
    (axes,) = drawn(profiles.draw(study, 3.5, "success-rate")).axes
    assert axes.get_xlabel() == "Final success rate τ (%)" and "τ or above" in axes.get_ylabel()
    x, share = axes.lines[0].get_data()
    assert [share[np.searchsorted(x, level)] for level in (89, 91, 93)] == pytest.approx([1, 2 / 3, 1 / 3])


def test_sweeps_show_final_values_in_their_unit(tmp_path, drawn):
    study = own_study(tmp_path / "r.sqlite")
    assert sweep.final_value(study, "second", "calibration-error").point == pytest.approx(0.13)
    assert sweep.final_value(study, "first", "success-rate").point == pytest.approx(92)
    figure = drawn(sweep.draw(study, 7.2, "success-rate", [Yardstick("chance", 50)]))
    assert figure.axes[0].get_ylabel() == "Final success rate (%)"
    assert "Final success rate: mean over replications" in note(figure)


def test_a_share_has_no_interval_below_zero_and_a_plain_number_may(tmp_path):
    runs = [run(0, k, {"calibration-error": [end], "success-rate": [end]}) for k, end in enumerate((0.0, 0.2))]
    study = read(write(tmp_path / "r.sqlite", [arm("a")], runs, metrics=[CALIBRATION, SUCCESS]))
    assert sweep.final_value(study, "a", "calibration-error").lower < 0
    assert sweep.final_value(study, "a", "success-rate").lower == 0


def test_targets_follow_the_sense(tmp_path, drawn):
    study = own_study(tmp_path / "r.sqlite")
    assert "Target: success rate ≥ 85 %;" in note(drawn(survival.draw(study, 3.5, ["time"])))
    runs = [run(0, k, {"calibration-error": [1, 0.1]}, target_time=1.0) for k in range(2)]
    arms = [arm("a", target={"metric": "calibration-error", "threshold": 0.5})]
    below = read(write(tmp_path / "b.sqlite", arms, runs, metrics=[CALIBRATION]))
    assert "Target: calibration error ≤ 0.5;" in note(drawn(survival.draw(below, 3.5, ["time"])))


@pytest.mark.parametrize(("last", "beyond", "diverged"), [
    (np.nan, "inf", True), (1e9, "inf", False), (1e9, 1000, True), (np.nan, None, False),
])
def test_runs_diverge_as_the_definition_says(tmp_path, last, beyond, diverged):
    definition = {key: value for key, value in CALIBRATION.items() if key != "diverges_beyond"}
    definition |= {} if beyond is None else {"diverges_beyond": beyond}
    study = own_study(tmp_path / "r.sqlite", [definition, SUCCESS, UPDATES], last=last)
    assert study.diverged("second") == diverged and study.diverged("first") == 0


def test_a_value_that_is_not_finite_is_the_worst(tmp_path):
    study = own_study(tmp_path / "r.sqlite", last=np.nan)
    entry = curves.curve(study.runs_of("second"), "calibration-error", "time")
    # Of 0.12, 0.13 and the worst.
    assert entry.median[-1] == pytest.approx(0.13)


def test_files_are_named_by_metrics_of_ones_own(tmp_path):
    path = own_study(tmp_path / "r.sqlite").path
    for name in ("calibration-error", "success-rate"):
        arguments = ["--figure", "curves", "profiles", "sweep", "--format", "png", "--metric", name]
        assert main([str(path), "-o", str(tmp_path / "f"), *arguments]) == 0
    assert {file.name for file in (tmp_path / "f").iterdir()} == {
        f"r-{figure}{metric}.png" for figure in ("curves", "profiles", "sweep") for metric in ("", "-success-rate")
    }


def test_a_metric_without_a_definition_is_damage(tmp_path):
    path = write(tmp_path / "r.sqlite", [arm("a")], [run(0, 0, {"success-rate": [0.5]})], metrics=[CALIBRATION])
    with pytest.raises(ResultsError, match="definitions of metrics are missing: success-rate"):
        read(path)


def test_files_that_define_nothing_have_the_metrics_of_their_time(tmp_path):
    study = read(whole_study(tmp_path / "e.sqlite"))
    assert [metric.name for metric in study.metrics] == ["msd", "age", "updates", "messages", "bytes"]
    assert len(older()) == len({metric.name for metric in older()}) == 20
    unheard = read(write(tmp_path / "u.sqlite", [arm("a")], [run(0, 0, {"zeal": [1.0], "msd": [1.0]})]))
    assert unheard.metric("zeal") == Metric("zeal", "zeal", "zeal") and natural(unheard) == "msd"


def test_the_return_in_every_task_is_a_return(tmp_path, drawn):
    """As in papers/dcpg/five-state.yaml, whose figures once took it for an error."""
    arms = [arm(name, {"a.b": name}, target={"metric": "return-every-task", "threshold": 0.7}) for name in "12"]
    runs = [
        run(place, k, {"return": [0.0, 0.9], "return-every-task": [0.1, end + 0.05 * k]}, target_time=1.0)
        for place, end in enumerate((0.4, 0.6)) for k in range(3)
    ]
    study = read(write(tmp_path / "r.sqlite", arms, runs))
    assert study.metric("return-every-task").more_is_better
    figure = drawn(curves.draw(study, 3.5, "return-every-task", ["time"]))
    assert figure.axes[0].get_ylabel() == "Return in every task,\nmean over agents"
    assert figure.axes[0].lines[0].get_ydata()[-1] == pytest.approx(0.45) and "target 0.7" in note(figure)
    (axes,) = drawn(profiles.draw(study, 3.5, "return-every-task")).axes
    assert "τ or above" in axes.get_ylabel() and "dB" not in axes.get_xlabel()
    assert "return in every task, mean over agents ≥ 0.7" in note(drawn(survival.draw(study, 3.5, ["time"])))
