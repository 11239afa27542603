# SPDX-License-Identifier: GPL-3.0-or-later
"""What a step in a worker costs beside the same step in a plain loop: the network of python/notebooks/own-learner.ipynb.

The program runs twice, for a time and for twice as long; the difference is free of what starting costs. The loop takes as many
steps, of the same class, in this process. Both are repeated, and the least counts, as the machine may be busy.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import starling_diffusion as starling
from starling_diffusion.learner import Run, section

ROOT = Path(__file__).resolve().parents[1]
REPEATS = 3


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
    count = module.parameter_count(options["hidden"])
    names = [f"agent-{number}" for number in range(16)]
    learner = module.Digits(Run(1, 0, names, count, "external", 0, [0.3] * 16, options))
    rows = [np.array(learner.initialise(agent, 0)) for agent in range(16)]
    start = time.perf_counter()
    for number in range(steps):
        agent = number % 16
        rows[agent] += learner.step(agent, number // 16, rows[agent], number).increment
    return time.perf_counter() - start


def main():
    with tempfile.TemporaryDirectory() as folder:
        module = written(folder)
        for hidden in (0, 24):
            options = {"hidden": hidden, "batch": 16, "concentration": 0.5}
            programs, loops, steps = [], [], 0
            for _ in range(REPEATS):
                short, few = program_seconds(module, options, 60, folder)
                long, many = program_seconds(module, options, 180, folder)
                steps = many - few
                programs.append(long - short)
                loops.append(loop_seconds(module, options, steps))
            program, loop = min(programs) / steps * 1e6, min(loops) / steps * 1e6
            print(
                f"{module.parameter_count(hidden)} parameters: {program:.0f} us a step in a worker, {loop:.0f} us in a loop, "
                f"{100 * (program / loop - 1):+.1f} % ({steps} steps)"
            )


if __name__ == "__main__":
    main()
