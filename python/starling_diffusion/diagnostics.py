# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what the program says on standard error: the one place that takes sentences of the program apart.

Messages are for people, so nothing here decides what a study is or holds; only where a fault is, and what kind of error
it makes in Python.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from .errors import (
    Fault,
    InputError,
    OutputError,
    ProgramError,
    ResultsError,
    ScenarioError,
    StarlingError,
    UsageError,
)

USAGE, BAD_INPUT, NO_INPUT, INTERNAL, CANNOT_CREATE, CANNOT_WRITE = 64, 65, 66, 70, 73, 74
RESUMABLE, INTERRUPTED = 75, 130
"""Exit statuses of the program."""

_PLACE = re.compile(r"(?P<file>.+?):(?P<line>\d+):(?P<column>\d+): error: (?P<message>.*)")
_OVERRIDE = re.compile(r"override (?P<override>[^=]+=.*?): error: (?P<message>.*)")
_FILE = re.compile(r"(?P<file>(?!override ).+?): error: (?P<message>.*)")
_COUNT = re.compile(r"\d+ errors")
_PATH = r"[a-z][a-z0-9-]*(?:\.[a-z0-9-]+|\[\d+\])*"
_NAMED = re.compile(
    rf"(?:unknown|missing) key '(?P<key>[^']+)'(?: in (?P<parent>{_PATH}))?|key '(?P<twice>[^']+)' is given twice"
)
_SUBJECT = re.compile(rf"(?P<path>{_PATH}) (?:is|must|has|needs|cannot|takes|goes|would|does|may) ")
_DOTTED = re.compile(r"(?<![\w.'-])[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)+(?![\w'-])")
_CARET = re.compile(r"\s*\d*\s*\| *\^~* ?(?P<hint>.*)")
_FURTHER = re.compile(r"\s*\| (?P<hint>.*)")


@dataclass(frozen=True)
class Caution:
    """A warning, and what would remedy it."""

    message: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.message}\n-> {self.remedy}" if self.remedy else self.message


def faults(text: str) -> tuple[Fault, ...]:
    """Everything that a message says is wrong, each with its place.

    >>> fault, = faults("a.yaml:4:5: error: unknown key 'latncy' in conditions.links\\n"
    ...     " 4 |     latncy: 3\\n   |     ^~~~~~ did you mean 'latency'?")
    >>> fault.line, fault.column, fault.key, fault.hint
    (4, 5, 'conditions.links.latncy', "did you mean 'latency'?")
    """
    found: list[list[str]] = []
    for line in text.splitlines():
        is_first = not line.startswith(" ") and any(form.fullmatch(line) for form in (_PLACE, _OVERRIDE, _FILE))
        if is_first:
            found.append([line])
        elif found and not _COUNT.fullmatch(line):
            found[-1].append(line)
    return tuple(_fault(lines) for lines in found)


def _fault(lines: list[str]) -> Fault:
    text, hint = "\n".join(lines), _hint(lines[1:])
    if match := _PLACE.fullmatch(lines[0]):
        fault = Fault(match["message"], text, match["file"], int(match["line"]), int(match["column"]), hint=hint)
    elif match := _OVERRIDE.fullmatch(lines[0]):
        fault = Fault(match["message"], text, override=match["override"], hint=hint)
    else:
        match = _FILE.fullmatch(lines[0])
        fault = Fault(match["message"], text, match["file"], hint=hint) if match else Fault(lines[0], text)
    return replace(fault, key=_key(fault))


def _hint(lines: list[str]) -> str | None:
    """What stands behind the caret, and in the lines below it."""
    for place, line in enumerate(lines):
        if match := _CARET.fullmatch(line):
            below = [further["hint"] for further in map(_FURTHER.fullmatch, lines[place + 1:]) if further]
            return "\n".join(part for part in [match["hint"], *below] if part) or None
    return None


def _key(fault: Fault) -> str | None:
    if fault.override is not None:
        return fault.override.partition("=")[0]
    if match := _NAMED.search(fault.message):
        name = match["key"] or match["twice"]
        return f"{match['parent']}.{name}" if match["parent"] else str(name)
    if match := _SUBJECT.match(fault.message):
        return match["path"]
    match = _DOTTED.search(fault.message)
    return match[0] if match else None


def error(text: str, status: int) -> StarlingError:
    """The error that a message and an exit status make."""
    text = text.strip() or f"the program ended with status {status} and said nothing"
    found = faults(text)
    if status == USAGE:
        return UsageError(text, status, found)
    if status == BAD_INPUT:
        return ScenarioError(text, status, found) if found else ResultsError(text, status)
    if status == NO_INPUT:
        return InputError(text, status, found)
    if status in (CANNOT_CREATE, CANNOT_WRITE):
        return OutputError(text, status)
    if status == RESUMABLE:
        return ResultsError(text, status)
    return ProgramError(text, status)


def is_interruption(text: str) -> bool:
    """Whether a study that can be resumed was interrupted; else it was stopped as asked, or its results file is in use."""
    return any(line.startswith("interrupted") for line in text.splitlines())


def is_stop(text: str) -> bool:
    """Whether a study that can be resumed was stopped at a virtual time, as it was asked for."""
    return any(line.startswith("stopped at ") for line in text.splitlines())


def cautions(text: str) -> list[Caution]:
    """The warnings that a study began with."""
    found: list[Caution] = []
    for line in text.splitlines():
        if line.startswith("warning: "):
            found.append(Caution(line.removeprefix("warning: ")))
        elif line.startswith("  -> ") and found and not found[-1].remedy:
            found[-1] = replace(found[-1], remedy=line.removeprefix("  -> "))
    return found


def complaint(text: str) -> str:
    """What went wrong, without what was said of progress before it."""
    lines = text.splitlines()
    beginnings = ("error: ", "Error: ", "interrupted", "stopped at ")
    starts = [
        place for place, line in enumerate(lines)
        if line.startswith(beginnings) or any(form.fullmatch(line) for form in (_PLACE, _OVERRIDE, _FILE))
    ]
    return "\n".join(lines[min(starts):] if starts else lines).strip()
