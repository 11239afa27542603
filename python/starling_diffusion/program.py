# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the program is. The package never looks into it: it starts the program and reads what that writes."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .errors import ProgramError
from .version import __version__

VARIABLE = "STARLING"
"""The variable of the environment that names the program."""
_chosen: Path | None = None


@dataclass(frozen=True)
class Program:
    """A program that has been found and is of the right version."""

    path: Path
    version: str
    origin: str
    """How it was found, in words."""

    def __str__(self) -> str:
        return f"starling {self.version} at {self.path} ({self.origin})"


def set_program(path: str | Path | None) -> None:
    """Chooses the program for all that follows; None goes back to looking for it.

    Raises:
        ProgramError: there is no program at that path, or it is of another version.
    """
    global _chosen
    if path is not None:
        find_program(path)
    _chosen = None if path is None else Path(path).resolve()


def find_program(path: str | Path | None = None) -> Program:
    """The program: the one at a path, or else the first that there is.

    It is looked for in this order: `set_program`, the variable STARLING, the copy that a wheel carries, a build in the
    checkout that the package lies in, and the folders of PATH. What was named is taken or refused; nothing else is
    taken in its place.

    Raises:
        ProgramError: there is none, or it is of another version.
    """
    if path is not None:
        return _checked(Path(path), "named by the argument")
    if _chosen is not None:
        return _checked(_chosen, "named by set_program")
    if named := os.environ.get(VARIABLE):
        return _checked(Path(named), f"named by the variable {VARIABLE}")
    for candidate, origin in _candidates():
        if _is_program(candidate):
            return _checked(candidate, origin)
    raise ProgramError(
        "there is no program 'starling': it is not in this package, not in a checkout above it, and not in PATH\n"
        "  -> build it with `make build` in a checkout of Starling, then\n"
        f"     starling_diffusion.set_program('.build/release/starling'), or set the variable {VARIABLE} to its path",
        70,
    )


def _candidates() -> list[tuple[Path, str]]:
    package = Path(__file__).resolve().parent
    found = [(package / "_program" / "starling", "carried by the package")]
    found += [
        (folder / ".build" / "release" / "starling", "built in the checkout")
        for folder in package.parents if (folder / "Package.swift").exists()
    ]
    in_path = shutil.which("starling")
    return found + ([(Path(in_path), "in PATH")] if in_path else [])


def _is_program(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


def _checked(path: Path, origin: str) -> Program:
    if not _is_program(path):
        what = "is no program" if path.exists() else "does not exist"
        raise ProgramError(f"'{path}' {what}; it was {origin}", 70)
    path = path.resolve()
    version = _version(path, path.stat().st_mtime_ns)
    if version.split(".")[:2] != __version__.split(".")[:2]:
        wanted = ".".join(__version__.split(".")[:2])
        raise ProgramError(
            f"'{path}' is starling {version}, and this package is for {wanted}; it was {origin}\n"
            f"  -> install the package of that version, or name a program of version {wanted} with\n"
            f"     starling_diffusion.set_program(path) or the variable {VARIABLE}",
            70,
        )
    return Program(path, version, origin)


@cache
def _version(path: Path, modified: int) -> str:
    """What a program says of its version; asked again when the file has changed."""
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired) as reason:
        raise ProgramError(f"'{path}' cannot be started: {reason}", 70) from reason
    words = answer.stdout.split()
    if answer.returncode != 0 or len(words) != 1 or not words[0][0].isdigit():
        raise ProgramError(f"'{path}' does not say its version: it is no program of Starling", 70)
    return words[0]
