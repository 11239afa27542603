# SPDX-License-Identifier: GPL-3.0-or-later
"""How sweeps show what has no finite value."""

import re
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from fabricate import arm, run, write

from starling_diffusion.figures.results import read
from starling_diffusion.figures.sweep import UNITS, as_number, draw, swept

STEPS = ["0.01", "0.02", "0.05", "0.9"]


@pytest.fixture(params=[3.5, 7.2])
def sweep(tmp_path, request):
    """Two arms over four step sizes: the first two never reach the target, the last diverges."""
    names = [f"{name}, learner.step-size={step}" for name in ("go", "wait") for step in STEPS]
    arms = [arm(name, {"learner.step-size": name.split("=")[1]}) for name in names]
    runs = []
    for place in range(len(arms)):
        for k in range(3):
            ends = {"msd": [1, 1e250 if place % 4 == 3 else 1e-3 * (1 + place + k)]}
            runs.append(run(place, k, ends, target_time=5.0 + k if place % 4 == 2 else None))
    figure = draw(read(write(tmp_path / "r.sqlite", arms, runs)), request.param)
    yield figure
    plt.close(figure)


def open_marks(axes):
    """The settings marked in the band, by arm, and how high in the panel they stand."""
    lines = [line for line in axes.lines if line.get_gid() == "open"]
    return [line.get_xdata().tolist() for line in lines], {y for line in lines for y in line.get_ydata()}


def test_panels_share_the_range_of_settings(sweep):
    final, time = sweep.axes
    assert final.get_xlim() == time.get_xlim()
    low, high = final.get_xlim()
    assert low < 0.01 and high > 0.9


def test_what_is_never_reached_or_diverged_stands_in_a_band_of_its_own(sweep):
    for axes, word, settings in zip(sweep.axes, ("diverged", "never"), ([0.9], [0.01, 0.02, 0.9])):
        places, heights = open_marks(axes)
        assert places == [settings] * 2
        ticks = [text.get_text() for text in axes.get_yticklabels()]
        assert ticks[-1] == word
        low, high = axes.get_ylim()
        (height,) = heights
        assert axes.get_yticks()[-1] == pytest.approx(low + height * (high - low))
        # No number and no finite point is as high as the band.
        below = low + 0.85 * (high - low)
        points = [line.get_ydata() for line in axes.lines if line.get_gid() != "open"]
        assert max(axes.get_yticks()[:-1]) < below and np.concatenate(points).max() < below


def test_marks_of_arms_in_the_band_do_not_cover_each_other(sweep):
    sweep.canvas.draw()
    marks = [line for line in sweep.axes[1].lines if line.get_gid() == "open"]
    first, second = (line.get_transform().transform(line.get_xydata())[0, 0] for line in marks)
    assert second - first == pytest.approx(7 * sweep.dpi / 72)


def test_the_note_says_what_the_words_mean(sweep):
    (legend,) = sweep.legends
    note = legend.get_title().get_text().replace("\n", " ")
    assert "diverged: some run did; never: fewer than half of the runs reached the target" in note


def test_points_that_not_all_runs_reached_are_hollow(tmp_path):
    arms = [arm(f"learner.step-size={step}", {"learner.step-size": step}) for step in STEPS[:3]]
    # All of four runs reach the target, three of them, and one.
    runs = [
        run(place, k, {"msd": [1, 1e-3 * (1 + k)]}, end_time=60.0,
            target_time=5.0 + k if k < reached else None)
        for place, reached in enumerate((4, 3, 1)) for k in range(4)
    ]
    figure = draw(read(write(tmp_path / "r.sqlite", arms, runs)), 3.5)
    final, time = figure.axes
    (hollow,) = (line for line in time.lines if line.get_gid() == "partial")
    assert hollow.get_xdata().tolist() == [0.02] and hollow.get_markerfacecolor() == "white"
    assert not [line for line in final.lines if line.get_gid() == "partial"]
    (legend,) = figure.legends
    assert "hollow: not all runs reached the target" in legend.get_title().get_text().replace("\n", " ")
    plt.close(figure)


def test_cells_that_not_all_runs_reached_are_dotted(tmp_path):
    cells = [(first, second) for first in ("0.01", "0.02") for second in ("0", "0.1")]
    names = [f"learner.step-size={first}, conditions.links.loss={second}" for first, second in cells]
    arms = [
        arm(name, {"learner.step-size": first, "conditions.links.loss": second})
        for name, (first, second) in zip(names, cells)
    ]
    runs = [
        run(place, k, {"msd": [1, 1e-3 * (1 + k)]}, end_time=60.0,
            target_time=5.0 + k if k < reached else None)
        for place, reached in enumerate((4, 3, 4, 1)) for k in range(4)
    ]
    figure = draw(read(write(tmp_path / "r.sqlite", arms, runs)), 7.2)
    time = figure.axes[1]
    (dotted,) = (patch for patch in time.patches if patch.get_gid() == "partial")
    # Of the first step size (left) the second loss (above).
    assert (dotted.get_x(), dotted.get_y()) == (0, 1)
    texts = [text.get_text() for text in time.texts]
    assert "6.0\n3/4" in texts and "never" in texts and not any("4/4" in text for text in texts)
    plt.close(figure)


def test_every_unit_that_the_program_writes_is_known():
    source = (Path(__file__).parents[3] / "Sources" / "Quantities" / "Units.swift").read_text(encoding="utf-8")
    units = re.findall(
        r'UnitOfMeasure\(name: "([^"]+)"(?:, factor: ([0-9_]+))?(?:, power: (-?[0-9]+))?\)', source)
    assert len(units) == 30
    for name, factor, power in units:
        size = int(factor.replace("_", "") or 1) * 10.0 ** int(power or 0)
        assert UNITS[name] == pytest.approx(size), name


def test_bandwidths_and_durations_are_numbers_in_ascending_order(tmp_path):
    for path, values in {
        "conditions.links.bandwidth": ["1 Gbit/s", "100 kbit/s", "1 MB/s", "20 Mbit/s"],
        "conditions.compute.between-agents": ["1 day", "5 ns", "2 h", "3 us"],
    }.items():
        arms = [arm(f"{path}={value}", {path: value}) for value in values]
        runs = [run(place, k, {"msd": [1, 1e-3 * (1 + k)]}) for place in range(4) for k in range(3)]
        (key,) = swept(read(write(tmp_path / f"{path}.sqlite", arms, runs)))
        assert key.numbers == sorted(as_number(value) for value in values)
        assert key.values == sorted(values, key=as_number)
        assert key.values[0] == values[1] and key.values[-1] == values[0]
