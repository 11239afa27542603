# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows of results files, and the figure of realised matrices."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from fabricate import RING, arm, run, whole_study, window, write

from starling_diffusion.errors import ResultsError
from starling_diffusion.figures.realised import draw
from starling_diffusion.figures.results import read
from starling_diffusion.figures.style import NoData

APART = np.array([[0.75, 0.25, 0], [0.25, 0.75, 0], [0, 0, 1]])
MIXED = np.array([[0.5, 0.25, 0.5], [0.25, 0.5, 0.25], [0.25, 0.25, 0.25]])


def study(tmp_path, windows):
    runs = [run(0, 0, {"msd": [1]}, windows=windows), run(1, 0, {"msd": [1]})]
    return read(write(tmp_path / "r.sqlite", [arm("first", network=RING), arm("second", network=RING)], runs))


def test_windows_have_their_matrices(tmp_path):
    found = study(tmp_path, [window(0, 10, MIXED, APART), window(10, 20, APART, None)]).windows("first", 0)
    assert [(entry.start, entry.end) for entry in found] == [(0, 10), (10, 20)]
    assert np.array_equal(found[0].mean.weights, MIXED) and np.array_equal(found[0].product.weights, APART)
    assert found[1].product is None and np.isnan(found[1].effective_agents)
    assert found[0].effective_agents == pytest.approx(3)
    assert found[0].mean.row_sum_error == pytest.approx(0.25) and found[0].mean.perron is None
    # A value that was not found.
    assert np.isnan(found[0].mean.second_singular_value)
    assert np.array_equal(np.isnan(found[1].ages), APART * (1 - np.eye(3)) == 0) and found[0].ages[0, 1] == 0.5


def test_who_keeps_none_says_so(tmp_path):
    entry = study(tmp_path, [window(0, 10, MIXED, APART)])
    with pytest.raises(ResultsError, match="measure.records.realised"):
        entry.windows("second", 0)
    with pytest.raises(NoData, match="measure.records.realised"):
        draw(read(whole_study(tmp_path / "w.sqlite")), 3.5)


@pytest.mark.parametrize("width", [3.5, 7.2])
def test_the_window_that_mixes_worst_is_drawn_beside_the_designed_matrix(tmp_path, width):
    windows = [window(0, 10, MIXED, MIXED), window(10, 20, APART, APART), window(20, 22, APART, np.eye(3))]
    figure = draw(study(tmp_path, windows), width)
    panels = [axes for axes in figure.axes if axes.images]
    drawn = [axes.images[0].get_array().filled(0) for axes in panels]
    assert [np.array_equal(*pair) for pair in zip(drawn, [np.full((3, 3), 1 / 3), APART, APART])] == [True] * 3
    assert "10 to 20 s" in panels[0].get_ylabel() and "|λ₂| 1.000" in panels[2].get_xlabel()
    plt.close(figure)


def test_without_products_there_are_two_panels(tmp_path):
    figure = draw(study(tmp_path, [window(0, 10, MIXED, None)]), 3.5)
    assert len([axes for axes in figure.axes if axes.images]) == 2
    plt.close(figure)
