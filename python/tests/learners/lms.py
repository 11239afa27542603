# SPDX-License-Identifier: GPL-3.0-or-later
"""Least mean squares, as the program computes it: bit for bit where samples are used over and over."""

import numpy as np

from starling_diffusion.learner import Learner, Step, main


def product(a, b):
    """The sum of a b in four interleaved sums."""
    whole = len(a) & ~3
    sums = np.zeros(4)
    for start in range(0, whole, 4):
        sums = sums + a[start:start + 4] * b[start:start + 4]
    total = (sums[0] + sums[2]) + (sums[1] + sums[3])
    for entry in range(whole, len(a)):
        total += a[entry] * b[entry]
    return total


class LeastMeanSquares(Learner):
    def step(self, agent, attempt, parameters, seed):
        regressor, observation = self.sample[:-1], self.sample[-1]
        error = observation - product(regressor, parameters)
        return Step(self.run.step_sizes[agent] * error * regressor)


if __name__ == "__main__":
    main(LeastMeanSquares)
