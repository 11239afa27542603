# SPDX-License-Identifier: GPL-3.0-or-later
"""How old neighbours' estimates were: staleness when combined, and age of information when measured."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from .records import Run
from .results import Study
from .style import NoData, counted, duration, labels, legend, logarithmic, looks, time_unit, with_count

LAST_SECONDS_BIN, LAST_UPDATES_BIN = 180, 255
"""The bins that also hold everything above them."""
AGE_BINS = 40
LEAST_SHARE = 0.02
"""Per cent: rarer bins at the ends cannot be seen, and the axis leaves them out."""
ROOM = 0.05
"""The share of a panel's height that is left above and below its markers, so that none lies on the frame."""


def staleness_edges(bins: int) -> np.ndarray:
    """The edges of bins 1, 2, …: bin b holds ages in [2^((b-1)/4), 2^(b/4)) microseconds. In seconds."""
    return 1e-6 * 2 ** (np.arange(bins) / 4)


def total(runs: list[Run], name: str) -> np.ndarray:
    """The sum of a histogram over runs, whose ends of empty bins are not kept."""
    lists = [run.staleness.get(name) or [] for run in runs]
    sums = np.zeros(max((len(entry) for entry in lists), default=0))
    for entry in lists:
        sums[: len(entry)] += entry
    return sums


def draw_staleness(study: Study, width: float) -> Figure:
    """Draws the staleness of the estimates that were combined, in virtual time and in updates of the sender."""
    seconds = {arm.name: total(study.runs_of(arm.name), "seconds_histogram") for arm in study.present}
    updates = {arm.name: total(study.runs_of(arm.name), "updates_histogram") for arm in study.present}
    arms = [arm for arm in seconds if seconds[arm].sum() > 0]
    if not arms:
        raise NoData("no estimate of a neighbour was combined")
    if not any(histograms[arm][1:].any() for histograms in (seconds, updates) for arm in arms):
        raise NoData("every estimate was combined when it was new: staleness is zero")
    rows, columns = (2, 1) if width < 5 else (1, 2)
    size = (width, 3.6 if rows == 2 else 2.1)
    figure, (left, right) = plt.subplots(rows, columns, figsize=size, layout="constrained")
    counts = [len(study.runs_of(arm)) for arm in arms]
    _draw_seconds(left, study, {arm: seconds[arm] for arm in arms}, counts)
    _draw_updates(right, study, {arm: updates[arm] for arm in arms})
    longest = max(len(updates[arm]) for arm in arms)
    bins = ", in updates they reach to the next number" if len(update_edges(longest)) <= longest else ""
    legend(
        figure,
        f"Share of all neighbours' estimates that were combined; bins in time are a quarter of an octave wide{bins}; "
        + counted(counts),
    )
    return figure


def _draw_seconds(axes: Axes, study: Study, histograms: dict[str, np.ndarray], counts: list[int]) -> None:
    styles, names = looks(study), labels(study)
    shares = {
        arm: 100 * np.pad(entry, (0, 1 + LAST_SECONDS_BIN - len(entry))) / entry.sum()
        for arm, entry in histograms.items()
    }
    used = np.nonzero(np.max(list(shares.values()), axis=0)[1:] >= LEAST_SHARE)[0]
    # Ages of zero have no place on a logarithmic axis: they get a bin of their own to the left of the others.
    zeros = any(entry[0] > 0 for entry in histograms.values())
    first, last = (max(int(used[0]) - 2, 0), min(int(used[-1]) + 3, LAST_SECONDS_BIN)) if len(used) else (0, 4)
    edges = staleness_edges(LAST_SECONDS_BIN + 1)[first : last + 1]
    ratio = edges[-1] / edges[0]
    apart = max(ratio ** 0.08, 1.5)
    for arm, entry in shares.items():
        values = entry[1 + first : 1 + last]
        label = with_count(names[arm], len(study.runs_of(arm)), counts)
        line = {"color": styles[arm]["color"], "linestyle": styles[arm]["linestyle"]}
        axes.stairs(values, edges, label=label, linewidth=1.1, zorder=4, **line)
        if len(histograms) == 1:
            axes.stairs(values, edges, fill=True, color=line["color"], alpha=0.2, zorder=3)
        if zeros:
            axes.plot(
                edges[0] / apart, entry[0], marker=styles[arm]["marker"], color=line["color"], linestyle="none",
                zorder=5,
            )
    axes.set_xlim(edges[0] / (apart ** 1.6 if zeros else 1), edges[-1])
    greatest = max(entry.max() for entry in shares.values())
    axes.set_ylim(-ROOM * greatest if zeros else 0, (1 + ROOM) * greatest)
    logarithmic(axes.xaxis, duration)
    if zeros:
        axes.set_xticks([tick for tick in axes.get_xticks() if edges[0] <= tick <= edges[-1]])
        axes.xaxis.set_minor_locator(NullLocator())
        axes.annotate(
            "0", (edges[0] / apart, 0), xycoords=("data", "axes fraction"), xytext=(0, -5), ha="center", va="top",
            textcoords="offset points", fontsize=7,
        )
    axes.set_xlabel("Staleness in virtual time")
    axes.set_ylabel("Estimates (%)")


def update_edges(longest: int) -> np.ndarray:
    """The edges of bins for ages of 0, 1, … sender updates: one each, or two an octave where that would be many."""
    if longest <= 16:
        return np.arange(longest + 1)
    steps = sorted({2**power for power in range(9)} | {3 * 2**power for power in range(7)})
    last = next(place for place, step in enumerate(steps) if step >= longest)
    return np.array([0, *steps[: last + 1]])


def _draw_updates(axes: Axes, study: Study, histograms: dict[str, np.ndarray]) -> None:
    styles = looks(study)
    longest = max(len(entry) for entry in histograms.values())
    edges = update_edges(longest)
    bins = len(edges) - 1
    least = 1.0
    for arm, entry in histograms.items():
        sums = np.add.reduceat(np.pad(entry, (0, edges[-1] - len(entry))), edges[:-1])
        shares = 100 * sums / entry.sum()
        # On a logarithmic axis an empty bin is a gap.
        axes.plot(np.arange(bins), np.where(shares > 0, shares, np.nan), markeredgecolor="white",
                  markeredgewidth=0.3, zorder=4, **styles[arm])
        least = min(least, shares[shares > 0].min())
    axes.set_yscale("log")
    room = (100 / least) ** ROOM
    axes.set_ylim(least / room, 100 * room)
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.set_xlim(-0.4, max(bins - 1, 1) + 0.4)
    # Three figures do not fit at every bin.
    ticks = [str(edge) if edge < 64 or place % 2 == 0 else "" for place, edge in enumerate(edges[:-1])]
    axes.set_xticks(np.arange(bins), ticks)
    axes.set_xlabel("Staleness in updates of the sender")
    axes.set_ylabel("Estimates (%)")


def draw_age(study: Study, width: float) -> Figure:
    """Draws the mean age of information over all measurements of all runs."""
    ages = {}
    for arm in study.present:
        values = np.concatenate([run.series.get("age", np.array([])) for run in study.runs_of(arm.name)])
        values = values[np.isfinite(values)]
        if (values > 0).any():
            ages[arm.name] = values[values > 0]
    if not ages:
        raise NoData("no age of information was measured (series `age`)")
    everything = np.concatenate(list(ages.values()))
    is_wide = np.quantile(everything, 0.999) > 5 * np.quantile(everything, 0.01)
    low, high = everything.min(), everything.max()
    if low == high:
        low, high = 0.9 * low, 1.1 * high
    edges = np.geomspace(low, high, AGE_BINS + 1) if is_wide else np.linspace(low, high, AGE_BINS + 1)
    # On a logarithmic axis every tick has its own unit.
    unit, name = (1.0, "") if is_wide else time_unit(high)
    figure, axes = plt.subplots(figsize=(width, 0.6 * min(width, 4.5)), layout="constrained")
    styles, names = looks(study), labels(study)
    counts = [len(study.runs_of(arm)) for arm in ages]
    for called, values in ages.items():
        shares = 100 * np.histogram(values, edges)[0] / len(values)
        line = {"color": styles[called]["color"], "linestyle": styles[called]["linestyle"]}
        label = with_count(names[called], len(study.runs_of(called)), counts)
        axes.stairs(shares, edges / unit, label=label, linewidth=1.1, zorder=4, **line)
        if len(ages) == 1:
            axes.stairs(shares, edges / unit, fill=True, color=line["color"], alpha=0.2, zorder=3)
    axes.set_ylim(bottom=0)
    axes.set_xlim(edges[0] / unit, edges[-1] / unit)
    if is_wide:
        logarithmic(axes.xaxis, duration)
    axes.set_xlabel("Mean age of information" + (f" ({name})" if name else ""))
    axes.set_ylabel("Measurements (%)")
    scale = "equal on the logarithmic axis" if is_wide else "equal"
    legend(figure, f"All measurements of all replications; {AGE_BINS} bins, {scale}; {counted(counts)}")
    return figure
