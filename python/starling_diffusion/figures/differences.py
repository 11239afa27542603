# SPDX-License-Identifier: GPL-3.0-or-later
"""What branches of a fork have changed: their paired differences from the runs as they were, against virtual time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import blended_transform_factory

from ..errors import ResultsError
from .curves import MOST_POINTS
from .metrics import Metric, natural, what_is_there
from .opening import NOT_RESULTS
from .records import Arm, Run
from .results import Study
from .statistics import mean_interval
from .style import (
    MOST_NAMED,
    NoData,
    counted,
    diverged_arms,
    duration,
    labels,
    legend,
    looks,
    time_unit,
    with_count,
    wrapped,
)
from .timeline import Happening, draw_happenings, happenings

BEFORE = 0.08
"""How much of the time before the fork is drawn, as a share of the time after it."""


@dataclass(frozen=True)
class Branches:
    """An arm as it was, and what branches from it."""

    as_it_was: Arm
    branches: list[Arm]

    @property
    def start(self) -> float:
        """From when on they differ, in virtual seconds."""
        return self.as_it_was.origin.start

    def short(self, arm: Arm) -> str:
        """What a branch is called beside others of the same arm."""
        return arm.name.removeprefix(f"{self.as_it_was.origin.arm}, ")


@dataclass(frozen=True)
class Difference:
    """The mean of paired differences over time, as figures show it, with the ends of its 95 % interval."""

    times: np.ndarray
    mean: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    """The ends are nan for one pair."""
    count: int


def forks(study: Study) -> list[Branches]:
    """The arms of a fork that have runs, by the arm that they branch from.

    Raises:
        NoData: for a study that is no fork, or of which the arms that belong together are not all there.
    """
    groups: dict[tuple[str, str], list[Arm]] = {}
    for arm in study.present:
        if arm.fork is not None:
            groups.setdefault((arm.fork.hash, arm.fork.arm), []).append(arm)
    if not groups:
        raise NoData("no arm branches from another study; `starling fork` makes such")
    found = []
    for arms in groups.values():
        olds = [arm for arm in arms if not arm.origin.is_branch]
        branches = [arm for arm in arms if arm.origin.is_branch]
        if branches and not olds:
            raise NoData(f"the arm that '{branches[0].name}' is compared with, as it was, has no runs or was not chosen")
        found += [Branches(olds[0], branches)] if branches else []
    if not found:
        raise NoData("no branch has runs or was chosen")
    return found


def pairs(study: Study, group: Branches, branch: Arm) -> list[tuple[Run, Run]]:
    """The runs of a branch and as they were, by replication; up to the fork they are the same.

    Raises:
        ResultsError: where they are not.
    """
    olds = {run.replication: run for run in study.runs_of(group.as_it_was.name)}
    found = [(run, olds[run.replication]) for run in study.runs_of(branch.name) if run.replication in olds]
    for new, old in found:
        _check_past(new, old, group.start)
    return found


def _check_past(new: Run, old: Run, start: float) -> None:
    """Refuses runs that differ in any bit of what was measured before a time."""
    before = [int(np.searchsorted(run.grid, start)) for run in (new, old)]
    names = [None, *(name for name in new.series if name in old.series)]
    for name in names:
        pasts = [
            (run.grid if name is None else run.series[name])[:length].tobytes() for run, length in zip((new, old), before)
        ]
        if pasts[0] != pasts[1]:
            what = "times of measurement" if name is None else f"'{name}'"
            when = duration(start).replace("\N{NO-BREAK SPACE}", " ")
            raise ResultsError(
                f"the branch '{new.arm}' differs from '{old.arm}' in {what} of replication {new.replication} before "
                f"{when}, where it branches: the results file is damaged, or mixes two forks",
                NOT_RESULTS,
            )


def difference(found: list[tuple[Run, Run]], name: str) -> Difference:
    """The paired difference of a metric, at the times that all runs reached.

    Of a power it is 10 log10 of the ratio, in decibels, else the difference of what is shown. Equal values differ by
    nothing, also where both are zero. Where in some pair there is none, as nobody was up or a run diverged, it is nan.
    """
    metric = found[0][0].metric(name)
    runs = [run for pair in found for run in pair]
    shortest = min((run.grid for run in runs), key=len)
    length = len(shortest)
    if not all(np.array_equal(run.grid[:length], shortest) for run in runs):
        raise NoData("runs of a branch and as they were are measured at different times")
    shown = slice(None, None, -(-length // MOST_POINTS))
    table = np.array([_between(metric, *(run.series[name][:length][shown] for run in pair)) for pair in found])
    intervals = [mean_interval(column, least=-np.inf) for column in table.T]
    mean, lower, upper = (
        np.array([getattr(entry, end) for entry in intervals]) for end in ("mean", "lower", "upper")
    )
    return Difference(shortest[shown], mean, lower, upper, len(found))


def _between(metric: Metric, new: np.ndarray, old: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", over="ignore"):
        found = metric.shown(new) - metric.shown(old)
    # Two powers of zero have no ratio, but are the same.
    found = np.where((new == old) & np.isfinite(new), 0.0, found)
    return np.where(np.isfinite(found), found, np.nan)


def draw(study: Study, width: float, metric: str | None = None) -> Figure:
    """Draws the differences of all branches, a panel for each arm that they branch from."""
    groups = forks(study)
    metric = metric or natural(study)
    if any(metric not in run.series for run in study.runs):
        raise NoData(f"there is no metric '{metric}' in every run; {what_is_there(study)}")
    found = {
        branch.name: pairs(study, group, branch) for group in groups for branch in group.branches
    }
    if not any(found.values()):
        raise NoData("no replication of a branch is there as it was, too")
    curves = {name: difference(entry, metric) for name, entry in found.items() if entry}
    columns = 1 if width < 5 else min(2, len(groups))
    rows = math.ceil(len(groups) / columns)
    height = (0.62 if rows == 1 else 0.5) * min(width / columns, 4.5) * rows
    figure, grid = plt.subplots(
        rows, columns, figsize=(width, height), layout="constrained", squeeze=False, sharey=True
    )
    panels = list(grid.flat)
    for panel, group in zip(panels, groups):
        _draw_panel(panel, study, group, curves, _styles(study, groups))
        if len(groups) > 1:
            panel.set_title(wrapped(_title(study, group), 60 * width / columns, 7), fontsize=7)
    for panel in panels[len(groups):]:
        panel.remove()
    if rows == 1:
        panels[0].set_ylabel(_axis(study.metric(metric)))
    else:
        # Panels may be lower than the label is long.
        figure.supylabel(_axis(study.metric(metric)), fontsize=8)
    _limit(panels[0], study, curves)
    legend(figure, _note(study, groups, curves, found, metric))
    return figure


def _title(study: Study, group: Branches) -> str:
    """What the arm is called that branches leave."""
    suffix = f", {group.short(group.as_it_was)}"
    name = labels(study)[group.as_it_was.name]
    return name.removesuffix(suffix) if name != group.short(group.as_it_was) else group.as_it_was.origin.arm


def _styles(study: Study, groups: list[Branches]) -> dict[str, dict[str, Any]]:
    """The look of each branch by what it is called beside others: branches of the same name look the same."""
    styles = looks(study)
    found: dict[str, dict[str, Any]] = {}
    for group in groups:
        for branch in group.branches:
            found.setdefault(group.short(branch), styles[branch.name])
    return found


def _draw_panel(
    axes: Axes, study: Study, group: Branches, curves: dict[str, Difference], styles: dict[str, dict[str, Any]]
) -> None:
    """Draws the branches of one arm."""
    names = labels(study)
    counts = [curve.count for curve in curves.values()]
    here = [branch for branch in group.branches if branch.name in curves]
    called = {
        branch.name: group.short(branch) if group.short(branch) != branch.name else names[branch.name] for branch in here
    }
    last = max((curves[branch.name].times[-1] for branch in here), default=group.start)
    unit, word = time_unit(last)
    axes.axhline(0, color="0.45", linewidth=0.7, zorder=1.5, gid="zero")
    for index, branch in enumerate(here):
        curve, style = curves[branch.name], styles[group.short(branch)]
        seen = curve.times >= _first(group.start, curve.times)
        x, line, lower, upper = (values[seen] for values in (curve.times / unit, curve.mean, curve.lower, curve.upper))
        step = max(1, len(x) // 5)
        axes.plot(
            x, line, label=with_count(called[branch.name], curve.count, counts), zorder=4, markeredgecolor="white",
            markeredgewidth=0.4, markevery=(min(int((index + 0.5) / len(here) * step), len(x) - 1), step), **style,
        )
        whole = np.isfinite(lower) & np.isfinite(upper)
        axes.fill_between(x, lower, upper, where=whole, color=style["color"], alpha=0.2, linewidth=0, zorder=2)
    more = {called[branch.name]: _more(group, branch) for branch in here}
    draw_happenings(axes, more, unit)
    _mark_last_changes(axes, group, here, styles, unit)
    axes.set_xlabel(f"Virtual time ({word})")
    first = min((_first(group.start, curves[branch.name].times) for branch in here), default=group.start)
    axes.set_xlim(first / unit, max(last, group.start) / unit)


def _first(start: float, times: np.ndarray) -> float:
    """From when on curves are drawn: a little before the fork, and two measurements at least."""
    before = times[times < start]
    wanted = start - BEFORE * max(times[-1] - start, 0)
    return float(min(wanted, before[-2:][0])) if len(before) else float(times[0])


def _more(group: Branches, branch: Arm) -> list[Happening]:
    """What happens to a branch and not to the arm as it was."""
    left, more = list(happenings(group.as_it_was)), []
    for entry in happenings(branch):
        if entry in left:
            left.remove(entry)
        elif entry.start >= group.start:
            more.append(entry)
    return more


def _mark_last_changes(
    axes: Axes, group: Branches, branches: list[Arm], styles: dict[str, dict[str, Any]], unit: float
) -> None:
    """Puts a triangle above the time at which nothing is left of what a branch has more."""
    colours: dict[float, list[str]] = {}
    for branch in branches:
        if branch.origin.last_change is not None:
            colours.setdefault(branch.origin.last_change, []).append(styles[group.short(branch)]["color"])
    place = blended_transform_factory(axes.transData, axes.transAxes)
    for time, found in colours.items():
        # Where it is the same for several branches, it is in the colour of none.
        colour = found[0] if len(set(found)) == 1 else "0.3"
        axes.plot(
            [time / unit], [1.0], transform=place, marker="v", markersize=5, color=colour, markeredgecolor="white",
            markeredgewidth=0.4, linestyle="none", clip_on=False, zorder=6, gid="last-change",
        )


def _axis(metric: Metric) -> str:
    """The label of the axis: a difference of shares is in points of per cent."""
    unit = " (percentage points)" if metric.scale == "share" else metric.unit
    return f"Difference in {metric.in_line}{unit}"


def _limit(axes: Axes, study: Study, curves: dict[str, Difference]) -> None:
    """Leaves out of the axis what branches with runs that diverged need beyond the others; the note names them."""
    settled = [curve for name, curve in curves.items() if study.diverged(name) == 0]
    if len(settled) in (0, len(curves)):
        return
    values = np.concatenate([np.concatenate([curve.mean, curve.lower, curve.upper]) for curve in settled])
    values = np.append(values[np.isfinite(values)], 0.0)
    margin = 0.05 * (np.ptp(values) or 1.0)
    axes.set_ylim(values.min() - margin, values.max() + margin)


def _note(
    study: Study, groups: list[Branches], curves: dict[str, Difference], found: dict[str, list[tuple[Run, Run]]],
    name: str,
) -> str:
    """What lines, bands and marks are, and of how many pairs."""
    metric = study.metric(name)
    counts = [curve.count for curve in curves.values()]
    starts = list(dict.fromkeys(duration(group.start) for group in groups))
    than, unit = ("over", ", in decibels") if metric.is_power else ("minus", "")
    what = f"{metric.in_line} of a branch {than} that of the same run as it was{unit}"
    line = f"Line: mean over pairs of {what}" if max(counts) > 1 else f"{what[:1].upper()}{what[1:]}, one pair"
    band = "; band: 95 % interval of the mean" if max(counts) > 1 else ""
    rest = f"; fork at {' and '.join(starts[:MOST_NAMED])}, the same before"
    better = {"more": "; above zero is better", "less": "; below zero is better"}.get(metric.sense, "")
    marked = any(branch.origin.last_change is not None for group in groups for branch in group.branches)
    rest += better + ("; triangle: the last change has come and is undone" if marked else "")
    rest += f"; {counted(counts)}" if max(counts) > 1 else ""
    missing = [arm for arm, entry in found.items() if not entry]
    rest += f"; without pairs: {', '.join(missing[:MOST_NAMED])}" if missing else ""
    diverged = diverged_arms(study)
    rest += f"; diverged and leave the axis: {diverged}" if diverged else ""
    return f"{line}{band}{rest}"
