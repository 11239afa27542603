# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scripted timeline of each arm does, as marks and bands behind curves against virtual time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes

from .records import Arm
from .results import Study
from .style import labels

BANDS = {"partition": "////", "cut": "\\\\\\\\", "slow": "....", "pause": "xxxx", "change-links": "----"}
"""What holds for a while, and the hatching of its band."""
ENDS = {"heal": "partition", "restore": "cut", "resume": "pause", "recover": "crash"}
"""What ends what."""
MARKS = {
    "crash": (0, (1.2, 1.8)), "recover": (0, (5, 2)), "change-task": "-", "join": (0, (7, 2, 1.2, 2)),
    "leave": (0, (7, 2, 1.2, 2, 1.2, 2)),
}
"""What happens at an instant, and the dashes of its line."""
MOST = 500
"""Of events that come more often than this only the first are drawn: more could not be told apart in print."""
UNITS = {
    "ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1, "min": 60, "h": 3600, "day": 86_400,
}
TOKEN = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[\[\]{},]|:(?=\s|$)|(?:[^\[\]{},:]|:(?!\s|$))+)""")


@dataclass(frozen=True)
class Happening:
    """One action at one time, in seconds; `end` is that of what holds for a while, `start` for an instant."""

    action: str
    start: float
    end: float


def parsed(text: str) -> Any:
    """The value of a setting as results files keep it: maps and lists in braces and brackets, scalars as text.

    Raises:
        ValueError: if the text is none.
    """
    tokens = [token.strip() for token in TOKEN.findall(text)]
    tokens = [token for token in tokens if token]
    value, after = _value(tokens, 0)
    if after != len(tokens):
        raise ValueError(f"'{text}' is not one value")
    return value


def _value(tokens: list[str], at: int) -> tuple[Any, int]:
    """The value that begins at a token, and the place of the token after it."""
    if at >= len(tokens) or tokens[at] in "]},:":
        raise ValueError("a value is missing")
    if tokens[at] not in "[{":
        return _scalar(tokens[at]), at + 1
    is_map, close = tokens[at] == "{", "}" if tokens[at] == "{" else "]"
    entries: list[Any] = []
    at += 1
    while at < len(tokens) and tokens[at] != close:
        entry, at = _value(tokens, at)
        if is_map:
            if tokens[at:at + 1] != [":"]:
                raise ValueError("a key without a value")
            value, at = _value(tokens, at + 1)
            entry = (entry, value)
        entries.append(entry)
        if tokens[at:at + 1] == [","]:
            at += 1
    if at >= len(tokens):
        raise ValueError(f"'{close}' is missing")
    return (dict(entries) if is_map else entries), at + 1


def _scalar(token: str) -> str:
    if token.startswith('"'):
        return str(json.loads(token))
    return token[1:-1].replace("''", "'") if token.startswith("'") else token


def seconds(text: str, until: float) -> float:
    """A time in seconds; a share (`33 %`, or a number without unit) is one of the run's length.

    Raises:
        ValueError: if the text is no time.
    """
    found = re.fullmatch(r"([-+.\deE]+?)\s*([a-zµ%]*)", text) if _is_time(text) else None
    if not found:
        raise ValueError(f"'{text}' is no time")
    number, unit = found.groups()
    if unit in ("", "%"):
        return float(number) * until / (100 if unit else 1)
    return float(number) * UNITS[unit]


def _is_time(text: str) -> bool:
    found = re.fullmatch(r"[-+]?[.\d]+(?:[eE][-+]?\d+)?\s*([a-zµ%]*)", text)
    return found is not None and (found[1] in ("", "%") or found[1] in UNITS)


def happenings(arm: Arm) -> list[Happening]:
    """What the timeline of an arm does until its end, in order of time.

    What has no `for` holds until a counterpart that is meant for all, for the same agents or links, or for the event
    by its name, else to the end. A crash that ends is two happenings, the crash and the recovery.
    """
    text = arm.settings.get("timeline", "[]")
    entries = parsed(text) if text not in ("", "none") else []
    times = [(start, entry) for entry in entries for start in _times(entry, arm.until)]
    times.sort(key=lambda pair: pair[0])
    found = []
    for start, entry in times:
        action = _action(entry)
        if action in BANDS:
            found.append(Happening(action, start, _end(entry, start, times, arm.until)))
        elif action in MARKS:
            found.append(Happening(action, start, start))
            if action == "crash" and "for" in entry:
                end = start + seconds(entry["for"], arm.until)
                found += [Happening("recover", end, end)] if end <= arm.until else []
    return sorted(found, key=lambda entry: entry.start)


def _action(entry: dict[str, Any]) -> str:
    return next((key for key in entry if key in BANDS or key in MARKS or key in ENDS), "")


def _times(entry: dict[str, Any], until: float) -> list[float]:
    """When an entry of the timeline comes, up to the end of the run."""
    given = entry["at"] if isinstance(entry["at"], list) else [entry["at"]]
    first = [seconds(text, until) for text in given]
    if "every" in entry:
        every = seconds(entry["every"], until)
        most = min(int(entry["times"]) if "times" in entry else MOST, MOST)
        first = [start + index * every for start in first for index in range(most)]
    return [start for start in first if start <= until]


def _end(entry: dict[str, Any], start: float, times: list[tuple[float, dict[str, Any]]], until: float) -> float:
    """When what an entry began at a time is over."""
    if "for" in entry:
        return min(start + seconds(entry["for"], until), until)
    action = _action(entry)
    name = entry.get("name", f"{action}@{start:g}s")
    for time, other in times:
        counterpart = _action(other)
        if time > start and ENDS.get(counterpart) == action:
            whom = other[counterpart]
            # Of what is drawn anew others may come back than went.
            is_same = whom == entry[action] and not (isinstance(whom, dict) and {"count", "share"} & whom.keys())
            if is_same or whom in ("all", {"event": name}, {"links": "all"}):
                return time
    return until


def draw(axes: Axes, study: Study, arms: Iterable[Arm], unit: float) -> None:
    """Draws bands and marks behind the curves of a panel against time, each kind named once for the legend.

    Where arms differ in what happens to them, the legend says to which of them it does.
    """
    names = labels(study)
    draw_happenings(axes, {names[arm.name]: happenings(arm) for arm in arms}, unit)


def draw_happenings(axes: Axes, found: dict[str, list[Happening]], unit: float) -> None:
    """Draws what happens to each of some arms, by what they are called."""
    whose: dict[Happening, list[str]] = {}
    for name, entries in found.items():
        for entry in dict.fromkeys(entries):
            whose.setdefault(entry, []).append(name)
    named = set()
    for entry, met in sorted(whose.items(), key=lambda pair: pair[0].start):
        text = entry.action + _of_whom(met, list(found))
        label = "_" + text if text in named else text
        named.add(text)
        if entry.action in BANDS:
            axes.axvspan(
                entry.start / unit, entry.end / unit, facecolor="0.95", edgecolor="0.8", linewidth=0,
                hatch=BANDS[entry.action], zorder=0.5, gid="timeline", label=label,
            )
        else:
            axes.axvline(
                entry.start / unit, color="0.35", linewidth=0.8, linestyle=MARKS[entry.action], zorder=1.2,
                gid="timeline", label=label,
            )


def _of_whom(met: list[str], names: list[str]) -> str:
    """To which arms something happens, by the shorter of two lists; nothing where it happens to all.

    Names that hold commas are told apart by semicolons.
    """
    others = [name for name in names if name not in met]
    if not others:
        return ""
    shorter, before = (others, "all but ") if len(others) < len(met) else (met, "")
    separator = "; " if any("," in name for name in shorter) else ", "
    return f" ({before}{separator.join(shorter)})"
