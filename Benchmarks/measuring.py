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


def verdict(passes: bool) -> str:
    return "pass" if passes else "FAIL"
