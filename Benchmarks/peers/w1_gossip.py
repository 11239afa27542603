# SPDX-License-Identifier: GPL-3.0-or-later
"""The gossip workload (scenarios/w1-gossip.yaml) as a bare loop over a heap, with NumPy vectors.

usage: w1_gossip.py plain|tuned TICKS

What one writes without a simulator: no statistics, no fingerprint, no keyed draws. "plain" draws with NumPy's generator,
"tuned" with the standard library, whose single numbers come several times faster. Prints
"cpu-seconds updates events msd-in-dB".
"""

import heapq
import math
import random
import sys
import time

import numpy as np

AGENTS, OFFSETS, DIMENSION, SAMPLES = 100, (1, 10), 20, 256
STEP_SIZE, NOISE_DEVIATION, LOSS, LONGEST_DELAY = 0.02, 0.1, 0.1, 10


def run(kind: str, ticks: int, seed: int = 1) -> tuple[int, int, float]:
    """Simulates so many ticks; gives updates, events and the mean square deviation of the network."""
    draw = random.Random(seed)
    generator = np.random.default_rng(seed)
    truth = generator.normal(size=DIMENSION) / math.sqrt(DIMENSION)
    regressors = generator.normal(size=(AGENTS, SAMPLES, DIMENSION))
    observations = regressors @ truth + NOISE_DEVIATION * generator.normal(size=(AGENTS, SAMPLES))
    data = [list(zip(regressors[agent], observations[agent].tolist())) for agent in range(AGENTS)]
    neighbours = [[(agent + sign * offset) % AGENTS for offset in OFFSETS for sign in (1, -1)] for agent in range(AGENTS)]
    periods = [max(1, round(draw.gauss(100, 10))) for _ in range(AGENTS)]
    estimates = [np.zeros(DIMENSION) for _ in range(AGENTS)]
    used = [0] * AGENTS
    updates = events = 0
    queue = [(0, agent, agent, None) for agent in range(AGENTS)]
    heapq.heapify(queue)
    sequence = AGENTS
    pop, push = heapq.heappop, heapq.heappush
    if kind == "tuned":
        uniform = draw.random

        def below(bound: int) -> int:
            return int(uniform() * bound)
    else:
        uniform = generator.random

        def below(bound: int) -> int:
            return int(generator.integers(bound))
    while queue:
        now, _, agent, message = pop(queue)
        if now > ticks:
            break
        events += 1
        if message is None:
            receiver = neighbours[agent][below(4)]
            if uniform() >= LOSS:
                push(queue, (now + below(LONGEST_DELAY + 1), sequence, receiver, estimates[agent].copy()))
                sequence += 1
            push(queue, (now + periods[agent], sequence, agent, None))
            sequence += 1
        else:
            estimate = estimates[agent]
            estimate += message
            estimate *= 0.5
            regressor, observation = data[agent][used[agent] % SAMPLES]
            used[agent] += 1
            estimate += (STEP_SIZE * (observation - regressor.dot(estimate))) * regressor
            updates += 1
    return updates, events, float(np.mean([np.sum((estimate - truth) ** 2) for estimate in estimates]))


if __name__ == "__main__":
    kind, ticks = sys.argv[1], int(sys.argv[2])
    run(kind, ticks // 10)
    start = time.process_time()
    updates, events, deviation = run(kind, ticks)
    print(time.process_time() - start, updates, events, 10 * math.log10(deviation))
