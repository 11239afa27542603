# SPDX-License-Identifier: GPL-3.0-or-later
"""Worlds of several players on one core: what players see, uniform actions, pushes, rewards.

Takes medians of steps of players per second of CPU time. Fails below a million, or on any allocation after warm-up.
"""

from measuring import ALLOCATION_COUNTER, RELEASE, build, words
from metrics import Metric, repeated

REPETITIONS, FLOOR = 5, 1e6
COPIES, EPISODES = 32, 100


def measure() -> list[Metric]:
    """Builds and measures."""
    build(["swift", "build", "-c", "release", "--product", "ParticleWorldBenchmark"])
    found = []
    for game in ("food-collect", "grassland"):
        for players in (2, 8, 24):
            size = [game, players, COPIES, EPISODES]
            runs = [
                words([RELEASE / "ParticleWorldBenchmark", *size], LD_PRELOAD=str(ALLOCATION_COUNTER))
                for _ in range(REPETITIONS)
            ]
            allocations = max((int(run[1]) for run in runs), key=abs)
            # The bar is of eight players.
            floor = FLOOR if players == 8 else None
            fault = None if allocations == 0 else f"{allocations} allocations"
            rates = [float(run[0]) for run in runs]
            found.append(repeated(f"{game}, {players} players", rates, "player-steps/s", floor=floor, fault=fault))
    return found
