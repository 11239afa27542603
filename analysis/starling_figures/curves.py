# SPDX-License-Identifier: GPL-3.0-or-later
"""Averaging over replications: squared errors in linear units, decibels last."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from .results import Study


def decibels(power):
    """10 log10 of a power-like quantity; zero gives -inf."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return 10 * np.log10(power)


def mean_curve(study: Study, arm: str, metric: str, level: float = 0.95) -> pd.DataFrame:
    """Mean of a metric over the replications of an arm, with a pointwise Student t interval, in linear units.

    The columns are time, mean, lower, upper and n. At a time that some runs did not reach, only times that all
    runs reached are kept, so that every point averages the same runs. With one run the interval is undefined.
    """
    rows = study.series[(study.series["arm"] == arm) & (study.series["metric"] == metric)]
    table = rows.pivot(index="time", columns="replication", values="value").dropna(how="any")
    n = table.shape[1]
    mean = table.mean(axis=1)
    if n > 1:
        half = stats.t.ppf((1 + level) / 2, n - 1) * table.std(axis=1, ddof=1) / np.sqrt(n)
    else:
        half = pd.Series(np.nan, index=table.index)
    return pd.DataFrame(
        {
            "time": table.index.to_numpy(dtype=float),
            "mean": mean.to_numpy(),
            "lower": (mean - half).clip(lower=0).to_numpy(),
            "upper": (mean + half).to_numpy(),
            "n": n,
        }
    )
