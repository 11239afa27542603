# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests share: small scenarios, a study of them, and a folder of one's own for each test."""

from __future__ import annotations

import copy
from pathlib import Path

import matplotlib
import pytest

import starling_diffusion as starling

matplotlib.use("Agg")
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


@pytest.fixture
def settings():
    """The settings of a small scenario, to be changed."""
    return copy.deepcopy(SETTINGS)


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    """Results that name no file go there."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def study(tmp_path_factory):
    """Two arms with loss and without, seven runs of each."""
    return starling.compare(
        SETTINGS, overrides={"conditions.links.loss": [0, "30 %"]}, output=tmp_path_factory.mktemp("study") / "small.sqlite",
    )
