# SPDX-License-Identifier: GPL-3.0-or-later
"""Exact tests of few pairs, and Holm's correction over many tests."""

import math


def sign_test(more: int, fewer: int) -> float:
    """The two-sided p-value of so many pairs on one side and on the other, if each side is as likely."""
    count = more + fewer
    tail = sum(math.comb(count, k) for k in range(min(more, fewer) + 1))
    return min(1.0, 2 * tail / 2**count)


def signed_rank_test(differences: list[float]) -> tuple[float, float, float]:
    """Wilcoxon's signed-rank test: its two-sided p-value, and the sums of ranks above and below zero.

    Zeros are left out, and equal sizes share the mean of their ranks. The p-value counts all choices of signs for these
    very ranks, so it is exact with ties, too. It assumes differences that are symmetric about zero.
    """
    sizes = sorted(abs(value) for value in differences if value != 0)
    # Twice the mean rank of a size is a whole number: its first rank and its last.
    first = {size: rank for rank, size in reversed(list(enumerate(sizes, 1)))}
    last = {size: rank for rank, size in enumerate(sizes, 1)}
    ranks = [first[size] + last[size] for size in sizes]
    total = sum(ranks)
    above = sum(first[value] + last[value] for value in differences if value > 0)
    # How many choices of signs have which sum above zero.
    ways = [1] + [0] * total
    for rank in ranks:
        for reached in range(total, rank - 1, -1):
            ways[reached] += ways[reached - rank]
    tail = sum(ways[: min(above, total - above) + 1])
    return min(1.0, 2 * tail / 2 ** len(ranks)), above / 2, (total - above) / 2


def holm(p_values: list[float]) -> list[float]:
    """Adjusted p-values, in the order of the given ones: below a level, all claims hold together with that error at most."""
    adjusted = [0.0] * len(p_values)
    least = 0.0
    for taken, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        least = max(least, min(1.0, (len(p_values) - taken) * p_values[index]))
        adjusted[index] = least
    return adjusted
