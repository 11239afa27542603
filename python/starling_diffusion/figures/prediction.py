# SPDX-License-Identifier: GPL-3.0-or-later
"""Predicted beside measured steady-state errors, and how far the two lie apart."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .records import Arm, number
from .results import Study
from .statistics import Interval, mean_interval
from .style import COLOURS, NoData, counted, decibels, diverged_arms, labels, legend, matched, wrapped


def measured(study: Study, arm: str, metric: str = "msd") -> Interval:
    """The mean final value of an arm with its interval, in linear units."""
    values = np.array([run.finals[metric] for run in study.runs_of(arm)])
    return mean_interval(values, least=study.metric(metric).least)


def predicted(arm: Arm) -> float | None:
    """The MSD of an arm in its steady state that theory predicts, or over the final window where a timeline leaves none."""
    value = arm.facts.get("predicted_msd")
    value = arm.facts.get("predicted_final_msd") if value is None else value
    return None if value is None else number(value)


def draw(study: Study, width: float) -> Figure:
    """Draws a row for each arm of which theory predicts the MSD."""
    rows = [arm for arm in study.present if predicted(arm) is not None]
    if not rows:
        reasons = {arm.facts.get("prediction_reason") for arm in study.present}
        (reason,) = reasons if len(reasons) == 1 else (None,)
        raise NoData("theory predicts no arm" + (f": {reason.rstrip('.')}" if reason else ""))
    names = labels(study)
    texts = [wrapped(names[arm.name], 0.4 * width * 72, 7) for arm in rows]
    lines = sum(text.count("\n") + 1 for text in texts)
    figure, (levels, gaps) = plt.subplots(
        1, 2, figsize=(width, (0.8 if width < 5 else 0.65) + 0.2 * lines + 0.06 * len(rows)), layout="constrained", sharey=True,
        width_ratios=[3, 2],
    )
    intervals = [measured(study, arm.name) for arm in rows]
    for place, (arm, interval) in enumerate(zip(rows, intervals)):
        # Far above what is predicted, an error that diverged would set the axis; the note names the arm.
        level = np.nan if study.diverged(arm.name) else float(decibels(interval.mean))
        expected = float(decibels(predicted(arm) or 0.0))
        _draw_measured(levels, place, level, interval, 0.0, "measured" if place == 0 else None)
        levels.plot(
            expected, place, "D", color=COLOURS[1], markersize=5.5, zorder=5, markerfacecolor="none",
            markeredgewidth=1.1, label="predicted" if place == 0 else None,
        )
        # Of nothing predicted, all that is measured is infinitely far.
        if np.isfinite(expected) and np.isfinite(level):
            _draw_measured(gaps, place, level, interval, expected, None)
    gaps.axvline(0, color=COLOURS[1], linewidth=0.9, zorder=2)
    levels.set_yticks(range(len(rows)), texts)
    levels.set_ylim(len(rows) - 0.4, -0.6)
    levels.margins(x=0.12)
    _widen(levels, *levels.get_xlim())
    # Zero is in the middle, so that the side on which a point lies can be seen.
    farthest = 1.12 * np.abs(gaps.dataLim.intervalx).max() if gaps.lines[:-1] else 0.0
    _widen(gaps, -farthest, farthest)
    # In one column of a journal the titles of the panels would meet.
    joint = "\n" if width < 5 else " "
    settles = all(arm.facts.get("predicted_msd") is not None for arm in rows)
    titles = f"{'Steady-state' if settles else 'Final'}{joint}MSD (dB)", f"Measured −{joint}predicted (dB)"
    for axes, title in zip((levels, gaps), titles):
        axes.tick_params(axis="y", length=0)
        axes.grid(False, axis="y")
        axes.set_xlabel(title)
    legend(figure, _note(study, [interval.count for interval in intervals]), *levels.get_legend_handles_labels())
    return figure


def _draw_measured(axes: Axes, place: int, level: float, interval: Interval, origin: float, label: str | None) -> None:
    """Draws a level in decibels with its interval, from an origin on."""
    if np.isfinite(level) and np.isfinite(interval.lower):
        # Down to zero there is no lower end in decibels; the bar is then as long below as above.
        above = decibels(interval.upper) - level
        below = level - decibels(interval.lower) if interval.lower > 0 else above
        axes.errorbar(
            level - origin, place, xerr=[[below], [above]], color=COLOURS[0], capsize=2.5, linewidth=1.1, zorder=3,
        )
    axes.plot(level - origin, place, "o", color=COLOURS[0], zorder=4, label=label)


def _widen(axes: Axes, low: float, high: float) -> None:
    """Shows a range of at least one decibel: less would make noise look like a difference."""
    middle, half = (low + high) / 2, max(high - low, 1.0) / 2
    axes.set_xlim(middle - half, middle + half)


def _note(study: Study, counts: list[int]) -> str:
    names = labels(study)
    bar = "; bar: 95 % interval of the mean" if max(counts) > 1 else ""
    without = [names[arm.name] for arm in study.present if predicted(arm) is None]
    rest = f"; not predicted: {', '.join(without)}" if without else ""
    diverged = diverged_arms(study)
    rest += f"; diverged, not drawn: {diverged}" if diverged else ""
    return f"Final MSD and what theory predicts{bar}; {counted(counts)}{rest}{matched(study)}"


