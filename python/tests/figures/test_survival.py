# SPDX-License-Identifier: GPL-3.0-or-later
import numpy as np
import pytest
from fabricate import arm, run, write

from starling_diffusion.figures.results import read
from starling_diffusion.figures.survival import kaplan_meier, of_arm


def test_the_estimate_is_that_of_a_hand_computation():
    # At risk 6, 5, 3, 1; the run censored at 2 is still at risk at 2, the one censored at 4 no more at 5.
    estimate = kaplan_meier(np.array([3, 1, 2, 2, 4, 5]), np.array([True, True, True, False, False, True]))
    assert estimate.times.tolist() == [0, 1, 2, 3, 5]
    assert estimate.survival == pytest.approx([1, 5 / 6, 2 / 3, 4 / 9, 0])
    assert estimate.censored.tolist() == [2, 4]
    assert (estimate.at(0.5), estimate.at(2), estimate.at(4.9)) == pytest.approx((1, 2 / 3, 4 / 9))
    assert estimate.median == 3
    # At 1: θ = 1.959964 · sqrt(1/30) / 0.182322 = 1.962684, so the lower bound is (5/6)^7.118 = 0.273, already below
    # one half; no upper bound comes down to it.
    assert estimate.median_interval == (1, np.inf)


def test_the_median_lies_between_the_ranks_of_the_binomial_tables():
    # P(B < k) <= 2.5 %: k = 1 for 6 tosses (1.6 %), 2 for 10 (1.1 %), 6 for 20 (2.1 %), none for 5 (3.1 %).
    for count, rank in ((6, 1), (10, 2), (20, 6)):
        times = np.arange(count, 0, -1.0)
        assert kaplan_meier(times, np.ones(count, dtype=bool)).median_interval == (rank, count + 1 - rank)
    assert np.isnan(kaplan_meier(np.arange(5.0), np.ones(5, dtype=bool)).median_interval).all()
    # Of ten the ninth would be the upper bound: it is censored where three are.
    for censored, upper in ((1, 9), (3, np.inf)):
        times = np.minimum(np.arange(1.0, 11), 11 - censored)
        assert kaplan_meier(times, np.arange(10) < 10 - censored).median_interval == (2, upper)


def test_the_band_is_greenwoods_on_the_scale_log_of_minus_log():
    # At 2: Σ d / (n (n - d)) = 1/30 + 1/20 = 1/12, |log(2/3)| = 0.405465, so that
    # θ = 1.959964 · 0.288675 / 0.405465 = 1.395421, and the interval is (2/3)^4.036673 to (2/3)^0.247729.
    estimate = kaplan_meier(np.array([3, 1, 2, 2, 4, 5]), np.array([True, True, True, False, False, True]))
    assert estimate.lower[2] == pytest.approx(0.194615, abs=2e-5)
    assert estimate.upper[2] == pytest.approx(0.904435, abs=2e-5)
    # All of one and none of one have no interval.
    assert np.isnan(estimate.lower[[0, 4]]).all() and np.isnan(estimate.upper[[0, 4]]).all()


def test_without_censoring_the_estimate_is_the_empirical_share():
    times = np.array([4.0, 1, 3, 2, 2])
    estimate = kaplan_meier(times, np.ones(5, dtype=bool))
    for time in (0, 1, 2, 2.5, 3, 4):
        assert estimate.at(time) == pytest.approx((times > time).mean())


def test_a_target_that_fewer_than_half_reach_has_no_median():
    estimate = kaplan_meier(np.array([1.0, 5, 5]), np.array([True, False, False]))
    assert estimate.median == np.inf


def test_nobody_at_the_target_is_a_flat_line():
    estimate = kaplan_meier(np.array([5.0, 5]), np.array([False, False]))
    assert estimate.times.tolist() == [0] and estimate.survival.tolist() == [1]


def test_runs_that_did_not_reach_the_target_are_censored_when_they_end(tmp_path):
    runs = [run(0, 0, {"msd": [1, 1]}, target_time=0.5), run(0, 1, {"msd": [1, 1]}, end_time=9.0)]
    estimate = of_arm(read(write(tmp_path / "r.sqlite", [arm("a")], runs)), "a")
    assert estimate.censored.tolist() == [9] and estimate.at(0.5) == 0.5


def test_runs_that_stalled_stay_at_risk_until_the_time_asked_for(tmp_path):
    # Two of three stall before the third arrives: it is no more than one of three.
    runs = [run(0, number, {"msd": [1, 1]}, end_time=1.0, ending="stalled") for number in (0, 1)]
    runs.append(run(0, 2, {"msd": [1, 1]}, end_time=9.0, target_time=5.0))
    estimate = of_arm(read(write(tmp_path / "r.sqlite", [arm("a", until=9.0)], runs)), "a")
    assert estimate.censored.tolist() == [9, 9]
    assert estimate.at(5) == pytest.approx(2 / 3) and estimate.median == np.inf
