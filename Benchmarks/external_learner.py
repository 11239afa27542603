# SPDX-License-Identifier: GPL-3.0-or-later
"""What a step in a worker costs beside the same step in a plain loop: the learner of python/notebooks/own-learner.ipynb, both of
its models, in the conditions of its two arms.

A study runs replications one after the other in one worker, of which the first is left out, as it loads PyTorch. The loop
takes as many steps, of the same class, in this process, in turns with the program. Medians, as the machine may be busy.
"""

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import starling_diffusion as starling
from starling_diffusion.learner import Run, section

ROOT = Path(__file__).resolve().parents[1]
REPEATS = 3
REPLICATIONS = 5


def written(folder):
    """The class, as the notebook writes it into a file."""
    notebook = json.loads((ROOT / "python/notebooks/own-learner.ipynb").read_text(encoding="utf-8"))
    cells = ["".join(cell["source"]) for cell in notebook["cells"]]
    text = next(cell for cell in cells if cell.startswith("%%writefile"))
    (Path(folder) / "digits_learner.py").write_text(text.partition("\n")[2], encoding="utf-8")
    sys.path.insert(0, str(folder))
    import digits_learner

    return digits_learner


def scenario(module, options, timing):
    """The study of the notebook, without measuring on the way."""
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
        "measure": {"until": "30 s", "every": "30 s"}, "replications": REPLICATIONS,
    }


def program_seconds(module, options, timing, folder):
    """Seconds a step, of all replications but the first, and steps of one."""
    study = starling.run(
        scenario(module, options, timing), output=Path(folder) / "cost.sqlite", restart=True, jobs=1, progress=False)
    steps = study.agents.groupby("replication")["updates"].sum()
    seconds = study.runs.set_index("replication")["wall_seconds"]
    return [float(seconds[number] / steps[number]) for number in range(1, REPLICATIONS)], int(steps[0])


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
            for timing in ("asynchronous", "synchronous-global"):
                programs, loops, steps = [], [], 0
                for _ in range(REPEATS):
                    seconds, steps = program_seconds(module, options, timing, folder)
                    programs += seconds
                    loops += [loop_seconds(module, options, steps) / steps for _ in seconds]
                program, loop = statistics.median(programs) * 1e6, statistics.median(loops) * 1e6
                print(
                    f"{module.parameter_count(hidden)} parameters, {timing}: {program:.0f} us a step in a worker, "
                    f"{loop:.0f} us in a loop, {100 * (program / loop - 1):+.1f} % ({steps} steps a run)", flush=True,
                )


if __name__ == "__main__":
    main()
