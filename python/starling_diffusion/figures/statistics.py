# SPDX-License-Identifier: GPL-3.0-or-later
"""Averages over replications: squared errors in linear units, decibels last."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats


@dataclass(frozen=True)
class Interval:
    """A mean with its interval of 95 %, in linear units; the ends are nan for one value."""

    mean: float
    lower: float
    upper: float
    count: int


def mean_interval(values: np.ndarray, least: float = 0.0) -> Interval:
    """The mean of independent values with the interval that the program prints: Student's, drawn out towards a tail.

    A quantile q of |t| moves by 2 κ (2 q² + 1) / 6 on the side of the tail, with κ the skewness of the mean, which few
    values show about half of.

    Source: Johnson, 1978; Hall, "On the removal of skewness by transformation", 1992.

    Args:
        least: what no value is below, so that the interval does not reach further; zero for a squared error.
    """
    values = np.asarray(values, dtype=float)
    count = len(values)
    # Errors of runs that diverge have sums and squares beyond what doubles hold.
    with np.errstate(over="ignore", invalid="ignore"):
        mean = float(np.mean(values)) if count else float("nan")
        deviation = values.std(ddof=1) if count > 1 else float("nan")
    if count < 2 or not np.isfinite(mean):
        return Interval(mean, float("nan"), float("nan"), count)
    skewness = 0.0
    if count > 2 and 0 < deviation < np.inf:
        # Fisher's third cumulant, without bias.
        cubes = np.sum(((values - mean) / deviation) ** 3)
        skewness = float(count * cubes / ((count - 1) * (count - 2)) / np.sqrt(count))
    quantile = stats.t.ppf(0.975, count - 1)
    shift = 2 * skewness * (2 * quantile**2 + 1) / 6
    error = deviation / np.sqrt(count)
    lower, upper = mean - error * (quantile + max(0.0, -shift)), mean + error * (quantile + max(0.0, shift))
    return Interval(mean, max(least, lower), upper, count)


@dataclass(frozen=True)
class Spread:
    """The distribution over replications at each point of an axis, in linear units."""

    x: np.ndarray
    mean: np.ndarray
    median: np.ndarray
    lower: np.ndarray
    """The first quartile."""
    upper: np.ndarray
    """The third quartile."""
    count: int
    is_over_agents: bool = False
    """Whether the quartiles are over agents, medians over replications of those of each run."""


def spread(x: np.ndarray, table: np.ndarray) -> Spread:
    """Mean, median and quartiles (by linear interpolation between ranks) of the rows of a table.

    Args:
        table: one row for each replication, one column for each x.
    """
    # numpy has no quartiles of rows with infinities, of runs that diverged, without a warning.
    with np.errstate(invalid="ignore", over="ignore"):
        # Between a number and an infinity above it numpy has no rank at all, between one and an infinity below it has.
        sign = -1 if np.isposinf(table).any() else 1
        lower, median, upper = (sign * np.quantile(sign * table, [0.25, 0.5, 0.75], axis=0))[::sign]
        return Spread(x, table.mean(axis=0), median, lower, upper, len(table))
