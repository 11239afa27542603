# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the time of agents and their messages went: bars of what was of use and what was not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from .accounts import Account
from .records import Run
from .results import Study
from .style import (
    NoData,
    counted,
    diverged_arms,
    in_first_column,
    labels,
    legend,
    matched,
    scaled,
    shortened,
    time_unit,
    with_count,
    wrapped,
)

MOST_BARS = 40
LEAST = 0.003
"""Parts that are a smaller share of every bar are not drawn apart: they could not be seen."""
MOST_CAUSES = 5
"""How many causes have a part of their own; the others are one."""
MAIN, IDLE, LOST, DOWN = "#0072B2", "0.84", "#EDB98F", "#9B88B5"
"""What was of use; what waited or was overtaken; what was lost or done in vain; agents that were down."""
BAR = 0.66
"""The height of a bar, of the room for it."""
LABEL = 88
"""How wide a name is in the legend at most, in points: two of them stand side by side in one column of a journal."""
WAITS = {
    "neighbours": "waiting for neighbours", "centre": "waiting for the centre", "clock": "waiting for a clock",
    "asleep": "asleep", "paused": "paused",
}
BYTES = [(1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (0.0, "B")]
"""From how many bytes on a unit is used."""
HATCHES = ["", "////", "....", "xxxx", "\\\\\\\\", "----", "++++", "||||"]


@dataclass(frozen=True)
class Part:
    """What a part of bars stands for, and how it looks."""

    name: str
    amounts: dict[str, float]
    """By arm: the mean over replications."""
    colour: str
    hatch: str = ""
    has_cause: bool = False
    """Whether the name ends with what took agents down."""


def _mean(runs: list[Run], amount: Callable[[Run], float]) -> float:
    return float(np.mean([amount(run) for run in runs]))


def _table(runs: dict[str, list[Run]], amount: Callable[[Run], float]) -> dict[str, float]:
    return {arm: _mean(found, amount) for arm, found in runs.items()}


def _of_agents(value: Callable[[Account], float]) -> Callable[[Run], float]:
    """The mean over the agents of a run."""
    return lambda run: float(np.mean([value(account) for account in run.accounts]))


def _waiting(kind: str) -> Callable[[Account], float]:
    return lambda account: account.waits.get(kind, 0.0)


def _seconds(column: str) -> Callable[[Account], float]:
    return lambda account: account.seconds[column]


def _count(fates: tuple[str, ...], run: Run) -> float:
    return sum(run.messages.get(fate, 0.0) for fate in fates)


def times(study: Study) -> list[Part]:
    """What agents spent their time on: seconds, means over agents and replications; they sum to the length of runs.

    Time waiting is told apart by what for, and time wasted and down by its cause, where all runs keep that.
    """
    runs = {arm.name: study.runs_of(arm.name) for arm in study.present}
    if not all(run.accounts and all(account.seconds for account in run.accounts) for run in study.runs):
        return []

    def part(name: str, colour: str, value: Callable[[Account], float], hatch: str = "") -> Part:
        return Part(name, _table(runs, _of_agents(value)), colour, hatch)

    parts = [
        part("completed steps", MAIN, lambda account: account.seconds["useful"]),
        part("unfinished steps", "#9CC7E4", lambda account: account.seconds["unfinished"]),
    ]
    accounts = [account for run in study.runs for account in run.accounts]
    if all(account.waits or not account.seconds["waiting"] for account in accounts):
        for place, (kind, name) in enumerate(WAITS.items()):
            parts.append(part(name, IDLE, _waiting(kind), HATCHES[place]))
    else:
        parts.append(part("waiting", IDLE, lambda account: account.seconds["waiting"]))
    for column, words, colour in (("wasted", "wasted steps", LOST), ("down", "down", DOWN)):
        if all(account.causes or not account.seconds[column] for account in accounts):
            parts += _by_cause(runs, column, words, colour)
        else:
            parts.append(part(words, colour, _seconds(column)))
    return parts


def _by_cause(runs: dict[str, list[Run]], column: str, words: str, colour: str) -> list[Part]:
    """Parts of seconds that were wasted or down, the greatest causes apart; they sum to all of it."""

    def of(cause: str, account: Account) -> float:
        return account.causes[cause][column] if cause in account.causes else 0.0

    causes = {cause for found in runs.values() for run in found for account in run.accounts for cause in account.causes}
    tables = {cause: _table(runs, _of_agents(partial(of, cause))) for cause in sorted(causes)}
    whole = _table(runs, _of_agents(lambda account: account.seconds[column]))
    greatest = sorted(tables, key=lambda cause: -max(tables[cause].values()))
    greatest = [cause for cause in greatest if max(tables[cause].values()) > 0]
    parts = [
        Part(f"{words}: {cause}", tables[cause], colour, HATCHES[place], True)
        for place, cause in enumerate(greatest[:MOST_CAUSES])
    ]
    rest = {arm: max(0.0, whole[arm] - sum(part.amounts[arm] for part in parts)) for arm in runs}
    # Of sums of doubles something may remain where nothing does.
    if any(rest[arm] > 1e-9 * whole[arm] for arm in runs):
        parts.append(Part(f"{words}: other causes" if parts else words, rest, colour, HATCHES[MOST_CAUSES], bool(parts)))
    return parts


FATES: list[tuple[str, tuple[str, ...], str, str]] = [
    ("used", ("used",), MAIN, ""),
    ("unread or in flight", ("unread_at_end", "in_flight_at_end"), "#9CC7E4", ""),
    ("replaced unread", ("replaced_unread",), IDLE, ""),
    ("overtaken", ("overtaken",), IDLE, "////"),
    ("superseded", ("superseded",), IDLE, "...."),
    ("late", ("late",), IDLE, "xxxx"),
    ("duplicate", ("duplicate",), IDLE, "\\\\\\\\"),
    ("never started", ("never_started",), IDLE, "----"),
    ("lost: noise", ("lost_noise",), LOST, ""),
    ("lost: burst", ("lost_burst",), LOST, "////"),
    ("lost: cut", ("lost_cut",), LOST, "...."),
    ("lost: edge gone", ("lost_edge_gone",), LOST, "xxxx"),
    ("lost: sender crashed", ("lost_sender_crashed",), LOST, "\\\\\\\\"),
    ("to dead agent", ("to_dead_agent",), DOWN, ""),
]
"""What became of messages: in words, the fates of the file, colour and hatching."""


def messages(study: Study) -> list[Part]:
    """What became of the messages of all agents: means over replications; they sum to those sent."""
    runs = {arm.name: study.runs_of(arm.name) for arm in study.present}
    if not any(run.messages.get("sent") for run in study.runs):
        return []
    return [
        Part(name, _table(runs, partial(_count, fates)), colour, hatch)
        for name, fates, colour, hatch in FATES
    ]


def slowed(study: Study) -> dict[str, float]:
    """Of the time in steps, by arm, what took longer than at the usual speed: seconds, means over agents and replications."""
    runs = {arm.name: study.runs_of(arm.name) for arm in study.present}
    return _table(runs, lambda run: _of_agents(lambda account: account.slowed)(run) if run.accounts else 0.0)


def draw(study: Study, width: float) -> Figure:
    """Draws a bar for each arm of the time of its agents, and of their messages where they sent some."""
    if len(study.present) > MOST_BARS:
        raise NoData(f"{len(study.present)} arms do not fit; choose some with --arm")
    panels = {"time": times(study), "messages": messages(study)}
    panels = {kind: parts for kind, parts in panels.items() if parts}
    if not panels:
        raise NoData("the file keeps no accounts of agents and messages")
    columns = 1 if width < 5 else len(panels)
    rows = len(panels) // columns
    names = _names(study, width)
    lines = sum(max(1.0, 0.75 * (name.count("\n") + 1)) for name in names)
    height = rows * (0.19 * lines + 0.5) + (0.55 if "messages" in panels and bytes_each(study) else 0.0)
    figure, grid = plt.subplots(
        rows, columns, figsize=(width, height), layout="constrained", squeeze=False, sharey=True
    )
    entries: dict[str, list[Patch]] = {}
    small: list[str] = []
    for panel, (kind, parts) in zip(grid.flat, panels.items()):
        seen, hidden = _seen(parts)
        small += hidden
        extra = slowed(study) if kind == "time" else {}
        unit, label = _unit(kind, parts)
        _draw_bars(panel, study, parts, extra, unit)
        panel.set_xlabel(label)
        if kind == "messages":
            _scale_of_bytes(panel, study, unit)
        entries[kind] = [_patch(part) for part in seen]
        if any(value > LEAST * _length(parts, arm) for arm, value in extra.items()):
            entries[kind].insert(1, _slowed_patch())
        if in_first_column(panel):
            panel.set_yticks(range(len(names)), names)
    each = 1 if width < 5 else 2
    handles = _in_columns(entries, each)
    legend(
        figure, _note(study, list(panels), small), handles, [str(handle.get_label()) for handle in handles],
        columns=each * len(entries),
    )
    return figure


def _names(study: Study, width: float) -> list[str]:
    """The names of arms, with how many runs each has where they differ."""
    counts = [len(study.runs_of(arm.name)) for arm in study.present]
    called = labels(study)
    room = width * 72 * (0.3 if width < 5 else 0.2)
    return [
        wrapped(with_count(shortened(called[arm.name], 3 * room, 7), count, counts), room, 7)
        for arm, count in zip(study.present, counts)
    ]


def _length(parts: list[Part], arm: str) -> float:
    return sum(part.amounts[arm] for part in parts)


def _seen(parts: list[Part]) -> tuple[list[Part], list[str]]:
    """The parts that can be seen in some bar, and the names of those that are there and cannot."""
    largest = {
        part.name: max((amount / (_length(parts, arm) or 1.0) for arm, amount in part.amounts.items()), default=0.0)
        for part in parts
    }
    seen = [part for part in parts if largest[part.name] >= LEAST]
    # Of seconds that cannot be seen the causes are not told.
    hidden = [part.name.split(": ")[0] if part.has_cause else part.name for part in parts if 0 < largest[part.name] < LEAST]
    return seen, list(dict.fromkeys(hidden))


def _unit(kind: str, parts: list[Part]) -> tuple[float, str]:
    longest = max(_length(parts, arm) for arm in parts[0].amounts)
    if kind == "time":
        unit, name = time_unit(longest)
        return unit, f"Virtual time, mean over agents ({name})"
    unit, _ = scaled(longest)
    words = {1.0: "", 1e3: " (thousands)", 1e6: " (millions)", 1e9: " (10⁹)"}
    return unit, f"Messages of all agents{words[unit]}"


def bytes_each(study: Study) -> float | None:
    """The bytes of a message, acknowledgements left out, where all that went onto links have as many."""
    found = set()
    for run in study.runs:
        fates = run.messages
        unpaid = sum(fates.get(name, 0.0) for name in ("superseded", "never_started", "lost_waiting", "copies"))
        started = fates.get("sent", 0.0) - unpaid
        if fates.get("acknowledgements"):
            return None
        if started > 0:
            found.add(fates.get("bytes", 0.0) / started)
    return found.pop() if len(found) == 1 and min(found) > 0 else None


def _scale_of_bytes(axes: Axes, study: Study, unit: float) -> None:
    """Puts the bytes of the messages above their numbers, where one follows from the other."""
    each = bytes_each(study)
    if each is None:
        return
    longest = axes.get_xlim()[1] * unit * each
    size, name = next((size or 1.0, name) for size, name in BYTES if longest >= size)
    factor = unit * each / size
    scale = axes.secondary_xaxis("top", functions=(lambda x: np.asarray(x) * factor, lambda x: np.asarray(x) / factor))
    scale.set_xlabel(f"Their bytes ({name})")
    scale.set_gid("bytes")


def _draw_bars(axes: Axes, study: Study, parts: list[Part], extra: dict[str, float], unit: float) -> None:
    """Draws the bars of a panel, the first arm on top, each with the share of its first part behind it."""
    arms = [arm.name for arm in study.present]
    lengths = np.array([_length(parts, arm) for arm in arms])
    before = np.zeros(len(arms))
    for part in parts:
        amounts = np.array([part.amounts[arm] for arm in arms])
        drawn = amounts > 0
        bars: dict[str, Any] = {"y": np.arange(len(arms))[drawn], "left": before[drawn] / unit, "height": BAR}
        axes.barh(width=amounts[drawn] / unit, gid=part.name, **bars, **_face(part))
        # A hatching has the colour of the edge, which is to be white.
        axes.barh(width=amounts[drawn] / unit, facecolor="none", edgecolor="white", linewidth=0.4, **bars)
        before += amounts
    for place, arm in enumerate(arms):
        late = extra.get(arm, 0.0)
        if late > LEAST * lengths[place]:
            # The end of what was completed; where more was slowed than that, of all steps.
            start = max(0.0, parts[0].amounts[arm] - late)
            axes.barh(
                place, late / unit, left=start / unit, height=BAR, facecolor="none", edgecolor="white", linewidth=0.4,
                hatch="////", gid="slowed", zorder=3,
            )
        share = 100 * parts[0].amounts[arm] / lengths[place] if lengths[place] > 0 else None
        text = "none" if share is None else f"{share:.{0 if share >= 9.95 else 1}f}\N{NO-BREAK SPACE}%"
        axes.annotate(
            text, (lengths[place] / unit, place), xytext=(3, 0), textcoords="offset points", va="center", fontsize=6.5,
            gid="share",
        )
    axes.set_ylim(len(arms) - 0.5, -0.5)
    # Room for the share behind the longest bar.
    axes.set_xlim(0, lengths.max() / unit * 1.18)
    axes.grid(False, axis="y")
    axes.tick_params(axis="y", length=0)


def _face(part: Part) -> dict[str, Any]:
    """Fill and hatching of a part, by which neighbours of one colour, or of like greys, are told apart."""
    return {"facecolor": part.colour, "edgecolor": "0.35", "hatch": part.hatch, "linewidth": 0}


def _patch(part: Part) -> Patch:
    return Patch(label=shortened(part.name, LABEL, 7), **_face(part))


def _slowed_patch() -> Patch:
    return Patch(facecolor=MAIN, edgecolor="white", hatch="////", linewidth=0.4, label="of it beyond usual speed")


def _in_columns(entries: dict[str, list[Patch]], each: int) -> list[Patch]:
    """The entries of a legend with some columns for each panel, under its name: all are as long as the longest."""
    longest = max(-(-len(column) // each) for column in entries.values())

    def words(text: str) -> Patch:
        return Patch(facecolor="none", edgecolor="none", label=text)

    found = []
    for kind, column in entries.items():
        column = column + [words(" ")] * (each * longest - len(column))
        for place in range(each):
            found += [words(f"{kind.capitalize()}:" if place == 0 else " "), *column[place * longest:][:longest]]
    return found


def _note(study: Study, kinds: list[str], small: list[str]) -> str:
    counts = [len(study.runs_of(arm.name)) for arm in study.present]
    mean = "Means over replications" if max(counts) > 1 else "One replication"
    words = " and ".join({"time": "time in completed steps", "messages": "messages used"}[kind] for kind in kinds)
    rest = f"; behind bars: share of {words}"
    rest += f"; {counted(counts)}" if max(counts) > 1 else ""
    rest += f"; too little to be seen: {', '.join(small)}" if small else ""
    rest += matched(study)
    diverged = diverged_arms(study)
    return mean + rest + (f"; diverged: {diverged}" if diverged else "")
