# SPDX-License-Identifier: GPL-3.0-or-later
"""The event scheduler against a plain C++ 4-ary heap with the hold model, and against its own heap with many laws of delays.

Alternates all in one run and takes medians of CPU time. Fails below a floor, on any allocation per event after warm-up, or if
two did not handle the same events. The reference is the faster of two layouts of the C++ heap: events inside the heap's
records, or beside them.
"""

import statistics

from measuring import ALLOCATION_COUNTER, PRODUCTS, RELEASE, ROOT, build, words
from metrics import Metric, paired

ALTERNATIONS = 7
LAW_FLOOR = 0.8
LAW_ALTERNATIONS = 5
LAWS = ("exponential", "uniform", "constant", "equal", "bimodal", "mixed", "pareto", "lattice", "cancelling")
# (pending events, holds of warm-up, holds measured), the least ratio and the one hoped for
CASES = {
    (100, 1_000_000, 4_000_000): (1.7, 1.7),
    (10_000, 1_000_000, 3_000_000): (2.5, 3.0),
    (1_000_000, 3_000_000, 2_000_000): (1.8, 2.0),
}
LAW_CASES = [(100, 500_000, 1_000_000), (10_000, 500_000, 1_000_000), (1_000_000, 2_000_000, 1_000_000)]


def fault(hashes: set, allocations: int) -> str | None:
    """What is wrong with what was handled, or with how."""
    if len(hashes) != 1:
        return "not the same events"
    # The counter says -1 where it was not loaded.
    return None if allocations == 0 else f"{allocations} allocations" if allocations > 0 else "allocations not counted"


def measure_case(case: tuple[int, int, int], floor: float, goal: float) -> Metric:
    """Alternates the programs on one case."""
    swift, layouts, hashes, allocations = [], {"records": [], "slab": []}, set(), []
    for _ in range(ALTERNATIONS):
        time, hashed, allocated = words([RELEASE / "HoldModelBenchmark", *case], LD_PRELOAD=str(ALLOCATION_COUNTER))
        swift.append(float(time))
        hashes.add(hashed)
        allocations.append(int(allocated))
        for layout, times in layouts.items():
            time, hashed = words([PRODUCTS / "hold", layout, *case])
            times.append(float(time))
            hashes.add(hashed)
    best = min(layouts.values(), key=statistics.median)
    return paired(
        f"hold, {case[0]:,} pending, beside C++", swift, best, "ns", less_is_better=True, floor=floor, goal=goal,
        fault=fault(hashes, max(allocations, key=abs)),
    )  # fmt: skip


def measure_law(law: str, case: tuple[int, int, int]) -> Metric:
    """Alternates the queue as it is with its heap alone on one law."""
    times, hashes, allocations = {"automatic": [], "heap": []}, set(), []
    for _ in range(LAW_ALTERNATIONS):
        for queue, taken in times.items():
            program = [RELEASE / "HoldModelBenchmark", *case, law, queue]
            time, hashed, allocated = words(program, LD_PRELOAD=str(ALLOCATION_COUNTER))
            taken.append(float(time))
            hashes.add(hashed)
            if queue == "automatic":
                allocations.append(int(allocated))
    return paired(
        f"{law}, {case[0]:,} pending, beside its heap", times["automatic"], times["heap"], "ns", less_is_better=True,
        floor=LAW_FLOOR, fault=fault(hashes, max(allocations, key=abs)),
    )  # fmt: skip


def measure() -> list[Metric]:
    """Builds and measures all cases."""
    peer = ROOT / "Benchmarks" / "HoldModel" / "Peer" / "hold.cpp"
    build(
        # No fused operations: both programs must round drawn times alike.
        ["g++", "-std=c++17", "-O3", "-march=native", "-ffp-contract=off", "-o", PRODUCTS / "hold", peer],
        ["swift", "build", "-c", "release", "--product", "HoldModelBenchmark"],
    )
    found = [measure_case(case, *bars) for case, bars in CASES.items()]
    return found + [measure_law(law, case) for case in LAW_CASES for law in LAWS]
