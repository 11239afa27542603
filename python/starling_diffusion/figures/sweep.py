# SPDX-License-Identifier: GPL-3.0-or-later
"""Sweeps: a value that sums up an arm, over the one or two settings in which arms differ."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import NullLocator
from matplotlib.transforms import offset_copy

from .metrics import Metric, natural, what_is_there
from .prediction import measured
from .results import Study
from .style import COLOURS, NoData, broken, counted, legend, look, matched, minus, slot, time_unit, whole
from .survival import of_arm
from .yardsticks import Yardstick, mark

UNITS = {
    "": 1.0, "%": 0.01, "dB": 1.0,
    "ns": 1e-9, "us": 1e-6, "\u00b5s": 1e-6, "\u03bcs": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0,
    "day": 86_400.0,
    "B": 1.0, "kB": 1e3, "MB": 1e6, "GB": 1e9, "KiB": 1024.0, "MiB": 1024.0**2, "GiB": 1024.0**3,
    "bit/s": 0.125, "kbit/s": 125.0, "Mbit/s": 125e3, "Gbit/s": 125e6,
    "B/s": 1.0, "kB/s": 1e3, "MB/s": 1e6, "GB/s": 1e9,
    "W": 1.0, "mW": 1e-3, "J/B": 1.0, "uJ/B": 1e-6, "nJ/B": 1e-9,
}
"""What the program writes behind numbers, in seconds, bytes, bytes per second, watts, joules per byte or shares."""
IGNORED = {"arms", "sweep", "name", "question", "seed", "replications"}
MOST_LABELLED_CELLS = 60
OPEN = {"final": "diverged", "time": "never"}
"""What is said of an arm that has no finite value of a quantity."""
BAND = 0.15
"""The share of a panel's height, at its top or of returns at its foot, where such arms are marked."""


@dataclass(frozen=True)
class Key:
    """A setting in which arms differ."""

    path: str
    values: list[str]
    """Its values, ascending where they are numbers, else in the order of the arms."""
    numbers: list[float] | None
    """The same as numbers; None where some is no number."""


@dataclass(frozen=True)
class Value:
    """What sums up an arm: a point and its interval; nan where there is none, inf for what is never or diverged."""

    point: float
    lower: float
    upper: float
    reached: int = 0
    """Of a time: how many of the runs reached the target."""
    runs: int = 0

    @property
    def is_partial(self) -> bool:
        """Whether there is a value, though not all runs reached the target."""
        return bool(np.isfinite(self.point)) and self.reached < self.runs


def named_keys(study: Study) -> list[str]:
    """The paths in the names of the arms, such as `learner.step-size=0.1`, if all name the same ones; else none."""
    arms = study.present
    named = [[part.split("=", 1)[0] for part in arm.name.split(", ") if "=" in part] for arm in arms]
    if all(keys == named[0] and set(keys) <= arm.settings.keys() for keys, arm in zip(named, arms)):
        return named[0]
    return []


def family(study: Study, arm: str) -> str:
    """What the name of an arm says beside its swept settings: the arm of the scenario that was swept."""
    return ", ".join(part for part in arm.split(", ") if "=" not in part) if named_keys(study) else ""


def swept(study: Study) -> list[Key]:
    """The settings in which the arms that have runs differ.

    Arms that are called by their settings, as the program calls those of a sweep, say which; of other settings some
    differ as a consequence, such as whether a topology can be directed.
    """
    arms = study.present
    paths = named_keys(study) or sorted({path for arm in arms for path in arm.settings} - IGNORED)
    differing = [path for path in paths if len({arm.settings.get(path, "none") for arm in arms}) > 1]
    return [_key(path, [arm.settings.get(path, "none") for arm in arms]) for path in differing]


def _key(path: str, values: list[str]) -> Key:
    different = list(dict.fromkeys(values))
    numbers = [number for value in different if (number := as_number(value)) is not None]
    if len(numbers) < len(different):
        return Key(path, different, None)
    order = np.argsort(numbers, kind="stable")
    return Key(path, [different[place] for place in order], [numbers[place] for place in order])


def as_number(text: str) -> float | None:
    """A value of a scenario as a number, in seconds, bytes or a share; None for words."""
    match = re.fullmatch(r"([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)\s*(\S*)", text.strip())
    if not match or match.group(2) not in UNITS:
        return None
    try:
        return float(match.group(1)) * UNITS[match.group(2)]
    except ValueError:
        return None


def is_logarithmic(numbers: list[float]) -> bool:
    """Whether values are spaced more evenly by ratios than by differences."""
    if len(numbers) < 3 or min(numbers) <= 0 or max(numbers) < 4 * min(numbers):
        return False

    def unevenness(values: np.ndarray) -> float:
        gaps = np.diff(values)
        return float(gaps.std() / gaps.mean())

    return unevenness(np.log(numbers)) < unevenness(np.array(numbers))


def final_value(study: Study, arm: str, metric: str) -> Value:
    """The mean final value with its interval, as figures show them; infinite for an arm whose runs diverge."""
    interval, definition = measured(study, arm, metric), study.metric(metric)
    if study.diverged(arm) and (definition.is_judged or not np.isfinite(interval.mean)):
        return Value(float("inf"), float("nan"), float("nan"))
    point, lower, upper = (float(definition.shown(entry)) for entry in (interval.mean, interval.lower, interval.upper))
    return Value(point, lower, upper)


def median_time(study: Study, arm: str) -> Value:
    """The Kaplan-Meier median of the time to target with its interval, in seconds."""
    estimate = of_arm(study, arm)
    reached = estimate.count - len(estimate.censored)
    return Value(estimate.median, *estimate.median_interval, reached, estimate.count)


def draw(
    study: Study, width: float, metric: str | None = None, yardsticks: list[Yardstick] | None = None
) -> Figure:
    """Draws lines for one swept key, heat maps for two: the final value, and the time to target where there is one."""
    metric = metric or natural(study)
    keys = swept(study)
    cells = _cells(study, keys)
    if any(metric not in run.finals for run in study.runs):
        raise NoData(f"there is no final value of '{metric}' in every run; {what_is_there(study)}")
    quantities = {"final": {cell: final_value(study, arm, metric) for cell, arm in cells.items()}}
    if not any(np.isfinite(value.point) for value in quantities["final"].values()):
        raise NoData(f"no arm ended with a finite '{metric}'")
    if all(arm.target for arm in study.present):
        times = {cell: median_time(study, arm) for cell, arm in cells.items()}
        if any(np.isfinite(value.point) for value in times.values()):
            quantities["time"] = times
    columns = 1 if width < 5 else len(quantities)
    rows = len(quantities) // columns
    panel = 1.7 if len(keys) == 1 else max(1.5, 0.25 * len(keys[1].values) + 0.7)
    figure, panels = plt.subplots(
        rows, columns, figsize=(width, rows * panel), layout="constrained", squeeze=False,
        sharex="all" if len(keys) == 1 else "none",
    )
    for axes, (quantity, values) in zip(panels.flat, quantities.items()):
        name, shown = _titled(values, quantity, study.metric(metric))
        if len(keys) == 2:
            _draw_map(axes, keys, shown, name, OPEN[quantity])
            continue
        if quantity == "final":
            mark(axes, yardsticks or [])
        # What is bad stands where bad values are.
        at_foot = quantity == "final" and study.metric(metric).more_is_better
        _draw_lines(axes, keys[0], shown, name, OPEN[quantity], at_foot)
    counts = [len(study.runs_of(arm.name)) for arm in study.present]
    note = _note(len(keys), quantities, study.metric(metric), counts) + matched(study)
    if len({cell[0] for cell in cells}) > 1 or (yardsticks and len(keys) == 1):
        legend(figure, note)
    else:
        legend(figure, note, [], [])
    return figure


def _cells(study: Study, keys: list[Key]) -> dict[tuple[Any, ...], str]:
    """The arm of every cell: its family, then the value of every key.

    Raises:
        NoData: where the arms are no sweep that can be drawn.
    """
    if not 1 <= len(keys) <= 2:
        differ = f"in {len(keys)} settings" if keys else "in no setting"
        raise NoData(f"arms differ {differ}, and one or two can be drawn")
    cells = {}
    for arm in study.present:
        values = tuple(arm.settings.get(key.path, "none") for key in keys)
        cells[(family(study, arm.name), *values)] = arm.name
    families = {cell[0] for cell in cells}
    room = len(families) * np.prod([len(key.values) for key in keys])
    if len(cells) < len(study.present) or 2 * len(cells) < room + 1:
        raise NoData("the arms are no sweep: most combinations of their settings are missing")
    if len(families) > (1 if len(keys) == 2 else len(COLOURS)):
        raise NoData(f"{len(keys)} settings of {len(families)} arms are too many to draw; choose some with --arm")
    return cells


def _titled(values: dict[tuple[Any, ...], Value], quantity: str, metric: Metric) -> tuple[str, dict[tuple[Any, ...], Value]]:
    """The label of a quantity with its unit, and the values in that unit."""
    if quantity == "final":
        return f"Final {metric.in_line}{metric.unit}", values
    unit, name = time_unit(max(value.point for value in values.values() if np.isfinite(value.point)))
    scaled = {
        key: replace(value, point=value.point / unit, lower=value.lower / unit, upper=value.upper / unit)
        for key, value in values.items()
    }
    return f"Time to target ({name})", scaled


def _note(keys: int, quantities: dict[str, dict[tuple[Any, ...], Value]], metric: Metric, counts: list[int]) -> str:
    words = [f"Final {metric.in_line}: mean over replications"]
    if "time" in quantities:
        words.append("time to target: Kaplan-Meier median")
    if keys == 1 and max(counts) > 1:
        words.append("bars: 95 %")
    if any(value.is_partial for value in quantities.get("time", {}).values()):
        words.append(f"{'hollow' if keys == 1 else 'dotted'}: not all runs reached the target")
    means = {"final": "diverged: some run did", "time": "never: fewer than half of the runs reached the target"}
    words += [
        means[quantity] for quantity, values in quantities.items()
        if any(value.point == np.inf for value in values.values())
    ]
    return "; ".join([*words, counted(counts)])


def _draw_lines(axes: Axes, key: Key, values: dict[tuple[Any, ...], Value], title: str, word: str, at_foot: bool) -> None:
    numeric = key.numbers is not None
    x = np.array(key.numbers) if numeric else np.arange(len(key.values), dtype=float)
    missing = Value(float("nan"), float("nan"), float("nan"))
    families = list(dict.fromkeys(cell[0] for cell in values))
    for index, name in enumerate(families):
        style = look(index) if numeric else {**look(index), "linestyle": "none"}
        found = [values.get((name, value), missing) for value in key.values]
        _draw_family(axes, x, found, style, name)
        _mark_open(axes, x, found, style, index - (len(families) - 1) / 2, at_foot)
    if any(value.point == np.inf for value in values.values()):
        _draw_band(axes, word, at_foot)
    if key.numbers is not None and is_logarithmic(key.numbers):
        axes.set_xscale("log")
        axes.xaxis.set_minor_locator(NullLocator())
        margin = (x[-1] / x[0]) ** 0.06
        axes.set_xlim(x[0] / margin, x[-1] * margin)
    elif numeric:
        axes.set_xlim(x[0] - 0.06 * np.ptp(x), x[-1] + 0.06 * np.ptp(x))
    if numeric and len(x) <= 8:
        axes.set_xticks(x, key.values)
    elif not numeric:
        axes.set_xticks(x, key.values, rotation=20 if max(len(value) for value in key.values) > 12 else 0)
        axes.set_xlim(-0.5, len(x) - 0.5)
    if slot(axes).is_last_row():
        axes.set_xlabel(key.path)
    axes.set_ylabel(title)


def _mark_open(axes: Axes, x: np.ndarray, values: list[Value], style: dict[str, Any], place: float, at_foot: bool) -> None:
    """Marks the settings without a finite value in the band, beside those of other arms."""
    unbounded = np.array([value.point == np.inf for value in values])
    if unbounded.any():
        beside = offset_copy(axes.get_xaxis_transform(), whole(axes), x=7 * place, units="points")
        height = BAND / 2 if at_foot else 1 - BAND / 2
        axes.plot(
            x[unbounded], np.full(unbounded.sum(), height), transform=beside, zorder=5, gid="open",
            **{**style, "linestyle": "none"},
        )


def _draw_band(axes: Axes, word: str, at_foot: bool) -> None:
    """Makes room in a panel for what has no finite value; there a word stands in place of numbers."""
    low, high = axes.get_ylim()
    room = (high - low) * BAND / (1 - BAND)
    inner, outer = (low, low - room) if at_foot else (high, high + room)
    # A number at the edge of the band would touch the word.
    ticks = [tick for tick in axes.get_yticks() if low <= tick <= high and abs(tick - inner) >= 0.03 * (high - low)]
    names = axes.yaxis.get_major_formatter().format_ticks(ticks)
    axes.set_ylim(min(low, outer), max(high, outer))
    axes.axhspan(inner, outer, facecolor="0.95", hatch="////", edgecolor="0.8", linewidth=0, zorder=1)
    axes.set_yticks([*ticks, (inner + outer) / 2], [*names, word])


def _draw_family(axes: Axes, x: np.ndarray, values: list[Value], style: dict[str, Any], name: str) -> None:
    """Draws the points of one arm of the scenario with their intervals."""
    points = np.array([value.point for value in values])
    lower = np.array([value.lower for value in values])
    upper = np.array([value.upper for value in values])
    reached = np.isfinite(points)
    axes.plot(x[reached], points[reached], zorder=4, label=name or None, **style)
    partial = np.array([value.is_partial for value in values])
    if partial.any():
        hollow = {**style, "linestyle": "none", "markerfacecolor": "white"}
        axes.plot(x[partial], points[partial], zorder=5, gid="partial", **hollow)
    for place in np.nonzero(reached & ~np.isnan(upper))[0]:
        # An end that is open, or has no decibels, is drawn as none.
        top = upper[place] if np.isfinite(upper[place]) else points[place]
        bottom = lower[place] if np.isfinite(lower[place]) else points[place]
        axes.errorbar(
            x[place], points[place], yerr=[[points[place] - bottom], [top - points[place]]], color=style["color"],
            capsize=2.5, linewidth=1.0, zorder=3,
        )


def _draw_map(axes: Axes, keys: list[Key], values: dict[tuple[Any, ...], Value], title: str, word: str) -> None:
    across, up = keys
    # Points that are left for the label beside the cells.
    height = 72 * whole(axes).get_figheight() / slot(axes).get_gridspec().nrows - 40
    table = np.full((len(up.values), len(across.values)), np.nan)
    for (_, first, second), value in values.items():
        table[up.values.index(second), across.values.index(first)] = value.point
    finite = np.where(np.isfinite(table), table, np.nan)
    image = axes.pcolormesh(finite, cmap="cividis", edgecolor="white", linewidth=0.8)
    axes.grid(False)
    for row, column in np.argwhere(~np.isfinite(table)):
        present = any(cell[1:] == (across.values[column], up.values[row]) for cell in values)
        axes.add_patch(
            Rectangle((column, row), 1, 1, facecolor="0.93", hatch="////" if present else None, edgecolor="0.7",
                          linewidth=0)
        )
    partial = {
        (up.values.index(second), across.values.index(first)): f"{value.reached}/{value.runs}"
        for (_, first, second), value in values.items() if value.is_partial
    }
    for row, column in partial:
        axes.add_patch(
            Rectangle((column, row), 1, 1, facecolor="none", hatch="....", edgecolor=_ink(image, table[row, column]),
                          linewidth=0, alpha=0.45, gid="partial")
        )
    if table.size <= MOST_LABELLED_CELLS:
        _label_cells(axes, table, image, word, partial)
    axes.set_xticks(np.arange(len(across.values)) + 0.5, across.values)
    axes.set_yticks(np.arange(len(up.values)) + 0.5, up.values)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_xlabel(across.path)
    axes.set_ylabel(broken(up.path, height))
    bar = axes.figure.colorbar(image, ax=axes, pad=0.02, aspect=14)
    bar.set_label(title)
    bar.outline.set_visible(False)


def _ink(image: Any, value: float) -> str:
    """The colour that can be read on the one of a value."""
    red, green, blue, _ = image.cmap(image.norm(value))
    return "white" if 0.299 * red + 0.587 * green + 0.114 * blue < 0.5 else "black"


def _label_cells(axes: Axes, table: np.ndarray, image: Any, word: str, partial: dict[tuple[Any, ...], str]) -> None:
    for (row, column), value in np.ndenumerate(table):
        if np.isnan(value):
            continue
        if np.isinf(value):
            text, colour = word if value > 0 else "−∞", "black"
        else:
            # Adding zero takes the sign from one that was rounded.
            text = minus(f"{round(value, 1) + 0.0:.1f}" if abs(value) < 1000 else f"{value:.0f}")
            colour = _ink(image, value)
        label = axes.text(column + 0.5, row + 0.5, text, ha="center", va="center", fontsize=7, color=colour)
        if (row, column) in partial:
            # Above the dots the numbers have ground of their own.
            label.set_text(f"{text}\n{partial[row, column]}")
            label.set_bbox({"facecolor": image.cmap(image.norm(value)), "edgecolor": "none", "pad": 1.2})
