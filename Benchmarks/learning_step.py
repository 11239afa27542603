# SPDX-License-Identifier: GPL-3.0-or-later
"""The learning step of deep actor-critic agents beside PyTorch, one thread each.

An actor and a critic with two hidden layers of 400 units learn from 1,000 samples: values, losses, gradients, Adam. And
the actor says the law of its action in one state. Then a network of 96-50-50-5 learns from 128 replayed transitions and
chooses an action in one state: there the overhead of a framework counts. Inputs are uniform numbers; in grid worlds most
are zero, which is faster. Alternates the programs in one run and takes medians of CPU time. Fails below a ratio, or on any
allocation after warm-up, which are counted with kernels of OpenBLAS that make none of their own.
"""

from measuring import ALLOCATION_COUNTER, ONE_CORE, RELEASE, ROOT, build, learning_python, words
from metrics import Metric, paired, repeated

ALTERNATIONS = 7
HIDDEN, ROWS, STEPS, INFERENCES = 400, 1_000, 25, 4_000
# Of PyTorch's time that each may take, and is hoped to.
LEARNING, INFERENCE = {"floor": 1 / 0.95, "goal": 1 / 0.7}, {"floor": 1 / 0.4}
REPLAY_ROWS, REPLAY_STEPS, CHOICES = 128, 2_000, 20_000
REPLAY, CHOICE = {"floor": 1 / 0.3}, {"floor": 1 / 0.1}
# Those for AVX-512 allocate their room for some products of small matrices.
WITHOUT_ALLOCATIONS = {"OPENBLAS_CORETYPE": "Haswell"}
# Steps of the navigation environment alone, in the map with 20 walls.
FLIGHT_MAP, FLIGHT_ROUNDS, FLIGHT_FLOOR = 2, 20_000, 400_000


def measure() -> list[Metric]:
    """Builds and measures."""
    python = learning_python()
    build(["swift", "build", "-c", "release", "--product", "LearningStepBenchmark"])
    peer = ROOT / "Benchmarks" / "peers" / "learning_step.py"
    acting = [(f"step with {ROWS:,} samples", 1e3, "ms", LEARNING), ("inference of one", 1e6, "us", INFERENCE)]
    replaying = [(f"replay of {REPLAY_ROWS}", 1e6, "us", REPLAY), ("choice of one", 1e6, "us", CHOICE)]
    found = compare(python, peer, [HIDDEN, ROWS, STEPS, INFERENCES], acting)
    return found + compare(python, peer, [REPLAY_ROWS, REPLAY_STEPS, CHOICES], replaying) + [flying()]


def flying() -> Metric:
    """How many steps a second the navigation environment takes on one core."""
    rates = []
    for _ in range(ALTERNATIONS):
        seconds, _, _ = words([RELEASE / "LearningStepBenchmark", FLIGHT_MAP, FLIGHT_ROUNDS], **ONE_CORE)
        rates.append(1 / float(seconds))
    return repeated("navigation, 20 walls", rates, "steps/s", floor=FLIGHT_FLOOR)


def compare(python, peer, size: list[int], cases: list[tuple[str, float, str, dict]]) -> list[Metric]:
    """Alternates the programs at one size; a metric for each case."""
    ours, theirs = [], []
    program = [RELEASE / "LearningStepBenchmark", *size]
    for _ in range(ALTERNATIONS):
        learning, _, inference, _, _ = words(program, **ONE_CORE)
        ours.append((float(learning), float(inference)))
        theirs.append(tuple(float(word) for word in words([python, peer, *size], **ONE_CORE)))

    counted = words(program, LD_PRELOAD=str(ALLOCATION_COUNTER), **WITHOUT_ALLOCATIONS, **ONE_CORE)
    allocations = [int(counted[1]), int(counted[3])]
    return [
        paired(
            f"{name}, beside PyTorch", [factor * times[case] for times in ours], [factor * times[case] for times in theirs],
            unit, less_is_better=True, fault=None if allocations[case] == 0 else f"{allocations[case]} allocations", **bars,
        )
        for case, (name, factor, unit, bars) in enumerate(cases)
    ]  # fmt: skip
