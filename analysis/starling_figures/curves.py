# SPDX-License-Identifier: GPL-3.0-or-later
"""Learning curves: a metric against virtual time and against what it cost."""

from __future__ import annotations

import math

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .results import Run, Study
from .statistics import Spread, spread
from .style import (
    TITLES, NoData, byte_count, counted, counts_of, decibels, diverged_arms, labels, legend, logarithmic, looks,
    matched, minus, scaled, time_unit, with_count,
)

AXES = ["time", "updates", "samples", "messages", "bytes"]
"""What a curve can be drawn against. Samples are left out where they equal updates."""
POINTS = 400
"""At how many values of a derived axis curves are interpolated."""
MOST_POINTS = 1000
"""Of longer grids every second, third … measurement is drawn: more cannot be told apart in print."""


def cost(run: Run, axis: str, samples_per_update: float = 1) -> np.ndarray:
    """What a run had spent at each of its measurements: seconds, updates or samples per agent, messages, bytes.

    The mean of updates over live agents falls when a diligent agent crashes; what was spent never falls, so the
    greatest value so far counts.
    """
    if axis == "time":
        return run.grid
    values = run.series["updates" if axis == "samples" else axis]
    return np.maximum.accumulate(values * (samples_per_update if axis == "samples" else 1))


def curve(
    runs: list[Run], metric: str, axis: str, samples_per_update: float = 1, wide: bool = False
) -> Spread:
    """A metric over the replications of an arm, where all of them have data.

    Against time the values are those measured, at the times that all runs reached. Against a derived axis each run is
    interpolated linearly, in linear units, at common values from the greatest first to the least last one; where a
    run spent nothing between two measurements, the earlier counts. The common values are evenly spaced on the axis,
    which for a logarithmic one begins at the first that is not zero.
    """
    if axis == "time":
        shortest = min((run.grid for run in runs), key=len)
        length = len(shortest)
        if not all(np.array_equal(run.grid[:length], shortest) for run in runs):
            raise NoData("the runs of an arm were measured at different times")
        shown = slice(None, None, -(-length // MOST_POINTS))
        return spread(shortest[shown], np.array([run.series[metric][:length][shown] for run in runs]))
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
    rows = []
    for run, x in zip(runs, spent):
        first = np.concatenate([[True], np.diff(x) > 0])
        rows.append(np.interp(common, x[first], run.series[metric][first]))
    return spread(common, np.array(rows))


def axes_of(study: Study, asked: list[str]) -> list[str]:
    """The axes asked for that the study has data for."""
    found = []
    for axis in asked:
        if axis == "samples" and all(arm.facts.get("samples_per_update", 1) in (0, 1) for arm in study.present):
            continue
        needed = "updates" if axis == "samples" else axis
        values = [run.series.get(needed) for run in study.runs]
        if axis == "time" or all(entry is not None and len(entry) and entry.max() > 0 for entry in values):
            found.append(axis)
    return found


def draw(study: Study, width: float, metric: str = "msd", axes: list[str] | None = None) -> Figure:
    """Draws the curves, a panel for each axis."""
    if any(metric not in run.series for run in study.runs):
        raise NoData(f"there is no metric '{metric}' in every run")
    found = axes_of(study, axes or AXES)
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
    counts: dict[str, int] = {}
    for panel, axis in zip(panels, found):
        counts = _draw_panel(panel, study, metric, axis, wide and axis != "time")
    for panel in panels[len(found):]:
        panel.remove()
    _limit(panels[0], study, metric)
    legend(figure, _note(study, metric, list(counts.values())))
    return figure


def _limit(axes: Axes, study: Study, metric: str) -> None:
    """Leaves out of the axis what arms with runs that diverged need beyond the others; the note names them."""
    if not (diverged_arms(study) and any(study.diverged(arm.name) == 0 for arm in study.present)):
        return
    settled = {arm.name for arm in study.present if study.diverged(arm.name) == 0}
    power = metric in TITLES
    needed = [study.target(metric)]
    for arm in settled:
        entry = curve(study.runs_of(arm), metric, "time")
        needed += [entry.mean if power else entry.median, entry.lower, entry.upper]
    values = np.concatenate([np.atleast_1d(entry) for entry in needed if entry is not None])
    values = decibels(values) if power else values
    values = values[np.isfinite(values)]
    if len(values):
        margin = 0.05 * (np.ptp(values) or 1.0)
        axes.set_ylim(values.min() - margin, values.max() + margin)


def is_wide(study: Study, axis: str) -> bool:
    """Whether arms spent so differently that a linear axis would crowd some of them at its left end."""
    if axis == "time":
        return False
    ends = [
        cost(run, axis, arm.facts.get("samples_per_update", 1))[-1]
        for arm in study.present for run in study.runs_of(arm.name)
    ]
    return max(ends) > 4 * min(ends)


def _draw_panel(axes: Axes, study: Study, metric: str, axis: str, wide: bool) -> dict[str, int]:
    """Draws the curves of all arms against one axis; returns how many runs each is of."""
    styles, names = looks(study), labels(study)
    curves = {
        arm.name: curve(study.runs_of(arm.name), metric, axis, arm.facts.get("samples_per_update", 1), wide)
        for arm in study.present
    }
    counts = [entry.count for entry in curves.values()]
    largest = max(entry.x[-1] for entry in curves.values())
    unit, label = axis_label(axis, largest, wide)
    for index, (arm, entry) in enumerate(curves.items()):
        _draw_curve(
            axes, entry, metric, unit, styles[arm], with_count(names[arm], entry.count, counts),
            (index + 0.5) / len(curves),
        )
    target = study.target(metric)
    if target:
        axes.axhline(decibels(target) if metric in TITLES else target, color="0.45", linewidth=0.7, zorder=1)
    axes.set_xlabel(label)
    if axes.get_subplotspec().is_first_col():
        axes.set_ylabel(f"{TITLES[metric]} (dB)" if metric in TITLES else metric)
    axes.set_xlim(min(entry.x[0] for entry in curves.values()) / unit if wide else 0, largest / unit)
    if wide:
        logarithmic(axes.xaxis, byte_count if axis == "bytes" else counts_of)
    return {arm: entry.count for arm, entry in curves.items()}


def _draw_curve(
    axes: Axes, entry: Spread, metric: str, unit: float, style: dict, label: str, place: float
) -> None:
    power = metric in TITLES
    shown = decibels if power else (lambda values: values)
    line = shown(entry.mean if power else entry.median)
    # A squared error of zero has no decibels: the line has a gap there, and the band ends.
    line = np.where(np.isfinite(line), line, np.nan)
    x = entry.x / unit
    step = max(1, len(x) // 5)
    axes.plot(
        x, line, label=label, zorder=4, markevery=(min(int(place * step), len(x) - 1), step), markeredgecolor="white",
        markeredgewidth=0.4, **style,
    )
    if entry.count > 1:
        lower, upper = shown(entry.lower), shown(entry.upper)
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
    words = {"updates": "Updates per agent", "samples": "Samples per agent", "messages": "Messages of all agents"}
    return unit, words[axis] + ("" if unit == 1 else {1e3: " (thousands)", 1e6: " (millions)", 1e9: " (10⁹)"}[unit])


def _note(study: Study, metric: str, counts: list[int]) -> str:
    """What lines and bands are, and of how many runs."""
    target = study.target(metric)
    level = "" if not target else f"{decibels(target):.3g} dB" if metric in TITLES else f"{target:.3g}"
    grey = minus(f"; grey line: target {level}") if target else ""
    diverged = diverged_arms(study)
    rest = matched(study)
    if diverged:
        leave = " and leave the axis" if any(study.diverged(arm.name) == 0 for arm in study.present) else ""
        rest += f"; diverged{leave}: {diverged}"
    if max(counts) == 1:
        return f"One replication{grey}{rest}"
    line = "mean over replications, in linear units" if metric in TITLES else "median over replications"
    return f"Line: {line}; band: quartiles (25 to 75 %){grey}; {counted(counts)}{rest}"
