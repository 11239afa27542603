# SPDX-License-Identifier: GPL-3.0-or-later
"""A learner of one's own, in Python.

A class says what an agent starts from, what one of its local steps computes, and how well its parameters do. Starling runs
it in worker processes, one for each run at a time, and does the rest: who steps when, who hears of it, what is lost.

    # my_learner.py
    from starling_diffusion.learner import Learner, Metric, Step, main

    class Mine(Learner):
        dimension = 3
        metrics = {"distance": Metric("plain", "less")}

        def step(self, agent, attempt, parameters, seed):
            return Step(-0.1 * (parameters - agent))

        def evaluate(self, agent, parameters, seed):
            return {"distance": float(abs(parameters - agent).max())}

    if __name__ == "__main__":
        main(Mine)
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Vector = NDArray[np.float64]
Option = float | bool | str


@dataclass(frozen=True)
class Metric:
    """What is measured of agents: a value of each, by which arms are compared."""

    scale: Literal["decibels", "plain", "share", "seconds", "bytes", "count"]
    """What values are measured in, and so how they are averaged and shown; `share` is from 0 to 1."""
    better: Literal["more", "less", "neither"]
    meaning: str | None = None
    """What it is, as the end of a sentence."""

    def as_setting(self) -> dict[str, str]:
        """As scenarios say it."""
        setting: dict[str, str] = {"scale": self.scale, "better": self.better}
        return setting if self.meaning is None else {**setting, "meaning": self.meaning}


@dataclass(frozen=True)
class Step:
    """What one local step gives."""

    increment: ArrayLike
    """What is added to the parameters at which the step was taken, as many numbers."""
    samples: int = 1
    """How many samples of data it used, for budgets and accounts."""
    state: Any = None
    """What the agent keeps for itself from now on, if the step counts; it must be possible to pickle it."""


@dataclass(frozen=True)
class Run:
    """One run of a study, as the worker is told of it."""

    seed: int
    replication: int
    agents: list[str]
    """Their names; elsewhere an agent is its place in this list."""
    dimension: int
    """The number M of parameters of each agent."""
    task: str
    """`external`, or the task of Starling whose samples come with each step."""
    sample_numbers: int
    """How many numbers such a sample has."""
    step_sizes: list[float]
    """`learner.step-size` of each agent."""
    options: dict[str, Option]
    """`learner.options`."""
    metrics: list[str] = field(default_factory=list)
    """The names of the metrics that the scenario asks for."""


class Learner:
    """What agents compute. A worker makes one of these for each run; all agents of the run share it.

    What `step`, `evaluate` and `initialise` give must depend on what they are given alone, and on what never changes, such
    as data that all runs share: Starling computes steps ahead, gives some of them up, and goes on with runs that were
    stopped. Draw random numbers from `numpy.random.default_rng(seed)`, and keep what changes in the state of a step.
    """

    dimension: ClassVar[int | None] = None
    """The number of parameters of each agent; None takes what the scenario says."""
    metrics: ClassVar[Mapping[str, Metric]] = {}
    """What `evaluate` gives; arms are judged by the first that is better one way."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.states: list[Any] = [self.initial_state(agent) for agent in range(len(run.agents))]
        """What each agent keeps for itself, as its last step that counts has left it. To be read, never changed in place."""
        self.sample: Vector = np.zeros(run.sample_numbers)
        """The sample of the step that is being computed, in a task of Starling's; of `linear-regression` u and, last, d."""

    def initial_state(self, agent: int) -> Any:
        """What an agent keeps for itself at the start, and when it has forgotten everything."""
        return None

    def initialise(self, agent: int, seed: int) -> ArrayLike:
        """What the parameters of an agent start from: zero, unless a class says otherwise."""
        return np.zeros(self.run.dimension)

    def step(self, agent: int, attempt: int, parameters: Vector, seed: int) -> Step:
        """One local step at given parameters, which it leaves as they are.

        Args:
            agent: which; its state is `self.states[agent]`.
            attempt: the number of the step among those that the agent has begun; some of them are given up by crashes.
            parameters: M numbers that cannot be written to.
            seed: of all randomness of the step, 64 bits; the same in every arm.
        """
        raise NotImplementedError(f"{type(self).__name__} has no method `step`")

    def evaluate(self, agent: int, parameters: Vector, seed: int) -> Mapping[str, float]:
        """The metrics of an agent at given parameters."""
        return {}


def main(learner: type[Learner]) -> None:
    """Serves Starling as a worker; the last line of a program of one's own.

    What is printed goes to standard error, of which Starling shows the end when the program fails.
    """
    from .worker import serve

    serve(learner)


def section(
    learner: type[Learner], *, dimension: int | None = None, options: Mapping[str, Option] | None = None,
    python: str = sys.executable, **settings: Any,
) -> dict[str, Any]:
    """The section `learner` of a scenario that is learnt by a class of one's own.

    >>> from starling_diffusion.learner import Learner, section
    >>> section(Mine, options={"rate": 0.1}, step_size=0.01)  # doctest: +SKIP

    Args:
        learner: a class of a file that calls `main` with it.
        dimension: the number of parameters, where the class does not say it; none where the task does.
        options: what the class is told, as `run.options`.
        python: the interpreter of the workers.
        settings: further keys of the section; `step_size` stands for `step-size`.

    Raises:
        ValueError: the class was made in no file, such as in a cell of a notebook: write that with `%%writefile`.
    """
    try:
        file = Path(inspect.getfile(learner)).resolve()
    except (TypeError, OSError):
        file = Path()
    if not file.is_file():
        raise ValueError(f"{learner.__name__} was made in no file, which workers could run; write it into one and import it")
    found: dict[str, Any] = {"algorithm": "external", "command": [python, str(file)]}
    count = dimension if dimension is not None else learner.dimension
    if count is not None:
        found["dimension"] = count
    if learner.metrics:
        found["metrics"] = {name: metric.as_setting() for name, metric in learner.metrics.items()}
    if options:
        found["options"] = dict(options)
    return {**found, **{key.replace("_", "-"): value for key, value in settings.items()}}
