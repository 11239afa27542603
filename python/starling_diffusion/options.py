# SPDX-License-Identifier: GPL-3.0-or-later
"""What `run`, `compare` and `sweep` can be told, and how the program is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict

from .progress import Listener
from .scenario import override_arguments

Many = str | Sequence[str]
"""One text or several."""


class StudyOptions(TypedDict, total=False):
    """What all studies can be told. `starling run --help` says more."""

    overrides: Mapping[str, Any]
    """Settings to change, by their dotted paths; a list of values makes an arm of each."""
    replications: int
    seed: int
    ties: str
    """How exact ties in time are taken: `fifo`, or `random:SEED`."""
    require: Many
    """Claims that the runs are to show, such as `'async.time-to-target < 1 min'`."""
    until_precision: str | float
    """Replications are added until every mean is known so precisely, such as `'5 %'` or 0.05."""
    at_most: int
    """How many replications then at most."""
    jobs: int
    """How many runs at the same time; one per processor unless it is given."""
    output: str | Path
    """The results file; `results/NAME-DIGEST.sqlite` unless it is given."""
    restart: bool
    """Begin anew; an earlier results file is kept under its name with ~ added."""
    retry_failed: bool
    """Run again what has failed in an earlier attempt."""
    stop_at: str
    """Stop every run at this virtual time; the same call without it goes on from there."""
    save_every: str
    """Keep the state of runs under way so often in real time, or `none`."""
    keep_state_at: Many
    """Keep the state of every run at these virtual times."""
    forget_stopped: bool
    """Begin runs anew that were stopped on their way."""
    progress: bool | Listener | None
    """True for a bar, False for none, a function that is told; a bar where a person reads it, unless it is given."""
    program: str | Path
    """The program, in place of the one that is found."""


class RunOptions(StudyOptions, total=False):
    """What `run` can be told besides."""

    arm: str
    """The arm of the scenario to run; without it the scenario is run as it stands, its arms left aside."""
    trace: str | Path
    """Write what happens in one run to this file."""
    replication: int
    """Which replication that is, from 0."""


class SweepOptions(StudyOptions, total=False):
    """What `sweep` can be told besides."""

    shard: str
    """Run one of N parts of the study, such as `1/4`."""


class CompareOptions(SweepOptions, total=False):
    """What `compare` can be told besides."""

    match: str
    """Tune the step size of each arm until all end equally accurate, such as `final-msd`."""
    match_to: str
    """The arm that keeps its step size."""
    pilots: int
    """How many pilot replications of each arm."""


_OF_PYTHON = {"overrides", "progress", "program", "output"}
_IDENTITY = {"seed", "ties", "arm", "match", "match_to", "pilots", "shard"}
"""Options that make another study, and so another results file."""


def refuse_unknown(options: Mapping[str, Any], kind: Any, command: str) -> None:
    """
    Raises:
        TypeError: an option that the command has not.
    """
    known = kind.__annotations__
    for name in options:
        if name not in known:
            raise TypeError(f"{command}() has no option '{name}'; it has {', '.join(sorted(known))}")


def flags(options: Mapping[str, Any]) -> list[str]:
    """Options as the command line takes them, without overrides and the results file.

    >>> flags({"replications": 3, "restart": True, "require": ["a.x < 1", "b.x < 1"], "retry_failed": False})
    ['--replications=3', '--restart', '--require=a.x < 1', '--require=b.x < 1']
    """
    found = []
    for name, value in options.items():
        if name in _OF_PYTHON or value is None or value is False:
            continue
        flag = f"--{name.replace('_', '-')}"
        if value is True:
            found.append(flag)
        elif isinstance(value, (list, tuple)):
            found += [f"{flag}={entry}" for entry in value]
        else:
            found.append(f"{flag}={Path(value).absolute() if name == 'trace' else value}")
    return found


def identity(options: Mapping[str, Any]) -> list[str]:
    """What of the options makes another study."""
    overrides = {key: value for key, value in (options.get("overrides") or {}).items() if key != "replications"}
    return override_arguments(overrides) + flags({name: options[name] for name in sorted(_IDENTITY & options.keys())})
