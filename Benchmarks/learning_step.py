# SPDX-License-Identifier: GPL-3.0-or-later
"""The learning step of deep actor-critic agents beside PyTorch, one thread each.

An actor and a critic with two hidden layers of 400 units learn from 1,000 samples: values, losses, gradients, Adam. And
the actor says the law of its action in one state. Alternates the programs in one run, prints medians of CPU time and
ratios. Fails above a ratio, or on any allocation after warm-up.
"""

import statistics

from measuring import ALLOCATION_COUNTER, RELEASE, ROOT, build, verdict, words

ALTERNATIONS = 7
HIDDEN, ROWS, STEPS, INFERENCES = 400, 1_000, 25, 4_000
LEARNING_CEILING, INFERENCE_CEILING = 0.95, 0.4
ONE_CORE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def measure() -> bool:
    """Builds, measures, prints, and says whether every bar holds."""
    build(["swift", "build", "-c", "release", "--product", "LearningStepBenchmark"])
    python = ROOT / ".build" / "venv-learning" / "bin" / "python"
    peer = ROOT / "Benchmarks" / "peers" / "learning_step.py"
    size = [HIDDEN, ROWS, STEPS, INFERENCES]
    ours, theirs, allocations = [], [], []
    for _ in range(ALTERNATIONS):
        learning, learning_calls, inference, inference_calls, _ = words(
            [RELEASE / "LearningStepBenchmark", *size], LD_PRELOAD=str(ALLOCATION_COUNTER), **ONE_CORE
        )
        ours.append((float(learning), float(inference)))
        allocations.append((int(learning_calls), int(inference_calls)))
        theirs.append(tuple(float(word) for word in words([python, peer, *size], **ONE_CORE)))

    print(f"Learning step, 4-{HIDDEN}-{HIDDEN}, CPU time, medians of {ALTERNATIONS} alternations.")
    print("                           ours      PyTorch    ratio  at most  allocations")
    passes = []
    cases = [
        (f"step with {ROWS:,} samples", 1e3, "ms", LEARNING_CEILING),
        ("inference of one", 1e6, "us", INFERENCE_CEILING),
    ]
    for case, (name, factor, unit, ceiling) in enumerate(cases):
        mine = statistics.median(times[case] for times in ours)
        peers = statistics.median(times[case] for times in theirs)
        # The counter says −1 where it was not loaded.
        counts = [count[case] for count in allocations]
        passes.append(mine / peers <= ceiling and all(count == 0 for count in counts))
        print(
            f"  {name:<20} {factor * mine:>7.2f} {unit} {factor * peers:>9.2f} {unit} {mine / peers:>8.2f} {ceiling:>8}"
            f" {max(counts):>12}  {verdict(passes[-1])}",
            flush=True,
        )
    return all(passes)
