# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenarios: what a study is of, however it was written."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .diagnostics import Caution
from .emission import document, inline
from .errors import InputError
from .process import ask_document
from .program import find_program

_NAME = re.compile(r"""^name:\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<plain>[^#\n]*))""", re.MULTILINE)
_UNUSUAL = re.compile(r"[^\w.=,-]+")


@dataclass(frozen=True)
class Place:
    """Where the program finds a scenario."""

    file: str
    """As it is named to the program, and so in its messages."""
    folder: Path | None
    """Where the program runs; where Python does, without one."""


class Scenario:
    """A scenario from a file, a YAML text, a mapping, or keyword arguments.

    Values are those of scenario files: texts with units such as `"20 ms"` and `"-30 dB"` as they stand there, numbers, and
    mappings and lists of them. Nothing is checked before the program reads it, so all errors are its own.

    >>> scenario = Scenario(
    ...     name="ring", task={"kind": "linear-regression", "dimension": 5}, network={"topology": "ring", "agents": 10},
    ...     learner={"step-size": 0.05}, measure={"until": "10 s", "every": "1 s"})
    >>> print(scenario.text.splitlines()[-3])
    measure:

    Args:
        source: a path of a file (a `Path`, or a text in one line), a YAML text (of several lines), or a mapping.
        settings: instead of a source, the sections of a scenario; `preset_unit` stands for `preset-unit`. Beside a
            mapping, sections that take the place of its own.

    Raises:
        InputError: the file cannot be read.
        TypeError: a value that scenarios have nothing for.

    Files that a scenario names, such as data, lie beside its own file; without one give their whole paths.
    """

    def __init__(self, source: str | Path | Mapping[str, Any] | None = None, /, **settings: Any) -> None:
        sections = {key.replace("_", "-"): value for key, value in settings.items()}
        self.path: Path | None = None
        """The file; None where the scenario has none."""
        self.text: str
        """The scenario as YAML."""
        if isinstance(source, Mapping) or source is None:
            self.text = document({**(source or {}), **sections})
            return
        if sections:
            raise TypeError("keyword arguments go with a mapping, or stand alone; for a file or a text give `overrides`")
        if isinstance(source, str) and "\n" in source:
            self.text = source
            return
        self.path = Path(source)
        try:
            self.text = self.path.read_text(encoding="utf-8", errors="replace")
        except OSError as reason:
            raise InputError(f"{source}: error: {reason.strerror}", 66) from reason

    @property
    def name(self) -> str:
        """What the scenario is called; `scenario` where its text does not say so in one line."""
        match = _NAME.search(self.text)
        found = next((part for part in match.groups() if part is not None), "") if match else ""
        return found.strip() or "scenario"

    @property
    def file_name(self) -> str:
        """The name in letters that files may have."""
        return _UNUSUAL.sub("-", self.name)[:80].lstrip(".-") or "scenario"

    @contextmanager
    def placed(self) -> Iterator[Place]:
        """The scenario as a file, for as long as the program needs it."""
        if self.path is not None:
            yield Place(str(self.path), None)
            return
        with tempfile.TemporaryDirectory(prefix="starling-") as folder:
            file = f"{self.file_name}.yaml"
            (Path(folder) / file).write_text(self.text, encoding="utf-8")
            yield Place(file, Path(folder))

    def validate(self, overrides: Mapping[str, Any] | None = None, program: str | Path | None = None) -> list[Caution]:
        """Checks the scenario without running it; returns what it is warned of.

        Raises:
            ScenarioError: says all that is wrong with it.
        """
        with self.placed() as place:
            found = ask_document(
                find_program(program), ["validate", "--json", "--", place.file, *override_arguments(overrides)], place.folder
            )
        return [Caution(entry["message"], entry["remedy"]) for entry in found["warnings"]]

    def resolved(self, overrides: Mapping[str, Any] | None = None, program: str | Path | None = None) -> Scenario:
        """The same scenario with every default written out.

        Raises:
            ScenarioError: says all that is wrong with it.
        """
        with self.placed() as place:
            found = ask_document(
                find_program(program), ["show", "--json", "--", place.file, *override_arguments(overrides)], place.folder
            )
        return Scenario(found["scenario"])

    def digest(self, *more: str) -> str:
        """Eight digits that tell the text, and whatever else a study is of, from others."""
        whole = "\0".join([self.text, *more])
        return hashlib.sha256(whole.encode()).hexdigest()[:8]

    def __repr__(self) -> str:
        source = f"file '{self.path}'" if self.path else f"{len(self.text.splitlines())} lines"
        return f"<Scenario '{self.name}', {source}>"

    def __str__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self.text == other.text and self.path == other.path

    def __hash__(self) -> int:
        return hash((self.text, self.path))


ScenarioLike = Scenario | str | Path | Mapping[str, Any]
"""A scenario, or what one is made of."""


def scenario(source: ScenarioLike) -> Scenario:
    """A scenario of whatever one is made of."""
    return source if isinstance(source, Scenario) else Scenario(source)


def override_arguments(overrides: Mapping[str, Any] | None) -> list[str]:
    """Overrides as the command line takes them.

    A list or tuple is several values, an arm each; a text is taken as it stands, so that a list as one value is a text.

    >>> override_arguments({"conditions.links.loss": [0, 0.1], "measure.until": "1 min", "timeline": "[]"})
    ['conditions.links.loss=0,0.1', 'measure.until=1 min', 'timeline=[]']
    """
    return [f"{key}={_values(value, key)}" for key, value in (overrides or {}).items()]


def _values(value: Any, key: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)):
        return ",".join(entry if isinstance(entry, str) else inline(entry, key) for entry in value)
    return inline(value, key)
