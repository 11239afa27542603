# SPDX-License-Identifier: GPL-3.0-or-later
"""Worlds of several players on one core: what players see, uniform actions, pushes, rewards.

Prints medians of steps of players per second of CPU time. Fails below a million, or on any allocation after warm-up.
"""

import statistics

from measuring import ALLOCATION_COUNTER, RELEASE, build, verdict, words

REPETITIONS, FLOOR = 5, 1e6
COPIES, EPISODES = 32, 100


def measure() -> bool:
    """Builds, measures, prints, and says whether every bar holds."""
    build(["swift", "build", "-c", "release", "--product", "ParticleWorldBenchmark"])
    print(f"Worlds of several players, CPU time, medians of {REPETITIONS}.")
    print("                           million player-steps/s  at least  allocations")
    passes = True
    for game in ("food-collect", "grassland"):
        for players in (2, 8, 24):
            size = [game, players, COPIES, EPISODES]
            runs = [
                words([RELEASE / "ParticleWorldBenchmark", *size], LD_PRELOAD=str(ALLOCATION_COUNTER))
                for _ in range(REPETITIONS)
            ]
            rate = statistics.median(float(run[0]) for run in runs)
            allocations = max(int(run[1]) for run in runs)
            # The bar is of eight players.
            holds = (players != 8 or rate >= FLOOR) and allocations == 0
            floor = f"{FLOOR / 1e6:.0f}" if players == 8 else ""
            print(f"  {game:<13} {players:>2} players {rate / 1e6:>21.2f} {floor:>9} {allocations:>12}  {verdict(holds)}")
            passes = passes and holds
    return passes
