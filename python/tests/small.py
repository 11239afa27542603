# SPDX-License-Identifier: GPL-3.0-or-later
"""A small scenario for tests, and where the checkout is."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = {
    "name": "small",
    "question": "Does loss matter?",
    "task": {"kind": "linear-regression", "dimension": 3, "noise-variance": 0.01},
    "network": {"topology": "ring", "agents": 6},
    "learner": {"algorithm": "lms", "step-size": 0.1},
    "strategy": {"kind": "diffusion-atc", "timing": "asynchronous"},
    "conditions": {
        "compute": {"between-agents": "100 ms", "within-agent": {"exponential": {}}},
        "links": {"latency": {"exponential": {"mean": "20 ms"}}, "loss": "5 %"},
    },
    "measure": {"until": "10 s", "every": "100 ms", "target": {"msd": "-15 dB"}},
    "replications": 7,
    "seed": 1,
}
"""A study of a fraction of a second."""
