# SPDX-License-Identifier: GPL-3.0-or-later
"""Predicted beside measured steady-state errors."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from .metrics import RETURNS
from .results import Study, number
from .statistics import Interval, mean_interval
from .style import COLOURS, NoData, counted, decibels, diverged_arms, labels, legend, matched, wrapped


def measured(study: Study, arm: str, metric: str = "msd") -> Interval:
    """The mean final value of an arm with its interval, in linear units."""
    values = np.array([run.finals[metric] for run in study.runs_of(arm)])
    return mean_interval(values, least=-np.inf if metric in RETURNS else 0.0)


def draw(study: Study, width: float) -> Figure:
    """Draws a row for each arm of which theory predicts the steady-state MSD."""
    rows = [arm for arm in study.present if arm.facts.get("predicted_msd") is not None]
    if not rows:
        reasons = {arm.facts.get("prediction_reason") for arm in study.present}
        (reason,) = reasons if len(reasons) == 1 else (None,)
        raise NoData("theory predicts no arm" + (f": {reason.rstrip('.')}" if reason else ""))
    names = labels(study)
    texts = [wrapped(names[arm.name], 0.4 * width * 72, 7) for arm in rows]
    lines = sum(text.count("\n") + 1 for text in texts)
    figure, axes = plt.subplots(figsize=(width, 0.65 + 0.2 * lines + 0.06 * len(rows)), layout="constrained")
    intervals = [measured(study, arm.name) for arm in rows]
    for place, (arm, interval) in enumerate(zip(rows, intervals)):
        # Far above what is predicted, an error that diverged would set the axis; the note names the arm.
        level = np.nan if study.diverged(arm.name) else decibels(interval.mean)
        if np.isfinite(level) and np.isfinite(interval.lower):
            # Down to zero there is no lower end in decibels; the bar is then as long below as above.
            above = decibels(interval.upper) - level
            below = level - decibels(interval.lower) if interval.lower > 0 else above
            axes.errorbar(
                level, place, xerr=[[below], [above]], color=COLOURS[0], capsize=2.5, linewidth=1.1, zorder=3,
            )
        axes.plot(level, place, "o", color=COLOURS[0], zorder=4, label="measured" if place == 0 else None)
        axes.plot(
            decibels(number(arm.facts["predicted_msd"])), place, "D", color=COLOURS[1], markersize=5.5, zorder=5,
            markerfacecolor="none", markeredgewidth=1.1, label="predicted" if place == 0 else None,
        )
    axes.set_yticks(range(len(rows)), texts)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.margins(x=0.12)
    low, high = axes.get_xlim()
    if high - low < 1:
        # Less than a decibel would make noise look like a difference.
        axes.set_xlim((low + high) / 2 - 0.5, (low + high) / 2 + 0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(False, axis="y")
    axes.set_xlabel("Steady-state MSD (dB)")
    legend(figure, _note(study, [interval.count for interval in intervals]))
    return figure


def _note(study: Study, counts: list[int]) -> str:
    names = labels(study)
    bar = "; bar: 95 % Student t interval of the mean" if max(counts) > 1 else ""
    without = [names[arm.name] for arm in study.present if arm.facts.get("predicted_msd") is None]
    rest = f"; not predicted: {', '.join(without)}" if without else ""
    diverged = diverged_arms(study)
    rest += f"; diverged, not drawn: {diverged}" if diverged else ""
    return f"Final MSD and what theory predicts{bar}; {counted(counts)}{rest}{matched(study)}"


