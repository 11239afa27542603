# SPDX-License-Identifier: GPL-3.0-or-later
"""Time to target: the share of runs that have reached it, by the Kaplan-Meier estimate."""

from __future__ import annotations

from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from scipy import stats

from .results import Study
from .style import TITLES, NoData, counted, decibels, labels, legend, looks, matched, minus, time_unit, with_count


@dataclass(frozen=True)
class KaplanMeier:
    """The share of runs that have not reached the target, as a step function that holds from each time on."""

    times: np.ndarray
    """0, then each time at which a run reached the target."""
    survival: np.ndarray
    lower: np.ndarray
    """The lower end of the pointwise interval; nan where there is none: before the first run, and after the last."""
    upper: np.ndarray
    censored: np.ndarray
    """When runs ended without having reached it."""
    count: int

    def at(self, time: float) -> float:
        """The share at a time."""
        return float(self.survival[np.searchsorted(self.times, time, side="right") - 1])

    @property
    def median(self) -> float:
        """The first time at which half of the runs have reached the target; infinite if that never happens."""
        reached = np.nonzero(self.survival <= 0.5 + 1e-12)[0]
        return float(self.times[reached[0]]) if len(reached) else float("inf")

    @property
    def median_interval(self) -> tuple[float, float]:
        """Where the bounds of the pointwise interval pass one half; nan where the lower one never does.

        The upper end is infinite where censoring leaves it open.

        Source: Brookmeyer and Crowley, "A confidence interval for the median survival time", 1982.
        """
        low, high = (self.times[bound <= 0.5] for bound in (self.lower, self.upper))
        if not len(low):
            return float("nan"), float("nan")
        return float(low[0]), float(high[0]) if len(high) else float("inf")


def kaplan_meier(times: np.ndarray, reached: np.ndarray, level: float = 0.95) -> KaplanMeier:
    """The Kaplan-Meier estimate with Greenwood's variance and the interval on the scale log(-log S).

    S(t) = Π (1 - d_i / n_i) over the times t_i <= t at which d_i of the n_i runs still under way reach the target;
    θ = z sqrt(Σ d_i / (n_i (n_i - d_i))) / |log S|; the interval is [S^exp(θ), S^exp(-θ)].

    Source: Kaplan and Meier, 1958; Kalbfleisch and Prentice, "The statistical analysis of failure time data", 1980.

    Args:
        times: when each run reached the target or ended. A run that ends at a time is under way until just after it.
        reached: whether it did.
    """
    times, reached = np.asarray(times, dtype=float), np.asarray(reached, dtype=bool)
    events = np.unique(times[reached])
    at_risk = np.array([(times >= time).sum() for time in events], dtype=float)
    deaths = np.array([(times[reached] == time).sum() for time in events], dtype=float)
    survival = np.cumprod(1 - deaths / at_risk) if len(events) else np.array([])
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(deaths / (at_risk * (at_risk - deaths)))
        theta = stats.norm.ppf((1 + level) / 2) * np.sqrt(variance) / np.abs(np.log(survival))
        defined = (survival > 0) & (survival < 1)
        lower = np.where(defined, survival ** np.exp(theta), np.nan)
        upper = np.where(defined, survival ** np.exp(-theta), np.nan)
    return KaplanMeier(
        np.concatenate([[0.0], events]), np.concatenate([[1.0], survival]), np.concatenate([[np.nan], lower]),
        np.concatenate([[np.nan], upper]), np.sort(times[~reached]), len(times),
    )


def of_arm(study: Study, arm: str) -> KaplanMeier:
    """The estimate for the runs of an arm; those that did not reach their target are censored when they end.

    A run in which nobody could proceed any more would not have reached it later either: it is censored at the virtual
    time that was asked for, and not where it stalled.
    """
    runs = study.runs_of(arm)
    until = next(entry.until for entry in study.arms if entry.name == arm)
    ends = [max(run.end_time, until) if run.ending == "stalled" else run.end_time for run in runs]
    times = [end if run.target_time is None else run.target_time for run, end in zip(runs, ends)]
    return kaplan_meier(np.array(times), np.array([run.target_time is not None for run in runs]))


def draw(study: Study, width: float) -> Figure:
    """Draws the share of runs that have reached the target against virtual time."""
    arms = [arm for arm in study.present if arm.target]
    if not arms:
        raise NoData("no arm has a target (`measure.target`)")
    estimates = {arm.name: of_arm(study, arm.name) for arm in arms}
    if all(len(entry.times) == 1 for entry in estimates.values()):
        raise NoData("no run has reached its target")
    ends = [max([entry.times[-1], *entry.censored]) for entry in estimates.values()]
    anything_censored = any(len(entry.censored) for entry in estimates.values())
    last = max(ends) if anything_censored else 1.05 * max(ends)
    unit, name = time_unit(last)
    figure, axes = plt.subplots(figsize=(width, 0.6 * min(width, 4.5)), layout="constrained")
    styles, names = looks(study), labels(study)
    counts = [entry.count for entry in estimates.values()]
    for arm, entry in estimates.items():
        _draw_arm(axes, entry, last, unit, styles[arm], with_count(names[arm], entry.count, counts))
    axes.set_xlim(0, last / unit)
    # Marks at the ends of runs sit on the frame: they are not cut.
    axes.set_ylim(-0.02, 1.02)
    axes.yaxis.set_major_formatter(plt.matplotlib.ticker.PercentFormatter(1, decimals=0, symbol=""))
    axes.set_xlabel(f"Virtual time ({name})")
    axes.set_ylabel("Runs at the target (%)")
    _legend(figure, axes, study, counts, anything_censored)
    return figure


def _draw_arm(axes: Axes, entry: KaplanMeier, last: float, unit: float, style: dict, label: str) -> None:
    times = np.append(entry.times, last) / unit
    share = 1 - np.append(entry.survival, entry.survival[-1])
    line = {"color": style["color"], "linestyle": style["linestyle"]}
    axes.step(times, share, where="post", label=label, zorder=4, **line)
    # Each step has its band up to the next, also where that one has none.
    corners = np.repeat(times, 2)[1:-1]
    axes.fill_between(
        corners, 1 - np.repeat(entry.upper, 2), 1 - np.repeat(entry.lower, 2), color=style["color"], alpha=0.18,
        linewidth=0, zorder=2,
    )
    if len(entry.censored):
        axes.plot(
            entry.censored / unit, [1 - entry.at(time) for time in entry.censored], linestyle="none", marker="|",
            markersize=7, markeredgewidth=1.2, color=style["color"], zorder=5, clip_on=False,
        )


def _legend(figure: Figure, axes: Axes, study: Study, counts: list[int], censored: bool) -> None:
    handles, names = axes.get_legend_handles_labels()
    if censored:
        handles.append(Line2D([], [], linestyle="none", marker="|", markersize=7, markeredgewidth=1.2, color="0.3"))
        names.append("ended without reaching it")
    target = {arm.target for arm in study.present}
    metric, threshold = target.pop() if len(target) == 1 else (None, None)
    what = "Target of each arm"
    if metric:
        level = minus(f"{decibels(threshold):.3g} dB") if metric in TITLES else f"{threshold:.3g}"
        what = f"Target: {TITLES.get(metric, metric)} ≤ {level}"
    band = "; band: pointwise 95 % (Kaplan-Meier, log(-log))" if max(counts) > 1 else ""
    legend(figure, f"{what}{band}; {counted(counts)}{matched(study)}", handles, names)
