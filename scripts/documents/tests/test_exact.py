# SPDX-License-Identifier: GPL-3.0-or-later
"""Exact tests agree with the enumeration of all choices of signs, and with SciPy."""

import itertools
import random

import pytest
from scipy import stats

from documents import exact


@pytest.mark.parametrize("more, fewer", [(0, 0), (1, 0), (5, 0), (0, 6), (3, 3), (21, 9), (2, 28), (30, 0)])
def test_the_sign_test_is_the_binomial_test(more, fewer):
    expected = stats.binomtest(more, more + fewer).pvalue if more + fewer else 1
    assert exact.sign_test(more, fewer) == pytest.approx(expected, rel=1e-12)


def test_the_sign_test_of_thirty_pairs_on_one_side():
    assert exact.sign_test(30, 0) == 2**-29


@pytest.mark.parametrize("seed", range(5))
def test_the_signed_rank_test_is_that_of_scipy_where_no_ranks_are_shared(seed):
    dice = random.Random(seed)
    values = [dice.gauss(0.3, 1) for _ in range(30)]
    expected = stats.wilcoxon(values, method="exact")
    p_value, above, below = exact.signed_rank_test(values)
    assert p_value == pytest.approx(expected.pvalue, rel=1e-12)
    assert min(above, below) == expected.statistic
    assert above + below == 30 * 31 / 2


@pytest.mark.parametrize("values", [
    [1, 1, -1, 2, 3, -2, 5, 0], [0.5, 0.5, 0.5, 0.5], [3, -1, -1, 4, 4, 4, -7], [0, 0, -2],
])
def test_the_signed_rank_test_counts_all_signs_where_ranks_are_shared(values):
    kept = [value for value in values if value != 0]
    ranks = stats.rankdata([abs(value) for value in kept])
    above = sum(rank for value, rank in zip(kept, ranks) if value > 0)
    sums = [sum(rank for rank, sign in zip(ranks, signs) if sign)
            for signs in itertools.product((False, True), repeat=len(kept))]
    tails = (sum(value <= above for value in sums), sum(value >= above for value in sums))
    p_value, found, below = exact.signed_rank_test(values)
    assert (found, below) == (above, sum(ranks) - above)
    assert p_value == min(1, 2 * min(tails) / len(sums))


def test_nothing_but_zeros_is_no_evidence():
    assert exact.signed_rank_test([0, 0]) == (1, 0, 0)
    assert exact.signed_rank_test([]) == (1, 0, 0)


def test_holm_by_hand():
    # In ascending order 4 x 0.005, 3 x 0.01, 2 x 0.03, 1 x 0.04; none below the one before.
    assert exact.holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert exact.holm([0.9, 0.8]) == [1, 1]
    assert exact.holm([]) == []
