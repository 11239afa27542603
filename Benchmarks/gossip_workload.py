# SPDX-License-Identifier: GPL-3.0-or-later
"""The gossip workload W1 (scenarios/w1-gossip.yaml) through the whole simulator, beside bare Python loops.

Alternates them in one run, one core each, and takes medians of updates per second of CPU time. An update is an average
with a message and a step of least mean squares in 20 dimensions. Allocations are those by which a run ten times as long
has more. Fails below a floor; the loop with cheaper draws is there to compare with and has none.
"""

import sys

from measuring import ALLOCATION_COUNTER, ONE_CORE, RELEASE, ROOT, allocations_per_event, build, words
from metrics import Metric, paired, repeated

ALTERNATIONS = 5
# Virtual time in ticks: of a run to measure, of a tenth of it to compare allocations with, and of the Python loops.
LONG, SHORT, LOOP = 4_000_000, 400_000, 100_000
UPDATES_FLOOR = 2e6
# The loop as one writes it first, and with the draws of the standard library; the least ratio to each.
LOOPS = {"plain": 60, "tuned": None}


def loop_python() -> str:
    """A Python that has NumPy: the environment of the figures, or else this one."""
    environment = ROOT / ".build" / "venv" / "bin" / "python"
    return str(environment) if environment.exists() else sys.executable


def measure() -> list[Metric]:
    """Builds and measures."""
    build(["swift", "build", "-c", "release", "--product", "GossipWorkloadBenchmark"])
    program = [RELEASE / "GossipWorkloadBenchmark", ROOT / "scenarios" / "w1-gossip.yaml"]
    loop = ROOT / "Benchmarks" / "peers" / "w1_gossip.py"
    ours, loops = [], {kind: [] for kind in LOOPS}
    for _ in range(ALTERNATIONS):
        seconds, updates, *_ = words([*program, LONG], **ONE_CORE)
        ours.append(float(updates) / float(seconds))
        for kind, rates in loops.items():
            seconds, updates, *_ = words([loop_python(), loop, kind, LOOP], **ONE_CORE)
            rates.append(float(updates) / float(seconds))
    counted = words([*program, SHORT, LONG], LD_PRELOAD=str(ALLOCATION_COUNTER), **ONE_CORE)
    found = [repeated("updates per second", ours, "/s", floor=UPDATES_FLOOR)]
    found += [paired(f"updates, beside a {kind} Python loop", ours, loops[kind], "/s", floor=LOOPS[kind]) for kind in LOOPS]
    return found + [Metric("allocations per event", allocations_per_event(counted), "", floor=0, less_is_better=True)]
