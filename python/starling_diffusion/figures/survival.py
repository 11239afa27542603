# SPDX-License-Identifier: GPL-3.0-or-later
"""Time to target: the share of runs that have reached it, by the Kaplan-Meier estimate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import PercentFormatter
from scipy import stats

from .curves import axes_of, axis_label, cost, spending
from .results import Study
from .style import NoData, counted, in_first_column, labels, legend, looks, matched, minus, with_count


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
    reached: np.ndarray
    """When runs reached it, as often as they did."""
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
        """An interval of 95 % or more for the median, as the program prints it; nan for fewer than six runs.

        Where no run ended before the last that reached the target: the times of rank k and n + 1 - k, k the largest with
        P(B < k) <= 2.5 % for B heads of n tosses. Else where the bounds of the pointwise interval pass one half. The
        upper end is infinite where censoring leaves it open.

        Source: Thompson, 1936; Brookmeyer and Crowley, "A confidence interval for the median survival time", 1982.
        """
        rank = int(np.searchsorted(stats.binom.cdf(np.arange(self.count), self.count, 0.5), 0.025, side="right"))
        if rank == 0:
            return float("nan"), float("nan")
        if len(self.reached) and len(self.censored) and self.censored[0] < self.reached[-1]:
            low, high = (self.times[bound <= 0.5] for bound in (self.lower, self.upper))
            if not len(low):
                return float("nan"), float("nan")
            return float(low[0]), float(high[0]) if len(high) else float("inf")
        order, last = np.concatenate([self.reached, self.censored]), self.count - rank
        return float(order[rank - 1]), float(order[last]) if last < len(self.reached) else float("inf")


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
        np.concatenate([[np.nan], upper]), np.sort(times[~reached]), np.sort(times[reached]), len(times),
    )


def of_arm(study: Study, arm: str, axis: str = "time") -> KaplanMeier:
    """The estimate for the runs of an arm; those that did not reach their target are censored when they end.

    A run in which nobody could proceed any more would not have reached it later either: it is censored at the virtual
    time that was asked for, and not where it stalled; of costs, at the greatest of the arm.

    Args:
        axis: what is counted until the target is reached; costs are interpolated linearly between measurements.
    """
    runs = study.runs_of(arm)
    entry = next(entry for entry in study.arms if entry.name == arm)
    if axis == "time":
        latest, at = entry.until, [(run.target_time, run.end_time) for run in runs]
    else:
        spent = [cost(run, axis, entry.facts.get("samples_per_update", 1)) for run in runs]
        latest = max((values[-1] for values in spent), default=0.0)
        at = [
            (None if run.target_time is None else float(np.interp(run.target_time, run.grid, values)), values[-1])
            for run, values in zip(runs, spent)
        ]
    ends = [max(end, latest) if run.ending == "stalled" else end for run, (_, end) in zip(runs, at)]
    times = [end if reached is None else reached for end, (reached, _) in zip(ends, at)]
    return kaplan_meier(np.array(times), np.array([run.target_time is not None for run in runs]))


def draw(study: Study, width: float, axes: list[str] | None = None) -> Figure:
    """Draws the share of runs that have reached the target against virtual time, or a panel for each axis asked for."""
    arms = [arm for arm in study.present if arm.target]
    if not arms:
        raise NoData("no arm has a target (`measure.target`)")
    if all(run.target_time is None for arm in arms for run in study.runs_of(arm.name)):
        raise NoData("no run has reached its target")
    # The better a policy, the longer its episodes may last: runs that end without having reached the target have used
    # fewer steps for that very reason, and Kaplan and Meier's censoring must tell nothing of what would have come.
    acts = any("episodes" in run.series for run in study.runs)
    found = [axis for axis in axes_of(study, axes or ["time"]) if not (acts and axis == "samples")]
    if not found:
        reason = "steps depend on how well agents do" if acts and "samples" in (axes or []) else "none were spent"
        raise NoData(f"there are no times to the target in {' or '.join(axes or ['time'])}: {reason}")
    columns = 1 if width < 5 else min(2, len(found))
    rows = -(-len(found) // columns)
    height = (0.6 if rows == 1 else 0.5) * min(width / columns, 4.5) * rows
    figure, grid = plt.subplots(
        rows, columns, figsize=(width, height), layout="constrained", squeeze=False, sharey=True,
    )
    panels = list(grid.flat)
    for panel, axis in zip(panels, found):
        _draw_panel(panel, study, axis)
    for panel in panels[len(found):]:
        panel.remove()
    _legend(figure, panels[0], study)
    return figure


def _draw_panel(axes: Axes, study: Study, axis: str) -> None:
    """Draws the share of runs of all arms that have reached the target against time or a cost."""
    estimates = {arm.name: of_arm(study, arm.name, axis) for arm in spending(study, axis) if arm.target}
    ends = [max([entry.times[-1], *entry.censored]) for entry in estimates.values()]
    anything_censored = any(len(entry.censored) for entry in estimates.values())
    last = max(ends) if anything_censored else 1.05 * max(ends)
    unit, label = axis_label(axis, last, False)
    styles, names = looks(study), labels(study)
    counts = _counts(study)
    for arm, entry in estimates.items():
        _draw_arm(axes, entry, last, unit, styles[arm], with_count(names[arm], entry.count, counts))
    axes.set_xlim(0, last / unit)
    # Marks at the ends of runs sit on the frame: they are not cut.
    axes.set_ylim(-0.02, 1.02)
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=""))
    axes.set_xlabel(label)
    if in_first_column(axes):
        axes.set_ylabel("Runs at the target (%)")


def _counts(study: Study) -> list[int]:
    """How many runs each arm with a target has."""
    return [len(study.runs_of(arm.name)) for arm in study.present if arm.target]


def _draw_arm(axes: Axes, entry: KaplanMeier, last: float, unit: float, style: dict[str, Any], label: str) -> None:
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


def _legend(figure: Figure, axes: Axes, study: Study) -> None:
    handles, names = axes.get_legend_handles_labels()
    counts = _counts(study)
    if any(run.target_time is None for arm in study.present if arm.target for run in study.runs_of(arm.name)):
        handles.append(Line2D([], [], linestyle="none", marker="|", markersize=7, markeredgewidth=1.2, color="0.3"))
        names.append("ended without reaching it")
    targets = {arm.target for arm in study.present}
    target = targets.pop() if len(targets) == 1 else None
    what = "Target of each arm"
    if target:
        metric, threshold = target
        aim = study.metric(metric)
        what = f"Target: {aim.in_line} {'≥' if aim.more_is_better else '≤'} {minus(aim.level(threshold))}"
    band = "; band: pointwise 95 % (Kaplan-Meier, log(-log))" if max(counts) > 1 else ""
    legend(figure, f"{what}{band}; {counted(counts)}{matched(study)}", handles, names)
