# SPDX-License-Identifier: GPL-3.0-or-later
"""What a step in a worker costs beside the same step in a plain loop: the learner of python/notebooks/own-learner.ipynb, both of
its models, in the conditions of its two arms.

A study runs replications one after the other in one worker, of which the first is left out, as it loads PyTorch. Each is run
to two horizons, and a step takes what the longer run takes more for the steps that it has more: so what a learner does once,
its data and its evaluations, is in neither. The loop takes as many steps, of the same class, in the process of this script,
which the environment with PyTorch and the Python package carries out, in turns with the program.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measuring import ONE_CORE, ROOT, build, learning_python
from metrics import Metric, paired

REPEATS = 3
REPLICATIONS = 5
# Seconds of virtual time; runs are measured at their start and end.
HORIZONS = (30, 120)
# Units in the hidden layer.
HIDDEN = (0, 24)
# A step may take 15 % more than in a loop.
FLOOR = 1 / 1.15


def written(folder):
    """The class, as the notebook writes it into a file."""
    notebook = json.loads((ROOT / "python/notebooks/own-learner.ipynb").read_text(encoding="utf-8"))
    cells = ["".join(cell["source"]) for cell in notebook["cells"]]
    text = next(cell for cell in cells if cell.startswith("%%writefile"))
    (Path(folder) / "digits_learner.py").write_text(text.partition("\n")[2], encoding="utf-8")
    sys.path.insert(0, str(folder))
    import digits_learner

    return digits_learner


def scenario(module, options, timing, until):
    """The study of the notebook, without measuring on the way."""
    from starling_diffusion.learner import section

    return {
        "name": "cost", "task": {"kind": "external"},
        "network": {"topology": "random-geometric", "agents": 16, "mean-degree": 5},
        "learner": section(module.Digits, dimension=module.parameter_count(options["hidden"]), step_size=0.3, options=options),
        "strategy": {"kind": "diffusion-atc", "timing": timing},
        "conditions": {
            "compute": {
                "between-agents": "100 ms", "within-agent": {"lognormal": {"cv": 0.2}},
                "stragglers": {"share": 0.125, "slowdown": 5},
            },
            "links": {"latency": {"exponential": {"mean": "20 ms"}}, "loss": "10 %"},
        },
        "measure": {"until": f"{until} s", "every": f"{until} s"}, "replications": REPLICATIONS,
    }


def program_seconds(module, options, timing, folder):
    """Seconds a step, of all replications but the first, and by how many steps the horizons of one differ."""
    import starling_diffusion as starling

    steps, seconds = [], []
    for until in HORIZONS:
        study = starling.run(
            scenario(module, options, timing, until), output=Path(folder) / f"cost-{until}.sqlite", restart=True, jobs=1,
            progress=False)
        steps.append(study.agents.groupby("replication")["updates"].sum())
        seconds.append(study.runs.set_index("replication")["wall_seconds"])
    more = steps[1] - steps[0]
    return [float((seconds[1][number] - seconds[0][number]) / more[number]) for number in range(1, REPLICATIONS)], int(more[0])


def loop_seconds(module, options, steps):
    """Seconds of so many steps in a plain loop."""
    import numpy as np
    from starling_diffusion.learner import Run

    count = module.parameter_count(options["hidden"])
    names = [f"agent-{number}" for number in range(16)]
    learner = module.Digits(Run(1, 0, names, count, "external", 0, [0.3] * 16, options))
    rows = [np.array(learner.initialise(agent, 0)) for agent in range(16)]
    start = time.perf_counter()
    for number in range(steps):
        agent = number % 16
        rows[agent] += learner.step(agent, number // 16, rows[agent], number).increment
    return time.perf_counter() - start


def measured():
    """Microseconds of a step in a worker and in the loop, as often as they alternated, by model and arm."""
    with tempfile.TemporaryDirectory() as folder:
        module = written(folder)
        for hidden in HIDDEN:
            options = {"hidden": hidden, "batch": 16, "concentration": 0.5}
            for timing in ("asynchronous", "synchronous-global"):
                found = {"parameters": module.parameter_count(hidden), "timing": timing, "worker": [], "loop": []}
                for _ in range(REPEATS):
                    seconds, steps = program_seconds(module, options, timing, folder)
                    found["worker"] += [1e6 * second for second in seconds]
                    found["loop"] += [1e6 * loop_seconds(module, options, steps) / steps for _ in seconds]
                yield found


def measure() -> list[Metric]:
    """Builds and measures."""
    python = learning_python()
    build(["swift", "build", "-c", "release", "--product", "starling"])
    done = subprocess.run([python, __file__], env={**os.environ, **ONE_CORE}, check=True, capture_output=True, text=True)
    return [
        paired(
            f"step in a worker, {found['parameters']:,} parameters, {found['timing']}, beside a loop", found["worker"],
            found["loop"], "us", less_is_better=True, floor=FLOOR,
        )
        for found in map(json.loads, done.stdout.splitlines())
    ]  # fmt: skip


if __name__ == "__main__":
    for row in measured():
        print(json.dumps(row), flush=True)
