# SPDX-License-Identifier: GPL-3.0-or-later
"""Averages over replications: squared errors in linear units, decibels last."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats


@dataclass(frozen=True)
class Interval:
    """A mean with its Student t interval, in linear units; the ends are nan for one value."""

    mean: float
    lower: float
    upper: float
    count: int


def mean_interval(values: np.ndarray, level: float = 0.95, least: float = 0.0) -> Interval:
    """The mean of independent values with an interval.

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
    half = stats.t.ppf((1 + level) / 2, count - 1) * deviation / np.sqrt(count)
    return Interval(mean, max(least, mean - half), mean + half, count)


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
        lower, median, upper = np.quantile(table, [0.25, 0.5, 0.75], axis=0)
        return Spread(x, table.mean(axis=0), median, lower, upper, len(table))
