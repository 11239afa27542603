# SPDX-License-Identifier: GPL-3.0-or-later
"""What disturbances and records cost: the gossip workload W1 with bursts of loss and with records, and asynchronous
diffusion with slow spells, bursts, both, and records, beside the same without.

Alternates them in one run, on one core, and takes medians of updates per second of CPU time. Spells last 20 to 80
steps in the mean, bursts 10 messages. Fails below a floor for the ratio, and where anything is allocated for an event.
"""

from measuring import ALLOCATION_COUNTER, ONE_CORE, RELEASE, ROOT, allocations_per_event, build, words
from metrics import Metric, paired

ALTERNATIONS = 5
RATIO_FLOOR = 0.7
# With realised means, accounts of links and energy.
RECORDS_FLOOR = 0.5
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
    ("W1", ROOT / "scenarios" / "w1-gossip.yaml", 2_000_000, {"bursts": [BURSTS], "records": RECORDS}),
    (
        "diffusion",
        ROOT / "Benchmarks" / "asynchronous.yaml",
        400_000,
        {"slow spells": [SPELLS], "bursts": [BURSTS], "both": [SPELLS, BURSTS], "records": RECORDS},
    ),
]


def measure() -> list[Metric]:
    """Builds and measures."""
    build(["swift", "build", "-c", "release", "--product", "GossipWorkloadBenchmark"])
    return [metric for workload in WORKLOADS for metric in measure_workload(*workload)]


def measure_workload(title, scenario, ticks, disturbances) -> list[Metric]:
    """One workload without its disturbances and with each."""
    program = [RELEASE / "GossipWorkloadBenchmark", scenario]
    cases = {"plain": [], **disturbances}
    rates = {name: [] for name in cases}
    for _ in range(ALTERNATIONS):
        for name, changes in cases.items():
            seconds, updates, *_ = words([*program, ticks, *changes], **ONE_CORE)
            rates[name].append(float(updates) / float(seconds))
    found = []
    for name, changes in disturbances.items():
        floor = RECORDS_FLOOR if name == "records" else RATIO_FLOOR
        found.append(paired(f"{title} with {name}, beside without", rates[name], rates["plain"], "updates/s", floor=floor))
        if name == "records":
            continue  # Each window that ends is kept, and what is kept grows.
        counted = words([*program, ticks // 10, ticks, *changes], LD_PRELOAD=str(ALLOCATION_COUNTER), **ONE_CORE)
        allocations = allocations_per_event(counted)
        found.append(Metric(f"{title} with {name}, allocations per event", allocations, "", floor=0, less_is_better=True))
    return found
