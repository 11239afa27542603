# SPDX-License-Identifier: GPL-3.0-or-later
"""What is drawn of predictions."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from fabricate import arm, run, write

from starling_diffusion.figures.prediction import draw
from starling_diffusion.figures.results import read


@pytest.mark.parametrize("width", [3.5, 7.2])
def test_the_difference_from_the_prediction_is_drawn(tmp_path, width):
    """Measured 1e-3 and predicted 1e-3, 1e-2 and nothing at all; one arm diverged."""
    arms = [arm("a", predicted_msd=1e-3), arm("b", predicted_msd=1e-2), arm("c", predicted_msd=0),
            arm("d", predicted_msd=1e-3)]
    runs = [run(place, k, {"msd": [1, 1e250 if place == 3 else 1e-3]}) for place in range(4) for k in range(3)]
    figure = draw(read(write(tmp_path / "r.sqlite", arms, runs)), width)
    levels, gaps = figure.axes
    points = {line.get_ydata()[0]: line.get_xdata()[0] for line in gaps.lines if line.get_marker() == "o"}
    assert points == {0: pytest.approx(0, abs=1e-9), 1: pytest.approx(-10)}
    low, high = gaps.get_xlim()
    assert low == -high and low < -10
    assert np.ptp(levels.get_xlim()) >= 1
    plt.close(figure)


def test_small_differences_are_not_blown_up(tmp_path):
    runs = [run(0, k, {"msd": [1, 1e-3]}) for k in range(3)]
    figure = draw(read(write(tmp_path / "r.sqlite", [arm("a", predicted_msd=1.001e-3)], runs)), 3.5)
    assert figure.axes[1].get_xlim() == (-0.5, 0.5)
    plt.close(figure)


def test_what_is_predicted_over_the_final_window_is_drawn_where_there_is_no_steady_state(tmp_path):
    arms = [arm("a", predicted_msd=1e-3), arm("b", predicted_final_msd=1e-1), arm("c")]
    runs = [run(place, k, {"msd": [1, 1e-2]}) for place in range(3) for k in range(3)]
    figure = draw(read(write(tmp_path / "r.sqlite", arms, runs)), 7.2)
    levels, gaps = figure.axes
    assert levels.get_xlabel() == "Final MSD (dB)"
    points = {line.get_ydata()[0]: line.get_xdata()[0] for line in gaps.lines if line.get_marker() == "o"}
    assert points == {0: pytest.approx(10), 1: pytest.approx(-10)}
    plt.close(figure)
