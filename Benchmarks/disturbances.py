# SPDX-License-Identifier: GPL-3.0-or-later
"""What disturbances and records cost: the gossip workload W1 with bursts of loss and with records, and asynchronous
diffusion with slow spells, bursts, both, and records, beside the same without.

Alternates them in one run, on one core, and prints medians of updates per second of CPU time. Spells last 20 to 80
steps in the mean, bursts 10 messages. Fails below a floor for the ratio, and where anything is allocated for an event.
"""

import statistics

from measuring import ALLOCATION_COUNTER, RELEASE, ROOT, build, verdict, words

ALTERNATIONS = 5
RATIO_FLOOR = 0.7
# With realised means, accounts of links and energy.
RECORDS_FLOOR = 0.5
ONE_CORE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
BURSTS = "conditions.links.loss={burst: {mean: 10 %, length: 10 messages}}"
SPELLS = (
    "conditions.compute.spells={slowdown: 3, normal: {exponential: {mean: 8000 s}}, slow: {exponential: {mean: 2000 s}}}"
)
RECORDS = [
    "measure.records.realised={every: 100000 s, product: false}",
    "measure.records.links=true",
    "measure.records.energy={computing: 10 W, waiting: 1 W, sending: 1 uJ/B, hearing: 0.5 uJ/B}",
]
# Virtual time of a run in ticks, and what is changed in it.
WORKLOADS = [
    ("Gossip workload W1", ROOT / "scenarios" / "w1-gossip.yaml", 2_000_000, {"bursts": [BURSTS], "records": RECORDS}),
    (
        "Asynchronous diffusion",
        ROOT / "Benchmarks" / "asynchronous.yaml",
        400_000,
        {"slow spells": [SPELLS], "bursts": [BURSTS], "both": [SPELLS, BURSTS], "records": RECORDS},
    ),
]


def measure() -> bool:
    """Builds, measures, prints, and says whether every floor holds."""
    build(["swift", "build", "-c", "release", "--product", "GossipWorkloadBenchmark"])
    return all([measure_workload(*workload) for workload in WORKLOADS])


def measure_workload(title, scenario, ticks, disturbances) -> bool:
    """One workload without its disturbances and with each."""
    program = [RELEASE / "GossipWorkloadBenchmark", scenario]
    cases = {"plain": [], **disturbances}
    rates = {name: [] for name in cases}
    for _ in range(ALTERNATIONS):
        for name, changes in cases.items():
            seconds, updates, *_ = words([*program, ticks, *changes], **ONE_CORE)
            rates[name].append(float(updates) / float(seconds))
    medians = {name: statistics.median(seen) for name, seen in rates.items()}
    print(f"{title}, updates per second of CPU time, medians of {ALTERNATIONS} alternations.")
    print(f"  plain                {medians['plain']:>12,.0f}")
    passes = []
    for name, changes in disturbances.items():
        ratio = medians[name] / medians["plain"]
        floor = RECORDS_FLOOR if name == "records" else RATIO_FLOOR
        passes.append(ratio >= floor)
        print(f"  {name:20} {medians[name]:>12,.0f}   {ratio:.2f} of it, at least {floor}: {verdict(passes[-1])}")
        if name == "records":
            continue  # Each window that ends is kept, and what is kept grows.
        counted = words([*program, ticks // 10, ticks, *changes], LD_PRELOAD=str(ALLOCATION_COUNTER), **ONE_CORE)
        counts, events = ([int(word) for word in counted[part::4]] for part in (3, 2))
        allocations = (counts[1] - counts[0]) / (events[1] - events[0]) if min(counts) >= 0 else float("nan")
        passes.append(allocations == 0)
        print(f"  allocations/event    {allocations:>12.3g}   none: {verdict(passes[-1])}", flush=True)
    return all(passes)
