# SPDX-License-Identifier: GPL-3.0-or-later
"""What a step in a worker costs beside the same step in a plain loop: the network of python/notebooks/own-learner.ipynb.

The program runs twice, for a time and for three times as long; the difference is free of what starting costs. The loop takes
as many steps, of the same class, in the process of this script, which the environment with PyTorch and the Python package
carries out.
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
# Units in the hidden layer, and virtual seconds of the shorter run.
HIDDEN, SECONDS = (0, 24), 30


def written(folder):
    """The class, as the notebook writes it into a file."""
    notebook = json.loads((ROOT / "python/notebooks/own-learner.ipynb").read_text(encoding="utf-8"))
    cells = ["".join(cell["source"]) for cell in notebook["cells"]]
    text = next(cell for cell in cells if cell.startswith("%%writefile"))
    (Path(folder) / "digits_learner.py").write_text(text.partition("\n")[2], encoding="utf-8")
    sys.path.insert(0, str(folder))
    import digits_learner

    return digits_learner


def program_seconds(module, options, until, folder):
    """Seconds of one run, and its steps."""
    import starling_diffusion as starling
    from starling_diffusion.learner import section

    scenario = {
        "name": "cost", "task": {"kind": "external"}, "network": {"topology": "ring", "agents": 16},
        "learner": section(module.Digits, dimension=module.parameter_count(options["hidden"]), step_size=0.3, options=options),
        "strategy": {"kind": "diffusion-atc", "timing": "asynchronous"},
        "conditions": {"compute": {"between-agents": "100 ms", "within-agent": {"exponential": {}}}},
        "measure": {"until": f"{until} s", "every": f"{until} s"}, "replications": 1,
    }
    study = starling.run(scenario, output=Path(folder) / "cost.sqlite", restart=True, jobs=1)
    return float(study.runs["wall_seconds"].iloc[0]), int(study.agents["updates"].sum())


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
    """Microseconds of a step in a worker and in the loop, as often as they alternated, by the number of parameters."""
    with tempfile.TemporaryDirectory() as folder:
        module = written(folder)
        for hidden in HIDDEN:
            options = {"hidden": hidden, "batch": 16, "concentration": 0.5}
            found = {"parameters": module.parameter_count(hidden), "worker": [], "loop": []}
            for _ in range(REPEATS):
                short, few = program_seconds(module, options, SECONDS, folder)
                long, many = program_seconds(module, options, 3 * SECONDS, folder)
                found["worker"].append((long - short) / (many - few) * 1e6)
                found["loop"].append(loop_seconds(module, options, many - few) / (many - few) * 1e6)
            yield found


def measure() -> list[Metric]:
    """Builds and measures."""
    python = learning_python()
    build(["swift", "build", "-c", "release", "--product", "starling"])
    done = subprocess.run([python, __file__], env={**os.environ, **ONE_CORE}, check=True, capture_output=True, text=True)
    return [
        paired(
            f"step in a worker, {found['parameters']:,} parameters, beside a loop", found["worker"], found["loop"], "us",
            less_is_better=True,
        )
        for found in map(json.loads, done.stdout.splitlines())
    ]  # fmt: skip


if __name__ == "__main__":
    for row in measured():
        print(json.dumps(row), flush=True)
