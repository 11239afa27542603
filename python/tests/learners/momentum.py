# SPDX-License-Identifier: GPL-3.0-or-later
"""A learner with all that can be got wrong: momentum and a count as private state, noise by seeds, a start that is drawn."""

import numpy as np

from starling_diffusion.learner import Learner, Metric, Step, main


class Momentum(Learner):
    dimension = 4
    metrics = {"excess": Metric("plain", "less"), "counted": Metric("count", "neither", "steps that have counted")}

    def initial_state(self, agent):
        return (0, np.zeros(self.dimension))

    def initialise(self, agent, seed):
        return np.random.default_rng(seed).normal(size=self.dimension)

    def step(self, agent, attempt, parameters, seed):
        count, velocity = self.states[agent]
        noise = np.random.default_rng(seed).normal(size=self.dimension)
        velocity = 0.9 * velocity - 0.02 * (parameters - agent + 0.1 * noise)
        return Step(velocity, samples=2, state=(count + 1, velocity))

    def evaluate(self, agent, parameters, seed):
        middle = (len(self.run.agents) - 1) / 2
        return {"excess": float(np.square(parameters - middle).sum()), "counted": self.states[agent][0]}


if __name__ == "__main__":
    main(Momentum)
