# SPDX-License-Identifier: GPL-3.0-or-later
"""Performance profiles: the share of runs that end at least as well as a level."""

from __future__ import annotations

from typing import Literal

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from .metrics import natural, what_is_there
from .results import Study
from .style import NoData, counted, labels, legend, looks, matched, with_count

RESAMPLES = 2000


def profile(finals: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """The share of final errors at or below each level; a run that diverged (inf, nan) is at no level.

    Source: Agarwal et al., "Deep reinforcement learning at the edge of the statistical precipice", 2021.
    """
    errors = np.sort(np.where(np.isnan(finals), np.inf, finals))
    return np.searchsorted(errors, levels, side="right") / len(errors)


def band(finals: np.ndarray, levels: np.ndarray, seed: int = 0, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """A pointwise percentile interval of `profile` from a bootstrap over replications."""
    generator = np.random.default_rng(seed)
    draws = generator.integers(0, len(finals), size=(RESAMPLES, len(finals)))
    shares = np.array([profile(finals[row], levels) for row in draws])
    lower, upper = np.quantile(shares, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return lower, upper


def draw(study: Study, width: float, metric: str | None = None) -> Figure:
    """Draws the profiles of all arms: the share of runs that end at a level or better."""
    metric = metric or natural(study)
    if any(metric not in run.finals for run in study.runs):
        raise NoData(f"there is no final value of '{metric}' in every run; {what_is_there(study)}")
    definition = study.metric(metric)
    power, sign = definition.is_power, -1 if definition.more_is_better else 1
    # Runs that diverge are at no level: the axis is that of the others.
    finals = {
        arm.name: np.array(
            [
                np.nan if definition.is_judged and run.has_diverged else run.finals[metric]
                for run in study.runs_of(arm.name)
            ]
        )
        for arm in study.present
    }
    everything = np.concatenate(list(finals.values()))
    usable = everything[np.isfinite(everything) & ((everything > 0) | (not power))]
    if not len(usable):
        raise NoData(f"no run ended with a finite '{metric}'")
    low, high = definition.shown(usable.min()), definition.shown(usable.max())
    margin = max(0.06 * (high - low), 0.1 if power else 1e-12)
    x = np.linspace(low - margin, high + margin, 500)
    # At or above a level is at or below it with the signs turned round.
    levels = sign * definition.measured(x)
    step: Literal["post", "pre"] = "post" if sign > 0 else "pre"
    figure, axes = plt.subplots(figsize=(width, 0.6 * min(width, 4.5)), layout="constrained")
    styles, names = looks(study), labels(study)
    counts = [len(values) for values in finals.values()]
    for arm, values in finals.items():
        line = {"color": styles[arm]["color"], "linestyle": styles[arm]["linestyle"]}
        values = sign * values
        axes.step(
            x, profile(values, levels), where=step, label=with_count(names[arm], len(values), counts), zorder=4,
            **line,
        )
        if len(values) > 1:
            lower, upper = band(values, levels)
            axes.fill_between(x, lower, upper, step=step, color=line["color"], alpha=0.18, linewidth=0, zorder=2)
    axes.set_xlim(x[0], x[-1])
    axes.set_ylim(-0.02, 1.02)
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=""))
    axes.set_xlabel(f"Final {definition.in_line} τ{definition.unit}")
    axes.set_ylabel(f"Runs that end at τ or {'above' if sign < 0 else 'below'} (%)")
    note = "; band: pointwise 95 %, bootstrap over replications" if max(counts) > 1 else ""
    if not np.isfinite(everything).all():
        note += "; runs that diverged are at no τ"
    what = "Share of runs, by their median over agents" if definition.quartiles else "Share of runs"
    legend(figure, f"{what}{note}; {counted(counts)}{matched(study)}")
    return figure
