# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of Python as YAML, in the form in which scenarios are written: a line for each key, so that errors have places.

| Python | scenario |
|---|---|
| str | as it stands, such as `20 ms`, quoted where YAML would take it apart |
| float | the shortest digits that read back as the same bits |
| int, bool | digits; `true` or `false` |
| None | `none` |
| timedelta | a whole number of microseconds |
| mapping | a map, in its order |
| list, tuple, array of NumPy | a list |
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

_PLAIN = re.compile(r"-?[A-Za-z0-9./]+(?:[ _.%+/()*<>=^~-]+[A-Za-z0-9%.)/]+)*(?: ?%)?")
"""Texts that YAML takes as they stand, in blocks and within brackets."""
_SHORT = 100
"""Lists and maps of lists take one line of so many letters, if they fit."""


def document(settings: Mapping[str, Any]) -> str:
    """A scenario as YAML.

    >>> settings = {"name": "mine", "learner": {"step-size": 0.1}, "stragglers": [{"share": 0.1}, {"share": 0.2}]}
    >>> print(document(settings), end="")
    name: mine
    learner:
      step-size: 0.1
    stragglers:
      - {share: 0.1}
      - {share: 0.2}

    Raises:
        TypeError: a key that is no text, or a value that scenarios have nothing for; the message names its place.
    """
    return "".join(f"{line}\n" for line in _map(settings, "", ""))


def inline(value: Any, path: str = "") -> str:
    """A value in one line, as overrides take it.

    >>> inline({"lognormal": {"median": "100 ms", "sigma": 0.2}})
    '{lognormal: {median: 100 ms, sigma: 0.2}}'
    """
    value = _simple(value, path)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key, path)}: {inline(entry, _below(path, key))}" for key, entry in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(inline(entry, f"{path}[{place}]") for place, entry in enumerate(value)) + "]"
    return _scalar(value, path)


def _map(settings: Mapping[str, Any], indent: str, path: str) -> list[str]:
    lines = []
    for key, value in settings.items():
        head, below = f"{indent}{_key(key, path)}:", _below(path, key)
        value = _simple(value, below)
        if isinstance(value, Mapping) and value:
            lines += [head, *_map(value, indent + "  ", below)]
        elif _is_list(value) and (len(line := f"{head} {inline(value, below)}") > _SHORT or any(map(_is_map, value))):
            entries = [inline(entry, f"{below}[{place}]") for place, entry in enumerate(value)]
            lines += [head, *(f"{indent}  - {entry}" for entry in entries)] if entries else [line]
        else:
            lines.append(f"{head} {inline(value, below)}")
    return lines


def _simple(value: Any, path: str) -> Any:
    """A value with what NumPy and others make of numbers and lists replaced by those of Python."""
    if isinstance(value, (str, bool, int, float, Mapping)) or value is None:
        # A float64 of NumPy is a float whose own words are others.
        return float(value) if isinstance(value, float) else value
    if isinstance(value, timedelta):
        return f"{value // timedelta(microseconds=1)} us"
    if isinstance(value, Path):
        return str(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, Sequence):
        return list(value)
    raise TypeError(f"{path or 'the scenario'} is of type {type(value).__name__}, which scenarios have nothing for")


def _scalar(value: Any, path: str) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    return _text(str(value))


def _text(text: str) -> str:
    # What JSON escapes YAML reads, and so are quotes and letters of all scripts.
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _key(key: Any, path: str) -> str:
    if not isinstance(key, str):
        raise TypeError(f"{path or 'the scenario'} has the key {key!r}, which is no text")
    return _text(key)


def _below(path: str, key: Any) -> str:
    return f"{path}.{key}" if path else str(key)


def _is_map(value: Any) -> bool:
    return isinstance(value, Mapping)


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)
