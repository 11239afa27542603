# SPDX-License-Identifier: GPL-3.0-or-later
"""The event scheduler against a plain C++ 4-ary heap with the hold model, and against its own heap with many laws of delays.

Alternates all in one run, prints medians of CPU time and ratios. Fails below a floor, on any allocation per event after
warm-up, or if two did not handle the same events. The reference is the faster of two layouts of the C++ heap: events inside
the heap's records, or beside them.
"""

import statistics

from measuring import ALLOCATION_COUNTER, PRODUCTS, RELEASE, ROOT, build, verdict, words

ALTERNATIONS = 7
LAW_FLOOR = 0.8
LAW_ALTERNATIONS = 5
LAWS = ("exponential", "uniform", "constant", "equal", "bimodal", "mixed", "pareto", "lattice", "cancelling")
# (pending events, holds of warm-up, holds measured), and the least ratio
CASES = {
    (100, 1_000_000, 4_000_000): 1.2,
    (10_000, 1_000_000, 3_000_000): 2.5,
    (1_000_000, 3_000_000, 2_000_000): 1.8,
}
LAW_CASES = [(100, 500_000, 1_000_000), (10_000, 500_000, 1_000_000), (1_000_000, 2_000_000, 1_000_000)]


def measure_case(case: tuple[int, int, int], floor: float) -> bool:
    """Alternates the programs on one case, prints its line and says whether it passes."""
    swift, layouts, hashes, allocations = [], {"records": [], "slab": []}, set(), 0
    for _ in range(ALTERNATIONS):
        time, hashed, allocated = words([RELEASE / "HoldModelBenchmark", *case], LD_PRELOAD=str(ALLOCATION_COUNTER))
        swift.append(float(time))
        hashes.add(hashed)
        allocations = max(allocations, int(allocated)) if int(allocated) >= 0 else float("nan")
        for layout, times in layouts.items():
            time, hashed = words([PRODUCTS / "hold", layout, *case])
            times.append(float(time))
            hashes.add(hashed)
    ours = statistics.median(swift)
    peers = {layout: statistics.median(times) for layout, times in layouts.items()}
    ratio = min(peers.values()) / ours
    same = len(hashes) == 1
    passes = ratio >= floor and allocations == 0 and same
    print(
        f"{case[0]:>9,} {ours:>10.1f} {peers['records']:>14.1f} {peers['slab']:>14.1f} {ratio:>10.2f}"
        f" {allocations / case[2]:>12.3g}  {'yes' if same else 'NO':<11} {verdict(passes)}",
        flush=True,
    )
    return passes


def measure_law(law: str, case: tuple[int, int, int]) -> bool:
    """Alternates the queue as it is with its heap alone on one law, prints a line and says whether it passes."""
    times, hashes, allocations = {"automatic": [], "heap": []}, set(), 0
    for _ in range(LAW_ALTERNATIONS):
        for queue, taken in times.items():
            program = [RELEASE / "HoldModelBenchmark", *case, law, queue]
            time, hashed, allocated = words(program, LD_PRELOAD=str(ALLOCATION_COUNTER))
            taken.append(float(time))
            hashes.add(hashed)
            if queue == "automatic":
                allocations = max(allocations, int(allocated)) if int(allocated) >= 0 else float("nan")
    ours, heap = (statistics.median(times[queue]) for queue in ("automatic", "heap"))
    passes = heap / ours >= LAW_FLOOR and allocations == 0 and len(hashes) == 1
    print(
        f"{case[0]:>9,}  {law:<12} {ours:>8.1f} {heap:>8.1f} {heap / ours:>8.2f} {allocations / case[2]:>12.3g}"
        f"  {'yes' if len(hashes) == 1 else 'NO':<11} {verdict(passes)}",
        flush=True,
    )
    return passes


def measure() -> bool:
    """Builds and measures all cases."""
    peer = ROOT / "Benchmarks" / "HoldModel" / "Peer" / "hold.cpp"
    build(
        # No fused operations: both programs must round drawn times alike.
        ["g++", "-std=c++17", "-O3", "-march=native", "-ffp-contract=off", "-o", PRODUCTS / "hold", peer],
        ["swift", "build", "-c", "release", "--product", "HoldModelBenchmark"],
    )
    print(f"Hold model, ns of CPU time per hold, medians of {ALTERNATIONS} alternations; ratio = best C++ / Swift.")
    print("  pending      Swift  C++ in records  C++ with slab    ratio  allocs/event  same events")
    passes = [measure_case(case, floor) for case, floor in CASES.items()]
    print(f"Laws of delays, ns of CPU time per hold, medians of {LAW_ALTERNATIONS} alternations; ratio = heap / queue.")
    print("  pending  law             queue     heap    ratio  allocs/event  same events")
    passes += [measure_law(law, case) for case in LAW_CASES for law in LAWS]
    return all(passes)
