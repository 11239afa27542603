# SPDX-License-Identifier: GPL-3.0-or-later
"""Final policies in all tasks."""

import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest
from fabricate import GRID, acting_study, arm, run, whole_study, write
from legends import note

from starling_diffusion.figures import tasks
from starling_diffusion.figures.command import main
from starling_diffusion.figures.results import read
from starling_diffusion.figures.style import NoData
from starling_diffusion.figures.yardsticks import Yardstick


@pytest.fixture
def study(tmp_path):
    return read(acting_study(tmp_path / "r.sqlite"))


@pytest.fixture(params=[3.5, 7.2])
def figure(study, request):
    found = tasks.draw(study, request.param, [Yardstick("random", -80)])
    found.canvas.draw()
    yield found
    plt.close(found)


def returns_of(values, names=("x", "y"), columns=("s", "t")):
    return {"agents": list(names), "task_returns": {"tasks": list(columns), "returns": values}}


def test_maps_are_means_over_replications(study):
    # 40 + k + 2 r with r of 0, 1, 2, and 30 more on the diagonal.
    expected = 42 + np.arange(6.0)[:, None] + 30 * np.eye(6)
    np.testing.assert_allclose(tasks.mean_map(tasks.of_arm(study, "together")), expected)


def test_every_agent_of_every_run_has_a_mean_over_tasks(study):
    found = tasks.over_tasks(tasks.of_arm(study, "alone"))
    expected = [-60 + 2 * replication + agent + 5 for replication in range(3) for agent in range(6)]
    assert found.tolist() == pytest.approx(expected)


def test_names_of_tasks_form_a_grid():
    grid = tasks.grid_of(GRID)
    assert (grid.masses, grid.lengths) == ([0.1, 0.55, 1.0], [0.05, 0.5])
    assert tasks.grid_of(["easy", "hard"]) is None and tasks.grid_of([]) is None
    assert tasks.grid_of(["m0.1-l0.5"]) is None
    assert tasks.grid_of(GRID[:5]) is None and tasks.grid_of(GRID[::-1][:2] + GRID[:4]) is None


def test_arms_share_one_scale_of_colours(figure):
    maps = figure.axes[:2]
    limits = [axes.collections[0].get_clim() for axes in maps]
    # The worst is the first agent of the arm alone, in another task; the best the last one in its own.
    assert limits == [(-58, 77)] * 2
    assert [axes.get_title().replace("\n", " ") for axes in maps] == ["together", "alone"]
    shown = maps[1].collections[0].get_array()
    assert shown.shape == (6, 6) and shown[0, 0] == -28 and shown[2, 5] == -56


def test_the_first_agent_is_at_the_top_and_masses_name_groups_of_columns(figure):
    axes = figure.axes[0]
    low, high = axes.get_ylim()
    assert low > high
    assert [text.get_text() for text in axes.get_xticklabels()] == ["0.1", "0.55", "1"]
    assert axes.get_xticks().tolist() == [1, 3, 5] and axes.get_xlabel() == "Pole mass (kg)"


def test_own_tasks_are_marked(study, figure):
    own = [line for line in figure.axes[0].lines if line.get_gid() == "own"]
    assert [(line.get_xdata()[0], line.get_ydata()[0]) for line in own] == [(k + 0.5, k + 0.5) for k in range(6)]
    assert tasks.own_cells(study, study.runs[4].task_returns) == [(k, k) for k in range(6)]


def test_means_over_tasks_are_dots_with_median_and_quartiles(figure):
    axes = figure.axes[2]
    dots = [np.sort(line.get_ydata()) for line in axes.lines if line.get_gid() == "agents"]
    assert [len(entry) for entry in dots] == [18, 18]
    # 45 + k + 2 r for k of 0 to 5 and r of 0 to 2: of 18 values the quartiles are 48, 49.5 and 51.
    medians = [line.get_ydata()[0] for line in axes.lines if line.get_gid() == "median"]
    assert medians == pytest.approx([49.5, -50.5])
    box = axes.patches[0]
    assert (box.get_y(), box.get_height()) == pytest.approx((48, 3))
    (line,) = [line for line in axes.lines if line.get_gid() == "yardstick"]
    assert line.get_ydata()[0] == -80 and figure.legends[0].get_texts()[0].get_text() == "random: −80"


def test_the_note_says_what_is_shown(figure):
    said = note(figure)
    assert said.startswith("Maps: final policies in all tasks, mean over replications; columns of a mass: half pole")
    assert "lengths 0.05 to 0.5 m; marked: own task; dots: agents of all replications" in said
    assert said.endswith("n = 3")


def test_dots_of_like_values_stand_beside_each_other():
    sides = tasks.spread_out(np.array([1.0, 1.0, 1.0, 5.0]), 0.5, 0.1)
    assert sorted(sides[:3]) == pytest.approx([-0.09, 0, 0.09]) and sides[3] == 0
    assert np.abs(tasks.spread_out(np.ones(50), 0.0, 0.3)).max() == pytest.approx(0.3)


def test_arms_without_such_returns_are_named(tmp_path):
    runs = [run(0, 0, {"return": [1]}, **returns_of([[1, 2], [3, 4]])), run(1, 0, {"return": [1]})]
    figure = tasks.draw(read(write(tmp_path / "r.sqlite", [arm("a"), arm("b")], runs)), 3.5)
    assert "not tested in all tasks: b" in note(figure)
    assert [text.get_text() for text in figure.axes[0].get_xticklabels()] == ["s", "t"]
    plt.close(figure)


def test_returns_that_are_not_finite_are_no_dots_and_named(tmp_path):
    runs = [run(0, k, {"return": [1]}, **returns_of([[1, 2], ["nan", "-inf" if k else "inf"]])) for k in (0, 1)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = tasks.draw(read(write(tmp_path / "r.sqlite", [arm("a")], runs)), 3.5)
    dots = [line.get_ydata().tolist() for line in figure.axes[1].lines if line.get_gid() == "agents"]
    assert dots == [[1.5, 1.5]] and "2 policies whose returns are not finite" in note(figure)
    plt.close(figure)


def test_runs_with_other_tasks_are_not_averaged(tmp_path):
    entries = [returns_of([[1, 2], [3, 4]]), returns_of([[1, 2], [3, 4]], columns=("s", "u"))]
    runs = [run(0, k, {"return": [1]}, **entry) for k, entry in enumerate(entries)]
    with pytest.raises(NoData, match="different agents or tasks"):
        tasks.draw(read(write(tmp_path / "r.sqlite", [arm("a")], runs)), 3.5)
    runs = [run(k, 0, {"return": [1]}, **entry) for k, entry in enumerate(entries)]
    with pytest.raises(NoData, match="arms have different tasks"):
        tasks.draw(read(write(tmp_path / "o.sqlite", [arm("a"), arm("b")], runs)), 3.5)


@pytest.mark.parametrize("count", [1, 3, 4, 6])
@pytest.mark.parametrize("width", ["single", "double"])
def test_up_to_six_arms_are_drawn(tmp_path, count, width, capsys):
    names = [f"an arm with a long name, number {place}" for place in range(7)]
    runs = [run(k, 0, {"return": [1]}, **returns_of([[k, 2], [3, 4]])) for k in range(7)]
    path = write(tmp_path / "r.sqlite", [arm(name) for name in names], runs)
    arguments = [str(path), "-o", str(tmp_path), "--figure", "tasks", "--format", "png", "--width", width]
    assert main([*arguments, "--arm", *names[:count]]) == 0
    assert main(arguments) == 65 and "7 arms are too many" in capsys.readouterr().err


def test_a_study_of_estimation_has_none(tmp_path, capsys):
    path = whole_study(tmp_path / "r.sqlite")
    assert main([str(path), "-o", str(tmp_path), "--figure", "tasks"]) == 65
    assert "no arm has the returns of its policies in all tasks" in capsys.readouterr().err


def test_the_same_returns_give_the_same_bytes(tmp_path):
    path = acting_study(tmp_path / "r.sqlite")
    for folder in ("one", "two"):
        assert main([str(path), "-o", str(tmp_path / folder), "--figure", "tasks"]) == 0
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes(), file.name
