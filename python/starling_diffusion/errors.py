# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong, by what can be done about it; every error keeps the program's own words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .study import Study


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, and where."""

    message: str
    """In one line, without its place."""
    text: str
    """As the program prints it: place, message, the line with a caret below it, and what is allowed."""
    file: str | None = None
    """As it was named to the program; for a scenario without a file `NAME.yaml`."""
    line: int | None = None
    """Counted from 1; None where the fault is in no line, as in an override."""
    column: int | None = None
    """Counted from 1, in characters."""
    key: str | None = None
    """The dotted path of the key that it is about; None where the message names none."""
    override: str | None = None
    """`KEY=VALUE`, where the fault is in an override."""
    hint: str | None = None
    """What stands behind the caret: what is meant perhaps, or what is allowed."""


class StarlingError(Exception):
    """Something that the program refused or could not do.

    Its text is what the program has said, place and caret included.
    """

    def __init__(self, text: str, status: int, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(text)
        self.text = text
        self.status = status
        """The exit status of the program: 64 usage, 65 bad scenario or results, 66 no input, 70 internal, 73 and 74 output."""
        self.faults = faults
        """Everything that is wrong, in the order of the file; empty where the program names no place."""

    @property
    def _first(self) -> Fault | None:
        return self.faults[0] if self.faults else None

    @property
    def file(self) -> str | None:
        """The file of the first fault."""
        return self._first.file if self._first else None

    @property
    def line(self) -> int | None:
        """The line of the first fault, counted from 1."""
        return self._first.line if self._first else None

    @property
    def column(self) -> int | None:
        """The column of the first fault, counted from 1."""
        return self._first.column if self._first else None

    @property
    def key(self) -> str | None:
        """The dotted path of the key that the first fault is about."""
        return self._first.key if self._first else None


class ScenarioError(StarlingError):
    """A scenario, or an override of one, that says something wrong."""


class UsageError(StarlingError):
    """An argument that the program does not take, such as an arm that is not there or a claim that cannot be read."""


class InputError(StarlingError):
    """A file that is not there or cannot be read."""


class ResultsError(StarlingError):
    """A results file that cannot be used: of another study, in use by another process, damaged, or of a newer version."""


class OutputError(StarlingError):
    """A file that cannot be created or written."""


class ProgramError(StarlingError):
    """The program is missing, of another version, or has failed by itself."""


class RunsFailed(StarlingError):
    """Runs that ended with an error; all others are kept."""

    def __init__(self, text: str, status: int, study: Study) -> None:
        super().__init__(text, status)
        self.study = study
        """What there is all the same; its `failures` say what happened to the others."""


class StudyInterrupted(KeyboardInterrupt):
    """A study that was told to stop, by Ctrl-C or a signal to the program; the same call goes on with it.

    As other interruptions it is no `Exception`, so that a loop over studies that goes on past errors ends.
    """

    def __init__(self, text: str, status: int, path: Path) -> None:
        super().__init__(text)
        self.text = text
        self.status = status
        """75 if the study stopped in good order, 130 if it was ended at once."""
        self.path = path
        """The results file, which holds the runs that have ended."""
