# SPDX-License-Identifier: GPL-3.0-or-later
"""A learner that goes wrong in the way that a file beside it names, in the tenth step of an agent."""

import os
import signal
import sys
import time
from pathlib import Path

import numpy as np

from starling_diffusion.learner import Learner, Metric, Step, main


class Faulty(Learner):
    dimension = 2
    metrics = {"size": Metric("plain", "less")}

    def initialise(self, agent, seed):
        return np.ones(self.dimension)

    def step(self, agent, attempt, parameters, seed):
        fault = Path("fault").read_text() if Path("fault").exists() else ""
        if fault and self.run.replication == 1 and agent == 2 and attempt == 10:
            return self.fail(fault)
        return Step(-0.1 * parameters)

    def fail(self, fault):
        print("this is the worker, which goes wrong:", fault)
        if fault == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if fault == "hangs":
            time.sleep(1000)
        if fault == "exits":
            sys.exit(3)
        if fault == "garbage":
            for descriptor in range(3, 10):
                try:
                    os.write(descriptor, b"what is this on the pipe?")
                except OSError:
                    continue
        if fault == "raises":
            raise ZeroDivisionError("nobody divides by this")
        if fault == "no step":
            return -0.1 * np.ones(2)
        return Step({"nan": [np.nan, 0], "shape": [1, 2, 3]}[fault])

    def evaluate(self, agent, parameters, seed):
        return {"size": float(np.abs(parameters).max())}


if __name__ == "__main__":
    main(Faulty)
