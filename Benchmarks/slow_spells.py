# SPDX-License-Identifier: GPL-3.0-or-later
"""What slow spells cost: asynchronous diffusion on the agents of W1, with spells and without.

Alternates the two in one run, on one core, and prints medians of updates per second of CPU time. Spells last 20 to
80 steps in the mean. Fails below a floor for the ratio, and where spells
allocate memory.
"""

import statistics

from measuring import ALLOCATION_COUNTER, RELEASE, ROOT, build, verdict, words

ALTERNATIONS = 5
# Virtual time in ticks: of a run to measure, and of a tenth of it to compare allocations with.
LONG, SHORT = 400_000, 40_000
RATIO_FLOOR = 0.7
ONE_CORE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
PLAIN = ()
SPELLS = (
    "conditions.compute.spells={slowdown: 3, normal: {exponential: {mean: 8000 s}}, slow: {exponential: {mean: 2000 s}}}",
)


def measure() -> bool:
    """Builds, measures, prints, and says whether every floor holds."""
    build(["swift", "build", "-c", "release", "--product", "GossipWorkloadBenchmark"])
    program = [RELEASE / "GossipWorkloadBenchmark", ROOT / "Benchmarks" / "asynchronous.yaml"]
    rates = {PLAIN: [], SPELLS: []}
    for _ in range(ALTERNATIONS):
        for conditions, seen in rates.items():
            seconds, updates, *_ = words([*program, LONG, *conditions], **ONE_CORE)
            seen.append(float(updates) / float(seconds))
    plain, slowed = (statistics.median(seen) for seen in rates.values())
    counted = words([*program, SHORT, LONG, *SPELLS], LD_PRELOAD=str(ALLOCATION_COUNTER), **ONE_CORE)
    counts = [int(word) for word in counted[3::4]]
    events = [int(word) for word in counted[2::4]]
    allocations = (counts[1] - counts[0]) / (events[1] - events[0]) if min(counts) >= 0 else float("nan")

    ratio = slowed / plain
    passes = [ratio >= RATIO_FLOOR, allocations == 0]
    print(f"Asynchronous diffusion, updates per second of CPU time, medians of {ALTERNATIONS} alternations.")
    print(f"  plain                {plain:>12,.0f}")
    print(f"  slow spells          {slowed:>12,.0f}   {ratio:.2f} of it, at least {RATIO_FLOOR}: {verdict(passes[0])}")
    print(f"  allocations/event    {allocations:>12.3g}   none: {verdict(passes[1])}", flush=True)
    return all(passes)
