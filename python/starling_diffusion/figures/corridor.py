# SPDX-License-Identifier: GPL-3.0-or-later
"""How agents choose in the corridor between two rooms, given their action before."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrow, Rectangle

from ..errors import ResultsError
from .opening import CANNOT_READ, NOT_RESULTS
from .style import COLOURS, NoData, legend

SCHEMA = "starling-corridor/1"
"""Of the documents that `starling evaluate --corridor … --json` prints."""
WAYS = {"left": (-1, 0), "right": (1, 0), "up": (0, 1), "down": (0, -1), "stay": (0, 0)}
"""Where actions lead on the page."""
KEPT = ("left", "right")
"""The directions of travel that a policy can keep in a corridor."""
LEAST = 0.01
"""Less probable actions are not drawn."""
MOST_AGENTS = 4
START, LONGEST = 0.03, 0.45
"""How far from the middle of a cell arrows begin, and how long the one of a certain action is; a cell is 1 wide."""


@dataclass(frozen=True)
class Policy:
    """What an agent does in the corridor."""

    agent: str
    cells: dict[tuple[int, int, str], np.ndarray]
    """By row, column and action before: the probabilities of all actions."""


@dataclass(frozen=True)
class Corridor:
    """A document of `starling evaluate --corridor`."""

    arm: str
    replication: int
    is_shared: bool
    """Whether it is about the policy that agents share."""
    actions: list[str]
    policies: list[Policy]


def read(path: str | Path) -> Corridor:
    """Reads what `starling evaluate --corridor … --json` has printed.

    Raises:
        ResultsError: in one line, for a file that is missing or something else.
    """
    path = Path(path)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ResultsError(f"cannot read '{path}': {error.strerror}", CANNOT_READ) from error
    except ValueError as error:
        raise ResultsError(f"'{path}' is no JSON document", NOT_RESULTS) from error
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        wanted = "`starling evaluate FILE --corridor prior --json`"
        raise ResultsError(f"'{path}' is not what {wanted} prints", NOT_RESULTS)
    try:
        policies = [
            Policy(
                entry["agent"],
                {
                    (cell["row"], cell["column"], cell["before"]): np.array(cell["probabilities"], dtype=float)
                    for cell in entry["cells"]
                },
            )
            for entry in found["agents"]
        ]
        return Corridor(found["arm"], found["replication"], found["policy"] == "prior", found["actions"], policies)
    except (KeyError, TypeError, ValueError) as error:
        raise ResultsError(f"'{path}' is a damaged document: {error}", NOT_RESULTS) from error


def different(policies: list[Policy]) -> list[tuple[list[str], Policy]]:
    """The policies that differ, each with all agents that have it."""
    found: list[tuple[list[str], Policy]] = []
    for policy in policies:
        for agents, known in found:
            if known.cells.keys() == policy.cells.keys() and all(
                np.array_equal(known.cells[key], policy.cells[key], equal_nan=True) for key in known.cells
            ):
                agents.append(policy.agent)
                break
        else:
            found.append(([policy.agent], policy))
    return found


def draw(corridor: Corridor, width: float) -> Figure:
    """Draws a row of cells for each direction of travel, and of each agent whose policy differs.

    Raises:
        NoData: where there are too many policies, or nothing in them is a number.
    """
    policies = different(corridor.policies)
    if not policies:
        raise NoData("it has no agents")
    if len(policies) > MOST_AGENTS:
        raise NoData(f"{len(policies)} policies are too many; choose some with `starling evaluate --agent`")
    if not all(np.isfinite(values).all() for _, policy in policies for values in policy.cells.values()):
        raise NoData("a policy has diverged")
    wide = width >= 5
    rows, columns = (len(policies), 2) if wide else (2 * len(policies), 1)
    figure, grid = plt.subplots(
        rows, columns, squeeze=False, layout="constrained", figsize=(width, 0.78 * rows + 0.2), sharex=True,
    )
    places = iter(grid.ravel())
    for agents, policy in policies:
        for before in KEPT:
            axes = next(places)
            _draw_row(axes, corridor.actions, policy, before)
            name = "" if len(policies) == 1 else f"{', '.join(agents)}: "
            axes.set_title(f"{name}after going {before}", fontsize=7, pad=2)
    for axes in grid[-1]:
        axes.set_xlabel("Column of the cell")
    whose = "the policy that agents share" if corridor.is_shared else "agents' own policies"
    handles = [Rectangle((0, 0), 1, 1, color=_colour(way, "left")) for way in ("left", "right", "up")]
    note = (
        f"Probabilities of actions in the corridor: {whose}, arm {corridor.arm}, replication {corridor.replication}; "
        "arrows are as long as their actions are probable, and so is the diameter of a dot, which stays"
    )
    legend(figure, note, handles, ["on", "back", "up, down or stay"], columns=3)
    return figure


def _colour(action: str, before: str) -> str:
    """Of an action that goes on, back, or neither."""
    if action == before:
        return COLOURS[0]
    return COLOURS[1] if action in KEPT else "0.45"


def _draw_row(axes: Axes, actions: list[str], policy: Policy, before: str) -> None:
    """Draws all cells of the corridor, as they are met after an action."""
    cells = {column: (row, values) for (row, column, last), values in policy.cells.items() if last == before}
    for column, (_, values) in cells.items():
        axes.add_patch(Rectangle((column - 0.5, -0.5), 1, 1, facecolor="white", edgecolor="0.8", linewidth=0.6))
        for action, probability in zip(actions, values):
            if probability >= LEAST and action in WAYS:
                _draw_action(axes, action, column, float(probability), _colour(action, before))
    axes.set_xlim(min(cells, default=0) - 0.55, max(cells, default=0) + 0.55)
    axes.set_ylim(-0.55, 0.55)
    axes.set_aspect("equal")
    axes.set_xticks(sorted(cells))
    axes.set_yticks([])
    axes.grid(False)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)


def _draw_action(axes: Axes, action: str, column: int, probability: float, colour: str) -> None:
    """Draws an arrow from the middle of a cell towards its side, or a dot in the middle."""
    x, y = WAYS[action]
    size = LONGEST * probability
    gid = f"{action} {probability:.3f}"
    if action == "stay":
        axes.add_patch(Circle((column, 0), size / 2, color=colour, linewidth=0, zorder=3, gid=gid))
        return
    arrow = FancyArrow(
        column + START * x, START * y, x * size, y * size, length_includes_head=True, width=0.3 * size, head_width=0.7 * size,
        head_length=0.5 * size, color=colour, linewidth=0, zorder=4, gid=gid,
    )
    axes.add_patch(arrow)
