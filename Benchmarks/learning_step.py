# SPDX-License-Identifier: GPL-3.0-or-later
"""The learning step of deep actor-critic agents beside PyTorch, one thread each.

An actor and a critic with two hidden layers of 400 units learn from 1,000 samples: values, losses, gradients, Adam. And
the actor says the law of its action in one state. Then a network of 96-50-50-5 learns from 128 replayed transitions and
chooses an action in one state: there the overhead of a framework counts. Inputs are uniform numbers; in grid worlds most
are zero, which is faster. Alternates the programs in one run, prints medians of CPU time and ratios. Fails above a ratio, or on any allocation after warm-up, which are counted with kernels of OpenBLAS that make none
of their own.
"""

import statistics

from measuring import ALLOCATION_COUNTER, RELEASE, ROOT, build, verdict, words

ALTERNATIONS = 7
HIDDEN, ROWS, STEPS, INFERENCES = 400, 1_000, 25, 4_000
LEARNING_CEILING, INFERENCE_CEILING = 0.95, 0.4
REPLAY_ROWS, REPLAY_STEPS, CHOICES = 128, 2_000, 20_000
REPLAY_CEILING, CHOICE_CEILING = 0.3, 0.1
# Those for AVX-512 allocate their room for some products of small matrices.
WITHOUT_ALLOCATIONS = {"OPENBLAS_CORETYPE": "Haswell"}
# Steps of the navigation environment alone, in the map with 20 walls.
FLIGHT_MAP, FLIGHT_ROUNDS, FLIGHT_FLOOR = 2, 20_000, 400_000
ONE_CORE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def measure() -> bool:
    """Builds, measures, prints, and says whether every bar holds."""
    build(["swift", "build", "-c", "release", "--product", "LearningStepBenchmark"])
    python = ROOT / ".build" / "venv-learning" / "bin" / "python"
    peer = ROOT / "Benchmarks" / "peers" / "learning_step.py"
    print(f"Learning step, CPU time, medians of {ALTERNATIONS} alternations.")
    print("                           ours      PyTorch    ratio  at most  allocations")
    acting = [
        (f"step with {ROWS:,} samples", 1e3, "ms", LEARNING_CEILING),
        ("inference of one", 1e6, "us", INFERENCE_CEILING),
    ]
    replaying = [
        (f"replay of {REPLAY_ROWS}", 1e6, "us", REPLAY_CEILING),
        ("choice of one", 1e6, "us", CHOICE_CEILING),
    ]
    passes = compare(python, peer, [HIDDEN, ROWS, STEPS, INFERENCES], acting)
    passes = compare(python, peer, [REPLAY_ROWS, REPLAY_STEPS, CHOICES], replaying) and passes
    return flying() and passes


def flying() -> bool:
    """Measures how many steps a second the navigation environment takes on one core, and says whether they are enough."""
    rates = []
    for _ in range(ALTERNATIONS):
        seconds, _, _ = words([RELEASE / "LearningStepBenchmark", FLIGHT_MAP, FLIGHT_ROUNDS], **ONE_CORE)
        rates.append(1 / float(seconds))
    rate = statistics.median(rates)
    print(f"  navigation, 20 walls {rate:>13,.0f} steps/s, at least {FLIGHT_FLOOR:,}  {verdict(rate >= FLIGHT_FLOOR)}")
    return rate >= FLIGHT_FLOOR


def compare(python, peer, size: list[int], cases: list[tuple[str, float, str, float]]) -> bool:
    """Alternates the programs at one size, prints a line for each case, and says whether all bars hold."""
    ours, theirs = [], []
    program = [RELEASE / "LearningStepBenchmark", *size]
    for _ in range(ALTERNATIONS):
        learning, _, inference, _, _ = words(program, **ONE_CORE)
        ours.append((float(learning), float(inference)))
        theirs.append(tuple(float(word) for word in words([python, peer, *size], **ONE_CORE)))

    counted = words(program, LD_PRELOAD=str(ALLOCATION_COUNTER), **WITHOUT_ALLOCATIONS, **ONE_CORE)
    allocations = [int(counted[1]), int(counted[3])]

    passes = []
    for case, (name, factor, unit, ceiling) in enumerate(cases):
        mine = statistics.median(times[case] for times in ours)
        peers = statistics.median(times[case] for times in theirs)
        # The counter says −1 where it was not loaded.
        passes.append(mine / peers <= ceiling and allocations[case] == 0)
        print(
            f"  {name:<20} {factor * mine:>7.2f} {unit} {factor * peers:>9.2f} {unit} {mine / peers:>8.2f} {ceiling:>8}"
            f" {allocations[case]:>12}  {verdict(passes[-1])}",
            flush=True,
        )
    return all(passes)
