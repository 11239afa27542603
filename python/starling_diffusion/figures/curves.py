# SPDX-License-Identifier: GPL-3.0-or-later
"""Learning curves: a metric against virtual time and against what it cost."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .metrics import Metric, natural, what_is_there
from .records import Arm, Run
from .results import Study
from .statistics import Spread, spread
from .style import (
    NoData,
    byte_count,
    counted,
    counts_of,
    diverged_arms,
    in_first_column,
    labels,
    legend,
    logarithmic,
    looks,
    matched,
    minus,
    row_height,
    scaled,
    time_unit,
    with_count,
    wrapped,
)
from .timeline import draw as draw_timeline
from .yardsticks import Yardstick, mark

AXES = ["time", "updates", "episodes", "samples", "messages", "bytes"]
"""What a curve can be drawn against. Samples are left out where they equal updates."""
POINTS = 400
"""At how many values of a derived axis curves are interpolated."""
MOST_POINTS = 1000
"""Of longer grids every second, third … measurement is drawn: more cannot be told apart in print."""


def cost(run: Run, axis: str, samples_per_update: float = 1) -> np.ndarray:
    """What a run had spent when measured: seconds, updates, episodes or samples per agent, messages, bytes.

    What was spent never falls. Files of versions up to 0.3 have means over live agents, which fall when a diligent
    agent crashes; of those the greatest value so far counts.
    """
    if axis == "time":
        return run.grid
    if axis == "samples" and "samples" in run.series:
        # Of agents that act, the steps of all of them are counted.
        values = run.series["samples"] / max(len(run.accounts), 1)
    else:
        values = run.series["updates"] * samples_per_update if axis == "samples" else run.series[axis]
    return np.maximum.accumulate(values)


def curve(
    runs: list[Run], metric: str, axis: str, samples_per_update: float = 1, wide: bool = False
) -> Spread:
    """A metric over the replications of an arm, where all of them have data.

    Against time the values are those measured, at the times that all runs reached. Against a derived axis each run is
    interpolated linearly, in linear units, at common values from the greatest first to the least last one; where a
    run spent nothing between two measurements, the earlier counts. The common values are evenly spaced on the axis,
    which for a logarithmic one begins at the first that is not zero.

    Of a median over agents the band is the quartiles over agents: like the line, medians over replications.
    """
    quartiles = runs[0].metric(metric).quartiles
    if not all(name in run.series for name in quartiles for run in runs):
        quartiles = ()
    x, tables = _tabulated(runs, [metric, *quartiles], axis, samples_per_update, wide)
    entry = spread(x, tables[0])
    if not quartiles:
        return entry
    lower, upper = (spread(x, table).median for table in tables[1:])
    return replace(entry, lower=lower, upper=upper, is_over_agents=True)


def _tabulated(
    runs: list[Run], metrics: list[str], axis: str, samples_per_update: float, wide: bool
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Common values of an axis, and for each metric a table of its values there: a row for each run."""
    if axis == "time":
        shortest = min((run.grid for run in runs), key=len)
        length = len(shortest)
        if not all(np.array_equal(run.grid[:length], shortest) for run in runs):
            raise NoData("the runs of an arm were measured at different times")
        shown = slice(None, None, -(-length // MOST_POINTS))
        tables = [np.array([_values(run, metric)[:length][shown] for run in runs]) for metric in metrics]
        return shortest[shown], tables
    spent = [cost(run, axis, samples_per_update) for run in runs]
    start, end = max(x[0] for x in spent), min(x[-1] for x in spent)
    if not end > start:
        raise NoData(f"no {axis} were spent")
    if wide:
        # From the first thing spent on, by all runs.
        start = max(start, max(x[np.argmax(x > 0)] for x in spent))
        common = np.geomspace(start, end, POINTS) if end > start else np.array([end])
    else:
        common = np.linspace(start, end, POINTS)
    first = [np.concatenate([[True], np.diff(x) > 0]) for x in spent]
    tables = [
        np.array([np.interp(common, x[new], _values(run, metric)[new]) for run, x, new in zip(runs, spent, first)])
        for metric in metrics
    ]
    return common, tables


def _values(run: Run, name: str) -> np.ndarray:
    """A metric of a run; where lines are medians, a value that is not finite is the worst, as in the program's tables."""
    metric, values = run.metric(name), run.series[name]
    return np.where(np.isfinite(values), values, metric.worst) if _is_median(metric) else values


def _is_median(metric: Metric) -> bool:
    """Whether lines are medians of values that say how good a run is."""
    return metric.is_judged and not metric.is_power


def axes_of(study: Study, asked: list[str]) -> list[str]:
    """The axes asked for that some arm has data for."""
    found = []
    for axis in asked:
        acts = any("samples" in run.series for run in study.runs)
        if axis == "samples" and not acts and all(
            arm.facts.get("samples_per_update", 1) in (0, 1) for arm in study.present
        ):
            continue
        if spending(study, axis):
            found.append(axis)
    return found


def spending(study: Study, axis: str) -> list[Arm]:
    """The arms all of whose runs spent something: agents that do not cooperate send no messages."""

    def has_spent(run: Run) -> bool:
        values = run.series.get("updates" if axis == "samples" else axis)
        return values is not None and len(values) > 0 and values.max() > 0

    return [arm for arm in study.present if axis == "time" or all(map(has_spent, study.runs_of(arm.name)))]


def usual_axes(study: Study) -> list[str]:
    """What curves are drawn against unless asked otherwise.

    Where agents act, episodes and not samples are what papers count; updates are left out where all agents learn from
    the same number of episodes in each.
    """
    if any("episodes" not in run.series for run in study.runs):
        return AXES
    ratios = set()
    for run in study.runs:
        updates, episodes = cost(run, "updates"), cost(run, "episodes")
        ratios |= set(np.round(episodes[updates > 0] / updates[updates > 0], 9).tolist())
    return [axis for axis in AXES if axis != "samples" and (axis != "updates" or len(ratios) > 1)]


def draw(
    study: Study, width: float, metric: str | None = None, axes: list[str] | None = None,
    yardsticks: list[Yardstick] | None = None,
) -> Figure:
    """Draws the curves, a panel for each axis: of what the study is about, unless a metric is given."""
    metric = metric or natural(study)
    if any(metric not in run.series for run in study.runs):
        raise NoData(f"there is no metric '{metric}' in every run; {what_is_there(study)}")
    found = axes_of(study, axes or usual_axes(study))
    if not found:
        raise NoData("there is nothing to draw the metric against")
    columns = 1 if width < 5 else min(2, len(found))
    rows = math.ceil(len(found) / columns)
    height = (0.6 if rows == 1 else 0.5) * min(width / columns, 4.5) * rows
    figure, grid = plt.subplots(
        rows, columns, figsize=(width, height), layout="constrained", squeeze=False, sharey=True,
    )
    panels = list(grid.flat)
    # One kind of axis for all costs, so that panels can be compared.
    wide = any(is_wide(study, axis) for axis in found)
    for panel, axis in zip(panels, found):
        _draw_panel(panel, study, metric, axis, wide and axis != "time")
        mark(panel, yardsticks or [])
    for panel in panels[len(found):]:
        panel.remove()
    _limit(panels[0], study, metric, yardsticks or [])
    legend(figure, _note(study, metric, found))
    return figure


def _limit(axes: Axes, study: Study, name: str, yardsticks: list[Yardstick]) -> None:
    """Leaves out of the axis what arms with runs that diverged need beyond the others; the note names them."""
    metric = study.metric(name)
    if _is_median(metric) or not (
        diverged_arms(study) and any(study.diverged(arm.name) == 0 for arm in study.present)
    ):
        return
    settled = {arm.name for arm in study.present if study.diverged(arm.name) == 0}
    needed: list[np.ndarray | float | None] = [study.target(name)]
    for arm in settled:
        entry = curve(study.runs_of(arm), name, "time")
        needed += [entry.mean if metric.is_power else entry.median, entry.lower, entry.upper]
    values = np.concatenate([np.atleast_1d(entry) for entry in needed if entry is not None])
    values = metric.shown(values)
    values = np.append(values[np.isfinite(values)], [entry.value for entry in yardsticks])
    if len(values):
        margin = 0.05 * (np.ptp(values) or 1.0)
        axes.set_ylim(values.min() - margin, values.max() + margin)


def is_wide(study: Study, axis: str) -> bool:
    """Whether arms spent so differently that a linear axis would crowd some of them at its left end."""
    if axis == "time":
        return False
    ends = [
        cost(run, axis, arm.facts.get("samples_per_update", 1))[-1]
        for arm in spending(study, axis) for run in study.runs_of(arm.name)
    ]
    return bool(max(ends) > 4 * min(ends))


def _draw_panel(axes: Axes, study: Study, name: str, axis: str, wide: bool) -> None:
    """Draws the curves of all arms against one axis."""
    metric, styles, names = study.metric(name), looks(study), labels(study)
    curves = {
        arm.name: curve(study.runs_of(arm.name), name, axis, arm.facts.get("samples_per_update", 1), wide)
        for arm in spending(study, axis)
    }
    counts = _counts(study)
    largest = max(entry.x[-1] for entry in curves.values())
    unit, label = axis_label(axis, largest, wide)
    for index, (arm, entry) in enumerate(curves.items()):
        _draw_curve(
            axes, entry, metric, unit, styles[arm], with_count(names[arm], entry.count, counts),
            (index + 0.5) / len(curves),
        )
    if axis == "time":
        draw_timeline(axes, study, spending(study, axis), unit)
        for forecast in predicted(study, name):
            points = forecast.facts["predicted_curve"]
            axes.plot(
                np.array(points["times"]) / unit, metric.shown(np.array(points["deviations"])), linestyle=(0, (4, 2)),
                color="0.15", linewidth=0.8, zorder=5,
            )
    target = study.target(name)
    if target is not None:
        axes.axhline(float(metric.shown(target)), color="0.45", linewidth=0.7, zorder=1)
    axes.set_xlabel(label)
    if in_first_column(axes):
        # About so much of a row is not its axis.
        axes.set_ylabel(wrapped(metric.axis, 0.7 * row_height(axes), 8))
    axes.set_xlim(min(entry.x[0] for entry in curves.values()) / unit if wide else 0, largest / unit)
    if wide:
        logarithmic(axes.xaxis, byte_count if axis == "bytes" else counts_of)


def predicted(study: Study, metric: str) -> list[Arm]:
    """The arms whose curve of a metric against time theory predicts."""
    return [arm for arm in study.present if metric == "msd" and arm.facts.get("predicted_curve") is not None]


def _draw_curve(
    axes: Axes, entry: Spread, metric: Metric, unit: float, style: dict[str, Any], label: str, place: float
) -> None:
    line = metric.shown(entry.mean if metric.is_power else entry.median)
    # A squared error of zero has no decibels: the line has a gap there, and the band ends.
    line = np.where(np.isfinite(line), line, np.nan)
    x = entry.x / unit
    step = max(1, len(x) // 5)
    axes.plot(
        x, line, label=label, zorder=4, markevery=(min(int(place * step), len(x) - 1), step), markeredgecolor="white",
        markeredgewidth=0.4, **style,
    )
    if entry.count > 1 or entry.is_over_agents:
        lower, upper = metric.shown(entry.lower), metric.shown(entry.upper)
        whole = np.isfinite(lower) & np.isfinite(upper)
        axes.fill_between(x, lower, upper, where=whole, color=style["color"], alpha=0.2, linewidth=0, zorder=2)


def axis_label(axis: str, largest: float, wide: bool) -> tuple[float, str]:
    """The unit of an axis and its label; on a logarithmic one every tick has its own unit."""
    if axis == "time":
        unit, name = time_unit(largest)
        return unit, f"Virtual time ({name})"
    unit, prefix = (1.0, "") if wide else scaled(largest)
    if axis == "bytes":
        return unit, "Data sent by all agents" + ("" if wide else f" ({prefix}B)")
    words = {
        "updates": "Updates per agent", "episodes": "Episodes per agent", "samples": "Samples per agent",
        "messages": "Messages of all agents",
    }
    return unit, words[axis] + ("" if unit == 1 else {1e3: " (thousands)", 1e6: " (millions)", 1e9: " (10⁹)"}[unit])


def _counts(study: Study) -> list[int]:
    """How many runs each arm has."""
    return [len(study.runs_of(arm.name)) for arm in study.present]


def _note(study: Study, name: str, axes: list[str]) -> str:
    """What lines and bands are, and of how many runs."""
    metric, target = study.metric(name), study.target(name)
    level = "" if target is None else metric.level(target)
    rest = minus(f"; grey line: target {level}") if level else ""
    counts = _counts(study)
    rest += "; dashed: what theory predicts" if "time" in axes and predicted(study, name) else ""
    rest += f"; {counted(counts)}" if max(counts) > 1 else ""
    names = labels(study)
    silent: dict[tuple[str, ...], list[str]] = {}
    for axis in axes:
        arms = tuple(names[arm.name] for arm in study.present if arm not in spending(study, axis))
        silent.setdefault(arms, []).append(axis)
    rest += "".join(f"; without {' and '.join(found)}: {', '.join(arms)}" for arms, found in silent.items() if arms)
    rest += matched(study)
    diverged = diverged_arms(study)
    if diverged:
        leave = " and leave the axis" if any(study.diverged(arm.name) == 0 for arm in study.present) else ""
        leave = ", the worst of any median" if _is_median(metric) else leave
        rest += f"; diverged{leave}: {diverged}"
    if all(quartile in run.series for quartile in metric.quartiles or ["none"] for run in study.runs):
        over = "; both: median over replications" if max(counts) > 1 else "; one replication"
        apart = any(len({entry.task for entry in run.accounts}) > 1 for run in study.runs)
        agents = "agents, each in its own task" if apart else "agents"
        return f"Line: median over {agents}; band: their quartiles (25 to 75 %){over}{rest}"
    if max(counts) == 1:
        return f"One replication{rest}"
    line = "mean over replications, in linear units" if metric.is_power else "median over replications"
    return f"Line: {line}; band: quartiles (25 to 75 %){rest}"
