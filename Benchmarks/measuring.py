# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmarks have in common: places, building, and running a program for the words that it prints."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRODUCTS = ROOT / ".build" / "bench"
RELEASE = ROOT / ".build" / "release"
ALLOCATION_COUNTER = PRODUCTS / "allocations.so"
# No threads of numerical libraries: CPU time counts all of a process, and each program is to have one core.
ONE_CORE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class CannotRun(Exception):
    """Why a benchmark cannot run here."""


def learning_python() -> Path:
    """The Python of the environment that has PyTorch, which `make bench` makes."""
    python = ROOT / ".build" / "venv-learning" / "bin" / "python"
    if not python.exists():
        raise CannotRun("PyTorch is not installed; `make bench` installs it")
    return python


def build(*commands: list) -> None:
    """Runs commands that build something; they talk on standard error."""
    PRODUCTS.mkdir(parents=True, exist_ok=True)
    for command in commands:
        subprocess.run([str(word) for word in command], cwd=ROOT, check=True, stdout=sys.stderr)


def build_allocation_counter() -> None:
    source = ROOT / "Benchmarks" / "HoldModel" / "Peer" / "allocations.c"
    build(["gcc", "-O2", "-shared", "-fPIC", "-o", ALLOCATION_COUNTER, source])


def words(command: list, **environment: str) -> list[str]:
    """The words that a program prints."""
    environment = {**os.environ, **environment}
    done = subprocess.run([str(word) for word in command], env=environment, check=True, capture_output=True, text=True)
    return done.stdout.split()


def allocations_per_event(counted: list[str]) -> float:
    """Of a short and a ten times longer run of one program: the allocations that the longer has more, by its events more."""
    counts, events = ([int(word) for word in counted[part::4]] for part in (3, 2))
    return (counts[1] - counts[0]) / (events[1] - events[0]) if min(counts) >= 0 else float("nan")
