# SPDX-License-Identifier: GPL-3.0-or-later
"""How general policies are: every agent's final policy in every task, and the mean of each over all tasks."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from .records import TaskReturns
from .results import Study
from .style import NoData, counted, in_first_column, labels, legend, looks, slot, text_width, whole, with_count
from .yardsticks import Yardstick, mark

MOST_MAPS = 6
"""More heat maps cannot be read beside each other."""
MOST_NAMED_TASKS = 8
MOST_OWN_TASKS = 40
"""Of more agents or tasks, marks of own tasks would hide the cells."""


@dataclass(frozen=True)
class Grid:
    """Tasks that are all combinations of masses and lengths, each mass with every length in turn."""

    masses: list[float]
    lengths: list[float]


def grid_of(tasks: list[str]) -> Grid | None:
    """The grid that tasks called such as `m0.1-l0.5` form in their order; none if they form no grid."""
    found = [entry for name in tasks if (entry := re.fullmatch(r"m([0-9.]+)-l([0-9.]+)", name))]
    if not tasks or len(found) < len(tasks):
        return None
    pairs = [(float(entry.group(1)), float(entry.group(2))) for entry in found]
    masses, lengths = (list(dict.fromkeys(values)) for values in zip(*pairs))
    whole = pairs == [(mass, length) for mass in masses for length in lengths]
    return Grid(masses, lengths) if whole and len(masses) > 1 and len(lengths) > 1 else None


def of_arm(study: Study, arm: str) -> list[TaskReturns]:
    """The returns of all runs of an arm; none where runs have none.

    Raises:
        NoData: where runs have different agents or tasks.
    """
    runs = study.runs_of(arm)
    found = [run.task_returns for run in runs if run.task_returns is not None]
    if len(found) < len(runs):
        return []
    if any((entry.agents, entry.tasks) != (found[0].agents, found[0].tasks) for entry in found):
        raise NoData(f"the runs of arm '{arm}' have different agents or tasks")
    return found


def mean_map(runs: list[TaskReturns]) -> np.ndarray:
    """The mean over replications of the return of each agent in each task, shape (agents, tasks)."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.mean([entry.returns for entry in runs], axis=0))


def over_tasks(runs: list[TaskReturns]) -> np.ndarray:
    """The mean over tasks of the return of each agent, of all replications one after the other."""
    with np.errstate(invalid="ignore"):
        return np.concatenate([entry.returns.mean(axis=1) for entry in runs])


def draw(study: Study, width: float, yardsticks: list[Yardstick] | None = None) -> Figure:
    """Draws a heat map of agents and tasks for each arm, and beside them the agents' means over tasks."""
    arms = {arm.name: runs for arm in study.present if (runs := of_arm(study, arm.name))}
    if not arms:
        raise NoData("no arm has the returns of its policies in all tasks in every run (`measure.all-tasks`)")
    if len(arms) > MOST_MAPS:
        raise NoData(f"{len(arms)} arms are too many to tell apart; choose some with --arm")
    tasks = next(iter(arms.values()))[0].tasks
    if any(runs[0].tasks != tasks for runs in arms.values()):
        raise NoData("arms have different tasks")
    figure, maps, beside = _layout(width, len(arms))
    means = {arm: mean_map(runs) for arm, runs in arms.items()}
    everything = np.concatenate([values.ravel() for values in means.values()])
    finite = everything[np.isfinite(everything)]
    if not len(finite):
        raise NoData("no return of a final policy is finite")
    scale = Normalize(finite.min(), finite.max())
    names = labels(study)
    for axes, (arm, values) in zip(maps, means.items()):
        _draw_map(axes, study, arms[arm][0], values, scale)
        columns = slot(axes).get_gridspec().ncols
        axes.set_title(folded(names[arm], 72 * width * (0.75 if width < 5 else 0.55) / columns), fontsize=7, pad=3)
    _name_tasks(figure, maps, tasks, study)
    bar = figure.colorbar(
        ScalarMappable(scale, plt.rcParams["image.cmap"]), ax=maps, location="right", pad=0.02, aspect=22, shrink=0.9,
    )
    bar.set_label("Test return")
    bar.outline.set_visible(False)
    _draw_means(beside, study, {arm: over_tasks(runs) for arm, runs in arms.items()})
    mark(beside, yardsticks or [])
    _legend(figure, study, arms, maps)
    return figure


def _layout(width: float, count: int) -> tuple[Figure, list[Axes], Axes]:
    """A figure with a place for each map, and one for the means: to the right of them, or below in one column."""
    narrow = width < 5
    columns = 2 if count == 4 and narrow else min(count, 3)
    rows = -(-count // columns)
    height = (1.4 if columns == 3 else 1.55) * rows
    size = (width, height + 1.5 if narrow else max(1.75 * rows, 2.1))
    figure = plt.figure(figsize=size, layout="constrained")
    if narrow:
        outer = figure.add_gridspec(2, 1, height_ratios=[height, 1.5])
    else:
        outer = figure.add_gridspec(1, 2, width_ratios=[columns + 0.4, max(1, 0.45 * count)])
    inner = outer[0].subgridspec(rows, columns)
    maps = [figure.add_subplot(inner[place // columns, place % columns]) for place in range(count)]
    return figure, maps, figure.add_subplot(outer[1])


def _draw_map(axes: Axes, study: Study, returns: TaskReturns, values: np.ndarray, scale: Normalize) -> None:
    """Draws a row for each agent and a column for each task; a dot marks the task that the agent learnt in."""
    image = axes.pcolormesh(np.where(np.isfinite(values), values, np.nan), norm=scale, rasterized=True)
    axes.set_facecolor("0.85")
    axes.invert_yaxis()
    axes.grid(False)
    axes.spines[:].set_visible(False)
    for row, column in own_cells(study, returns):
        red, green, blue, _ = image.cmap(scale(values[row, column]))
        dark = 0.299 * red + 0.587 * green + 0.114 * blue < 0.5
        axes.plot(column + 0.5, row + 0.5, ".", markersize=1.6, color="white" if dark else "black", gid="own")
    agents = len(returns.agents)
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, agents) if agents <= 6 * step)
    ranks = range(0, agents, step)
    axes.set_yticks([rank + 0.5 for rank in ranks], [returns.agents[rank].removeprefix("agent-") for rank in ranks])
    axes.tick_params(length=0, pad=2)
    if in_first_column(axes):
        axes.set_ylabel("Agent")
    else:
        axes.tick_params(labelleft=False)


def own_cells(study: Study, returns: TaskReturns) -> list[tuple[int, int]]:
    """The row and the column of the task that each agent learnt in; none where they are many, or one for all."""
    accounts = next(run.accounts for run in study.runs if run.task_returns is returns)
    tasks = [entry.task for entry in accounts]
    if max(len(returns.agents), len(returns.tasks)) > MOST_OWN_TASKS or len(set(tasks)) < 2:
        return []
    return [(row, returns.tasks.index(task)) for row, task in enumerate(tasks) if task in returns.tasks]


def _name_tasks(figure: Figure, maps: list[Axes], tasks: list[str], study: Study) -> None:
    """Names columns: by the masses of a grid, with a white line between two; few other tasks by their names."""
    grid = grid_of(tasks)
    last = slot(maps[0]).get_gridspec().ncols
    for place, axes in enumerate(maps):
        if grid:
            size = len(grid.lengths)
            for edge in range(size, len(tasks), size):
                axes.axvline(edge, color="white", linewidth=1.0)
            # In one column of a journal there is no room for every mass.
            width = figure.get_figwidth()
            room = 72 * width * (0.75 if width < 5 else 0.55) / last / len(grid.masses)
            step = 1 if all(text_width(f"{mass:g}", 7) + 3 < room for mass in grid.masses) else 2
            shown = range(0, len(grid.masses), step)
            axes.set_xticks([(rank + 0.5) * size for rank in shown], [f"{grid.masses[rank]:g}" for rank in shown])
            label = "Pole mass (kg)"
        elif len(tasks) <= MOST_NAMED_TASKS:
            axes.set_xticks(np.arange(len(tasks)) + 0.5, tasks, rotation=45, ha="right", rotation_mode="anchor")
            label = "Task"
        else:
            axes.set_xticks([])
            label = f"{len(tasks)} tasks"
        if place + last >= len(maps):
            axes.set_xlabel(label, fontsize=7 if last == 3 and figure.get_figwidth() < 5 else None)


def spread_out(values: np.ndarray, height: float, reach: float) -> np.ndarray:
    """How far to the side each of many dots stands so that dots of like values lie beside each other.

    Values are put into bins of a height; the dots of a bin stand evenly about the middle, the fullest bin to the reach,
    in an order that has nothing to do with their values.
    """
    order = np.random.default_rng(0)
    bins = np.floor((values - values.min()) / height) if height > 0 else np.zeros(len(values))
    sides = np.zeros(len(values))
    most = max(int((bins == number).sum()) for number in np.unique(bins))
    for number in np.unique(bins):
        members = order.permutation(np.nonzero(bins == number)[0])
        sides[members] = np.arange(len(members)) - (len(members) - 1) / 2
    return sides * min(2 * reach / max(most - 1, 1), 0.09)


def folded(text: str, points: float) -> str:
    """A name in lines of about a width, broken at spaces and hyphens only."""
    letters = max(4, int(points / max(text_width(text, 7) / len(text), 1)))
    return "\n".join(textwrap.wrap(text, letters, break_long_words=False))


def _draw_means(axes: Axes, study: Study, means: dict[str, np.ndarray]) -> None:
    """Draws for each arm a dot for every agent of every run, and beside them their median and quartiles."""
    styles, names = looks(study), labels(study)
    usable = {arm: values[np.isfinite(values)] for arm, values in means.items()}
    everything = np.concatenate(list(usable.values()))
    height = np.ptp(everything) / 45 if len(everything) else 0.0
    for place, (arm, values) in enumerate(usable.items()):
        if not len(values):
            continue
        lower, median, upper = np.quantile(values, [0.25, 0.5, 0.75])
        color = styles[arm]["color"]
        axes.plot(
            place - 0.12 + spread_out(values, height, 0.28), values, linestyle="none", marker="o", markersize=2,
            markeredgewidth=0, color=color, alpha=0.6, zorder=3, gid="agents",
        )
        box = Rectangle((place + 0.29, lower), 0.13, upper - lower, facecolor="white", edgecolor=color, zorder=3)
        axes.add_patch(box)
        axes.plot([place + 0.25, place + 0.45], [median] * 2, color="black", linewidth=1.4, zorder=4, gid="median")
    counts = [len(study.runs_of(arm)) for arm in means]
    room = 72 * whole(axes).get_figwidth() * (0.8 if whole(axes).get_figwidth() < 5 else 0.25) / len(means)
    texts = [folded(with_count(names[arm], count, counts), room) for arm, count in zip(means, counts)]
    if max(text_width(line, 7) for text in texts for line in text.split("\n")) <= room:
        axes.set_xticks(range(len(means)), texts)
    else:
        texts = [folded(with_count(names[arm], count, counts), 80) for arm, count in zip(means, counts)]
        axes.set_xticks(range(len(means)), texts, rotation=30, ha="right", rotation_mode="anchor")
    axes.set_xlim(-0.5, len(means) - 0.4)
    axes.grid(False, axis="x")
    axes.tick_params(axis="x", length=0)
    axes.set_ylabel("Agent's mean test\nreturn over all tasks")


def _legend(figure: Figure, study: Study, arms: dict[str, list[TaskReturns]], maps: list[Axes]) -> None:
    """Says above the axes what maps and dots are."""
    counts = [len(runs) for runs in arms.values()]
    returns = next(iter(arms.values()))[0]
    grid = grid_of(returns.tasks)
    words = ["Maps: final policies in all tasks" + (", mean over replications" if max(counts) > 1 else "")]
    if grid:
        pole = "half pole length" if "cart" in study.arms[0].settings.get("task.environment", "") else "pole length"
        words.append(f"columns of a mass: {pole}s {grid.lengths[0]:g} to {grid.lengths[-1]:g} m")
    if any(line.get_gid() == "own" for axes in maps for line in axes.lines):
        words.append("marked: own task")
    names = labels(study)
    missing = [names[arm.name] for arm in study.present if arm.name not in arms]
    words.append("dots: agents of all replications; boxes: their median and quartiles")
    words += [counted(counts)] + ([f"not tested in all tasks: {', '.join(missing)}"] if missing else [])
    broken = sum(int((~np.isfinite(over_tasks(runs))).sum()) for runs in arms.values())
    if broken:
        words.append(f"{broken} policies whose returns are not finite are grey in maps, and no dots")
    # Arms are named at their maps and dots; only yardsticks need a legend.
    handles, texts = maps[0].figure.axes[len(maps)].get_legend_handles_labels()
    legend(figure, "; ".join(words), handles, texts)
