# SPDX-License-Identifier: GPL-3.0-or-later
"""The gossip workload W1 (scenarios/w1-gossip.yaml) through the whole simulator, beside bare Python loops.

Alternates them in one run, one core each, and prints medians of updates per second of CPU time. An update is an average
with a message and a step of least mean squares in 20 dimensions. Allocations are those by which a run ten times as long
has more. Fails below a floor; the loop with cheaper draws is there to compare with and has none.
"""

import statistics
import sys

from measuring import ALLOCATION_COUNTER, RELEASE, ROOT, build, verdict, words

ALTERNATIONS = 5
# Virtual time in ticks: of a run to measure, of a tenth of it to compare allocations with, and of the Python loops.
LONG, SHORT, LOOP = 4_000_000, 400_000, 100_000
UPDATES_FLOOR = 2e6
# The loop as one writes it first, and with the draws of the standard library.
LOOPS = ("plain", "tuned")
PLAIN_RATIO_FLOOR = 30
# No threads of numerical libraries: CPU time counts all of a process, and each program is to have one core.
ONE_CORE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def loop_python() -> str:
    """A Python that has NumPy: the environment of the figures, or else this one."""
    environment = ROOT / ".build" / "venv" / "bin" / "python"
    return str(environment) if environment.exists() else sys.executable


def measure() -> bool:
    """Builds, measures, prints, and says whether every floor holds."""
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
    rate = statistics.median(ours)
    counted = words([*program, SHORT, LONG], LD_PRELOAD=str(ALLOCATION_COUNTER), **ONE_CORE)
    counts = [int(word) for word in counted[3::4]]
    events = [int(word) for word in counted[2::4]]
    allocations = (counts[1] - counts[0]) / (events[1] - events[0]) if min(counts) >= 0 else float("nan")

    print(f"Gossip workload W1, updates per second of CPU time, medians of {ALTERNATIONS} alternations.")
    passes = [rate >= UPDATES_FLOOR, allocations == 0]
    print(f"  starling             {rate:>12,.0f}   at least {UPDATES_FLOOR:,.0f}: {verdict(passes[0])}")
    for kind, rates in loops.items():
        ratio = rate / statistics.median(rates)
        claim = f"  {kind} Python loop    {statistics.median(rates):>12,.0f}   starling is {ratio:.1f} times as fast"
        if kind == "plain":
            passes.append(ratio >= PLAIN_RATIO_FLOOR)
            claim += f", at least {PLAIN_RATIO_FLOOR}: {verdict(passes[-1])}"
        print(claim)
    print(f"  allocations/event    {allocations:>12.3g}   none: {verdict(passes[1])}", flush=True)
    return all(passes)
