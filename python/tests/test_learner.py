# SPDX-License-Identifier: GPL-3.0-or-later
"""Learners of one's own: what they compute is what the program would, and what goes wrong with them is said."""

import re
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from learners.faulty import Faulty
from learners.lms import LeastMeanSquares
from learners.momentum import Momentum

import starling_diffusion as starling
from starling_diffusion.learner import Learner, section

CRASHES = {"up": {"exponential": {"mean": "3 s"}}, "down": {"exponential": {"mean": "1 s"}}}
LOSSY = {"latency": {"exponential": {"mean": "20 ms"}}, "loss": "20 %"}
SITUATIONS = {
    "loss": ({"timing": "asynchronous"}, {"links": LOSSY}),
    "crashes": (
        {"timing": "asynchronous"}, {"links": LOSSY, "failures": {**CRASHES, "on-recovery": "keep"}},
    ),
    "checkpoints": (
        {"timing": "asynchronous"},
        {"links": LOSSY, "failures": {**CRASHES, "on-recovery": "checkpoint", "checkpoint-every": "2 s"}},
    ),
    "timeouts": (
        {"timing": "synchronous-local", "missing-neighbour": "self", "peer-timeout": "400 ms"},
        {"links": LOSSY, "failures": {**CRASHES, "on-recovery": "reset"}},
    ),
    "a global barrier": ({"timing": "synchronous-global"}, {"links": LOSSY}),
}
"""Strategy and conditions."""


def settings(learner, task, situation="loss"):
    strategy, conditions = SITUATIONS[situation]
    return {
        "name": "own", "task": task, "network": {"topology": "ring", "agents": 6}, "learner": learner,
        "strategy": {"kind": "diffusion-atc", **strategy},
        "conditions": {"compute": {"between-agents": "100 ms", "within-agent": {"exponential": {}}}, **conditions},
        "measure": {"until": "10 s", "every": "500 ms", "final-window": 0.01}, "replications": 2, "seed": 1,
    }


@pytest.mark.parametrize("situation", SITUATIONS)
def test_an_lms_in_python_is_the_built_in_one_bit_for_bit(situation):
    task = {"kind": "linear-regression", "dimension": 7, "noise-variance": 0.01, "samples": 40}
    ours = settings(section(LeastMeanSquares, step_size=0.05), task, situation)
    theirs = settings({"algorithm": "lms", "step-size": 0.05}, task, situation)
    # Events, every metric, and the final parameters of all agents.
    assert starling.run(ours).fingerprints == starling.run(theirs).fingerprints


@pytest.mark.parametrize("situation", SITUATIONS)
def test_with_fresh_samples_it_is_the_built_in_one_but_for_rounding(situation):
    task = {"kind": "linear-regression", "dimension": 7, "noise-variance": 0.01}
    found = [
        starling.run(settings(learner, task, situation)).observations
        for learner in (section(LeastMeanSquares, step_size=0.05), {"algorithm": "lms", "step-size": 0.05})
    ]
    errors = [frame[frame["metric"] == "msd"]["value"].to_numpy() for frame in found]
    assert len(errors[0]) == 42
    np.testing.assert_allclose(errors[0], errors[1], rtol=1e-12, atol=0)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_runs_repeat_with_any_number_of_jobs(situation, tmp_path):
    scenario = settings(section(Momentum), {"kind": "external"}, situation)
    one = starling.run(scenario, jobs=1, output=tmp_path / "one.sqlite")
    two = starling.run(scenario, jobs=2, output=tmp_path / "two.sqlite")
    assert one.fingerprints == two.fingerprints and len(set(one.fingerprints.values())) == 2


@pytest.mark.parametrize("situation", ["loss", "crashes", "checkpoints"])
def test_a_stopped_run_goes_on_as_if_nothing_had_been(situation, tmp_path):
    scenario = settings(section(Momentum), {"kind": "external"}, situation)
    whole = starling.run(scenario, output=tmp_path / "whole.sqlite")
    for time in ("2300 ms", "6 s"):
        stopped = starling.run(scenario, output=tmp_path / "parts.sqlite", stop_at=time)
        assert not stopped.fingerprints
    parts = starling.run(scenario, output=tmp_path / "parts.sqlite")
    assert parts.fingerprints == whole.fingerprints


def test_private_state_counts_the_steps_that_count():
    scenario = settings(section(Momentum), {"kind": "external"}, "crashes")
    scenario["conditions"]["failures"] = {**CRASHES, "up": {"exponential": {"mean": "20 s"}}, "on-recovery": "keep"}
    scenario["measure"]["until"] = "40 s"
    study = starling.run(scenario)
    # Some steps were given up.
    assert (study.agents["wasted"] > 0).any()
    rows = study.observations.pivot_table(index=["replication", "time"], columns="metric", values="value", observed=True)
    # It is measured of those that are up, and updates of all.
    all_up = rows[rows["available"] == 1]
    assert len(all_up) >= 5 and all_up["counted"].iloc[-1] > 20
    assert all_up["counted"].to_list() == all_up["updates"].to_list()
    assert rows["samples"].to_list() == (2 * 6 * rows["updates"]).round().to_list()


FAULTS = {
    "killed": r"was ended by signal 9 before it had answered; the last lines that it wrote:\n"
    r"this is the worker, which goes wrong: killed",
    "exits": r"ended with status 3 before it had answered; the last lines that it wrote:\n.*goes wrong: exits",
    "hangs": r"has not answered within 5 s; the last lines that it wrote:\n.*goes wrong: hangs",
    "garbage": r"answered with what is no frame of the protocol: 'what is this on '",
    "raises": r"failed: the step of agent '[\w-]+', attempt 10\nTraceback \(most recent call last\):\n.*"
    r"ZeroDivisionError: nobody divides by this",
    "no step": r"failed: the step of agent '[\w-]+', attempt 10 gave a ndarray and no Step",
    "nan": r"answered with nan for parameter 0 in the increment of agent '[\w-]+', attempt 10",
    "shape": r"failed: the increment of the step of agent '[\w-]+', attempt 10 has the shape \(3,\), and the agent \(2,\)",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_worker_that_goes_wrong_ends_its_run_alone(fault, tmp_path):
    folder = Path(__file__).parent / "learners"
    file = tmp_path / "faulty.py"
    shutil.copy(folder / "faulty.py", file)
    learner = {**section(Faulty, timeout="5 s" if fault == "hangs" else "5 min"), "command": [sys.executable, str(file)]}
    scenario = tmp_path / "faulty.yaml"
    scenario.write_text(starling.Scenario(settings(learner, {"kind": "external"})).text)
    whole = starling.run(scenario, output=tmp_path / "whole.sqlite").fingerprints
    (tmp_path / "fault").write_text(fault)
    with pytest.raises(starling.RunsFailed) as raised:
        starling.run(scenario, output=tmp_path / "parts.sqlite")
    said = raised.value.text
    assert said.startswith("error: 1 of 2 runs failed") or "1 of 2 runs failed" in said
    assert re.search(r"The learner's program \(.*\) " + FAULTS[fault], said, re.DOTALL), said
    assert list(raised.value.study.fingerprints.values()) == [whole[key] for key in whole if key[1] == 0]
    # Once it is mended, the study goes on where it is.
    (tmp_path / "fault").write_text("")
    assert starling.run(scenario, output=tmp_path / "parts.sqlite", retry_failed=True).fingerprints == whole


def test_a_learner_that_computes_something_else_by_now_does_not_go_on_with_a_study(tmp_path):
    file = tmp_path / "mine.py"
    text = (Path(__file__).parent / "learners" / "momentum.py").read_text()
    file.write_text(text)
    learner = {**section(Momentum), "command": [sys.executable, "mine.py"]}
    scenario = tmp_path / "mine.yaml"
    scenario.write_text(starling.Scenario(settings(learner, {"kind": "external"})).text)
    starling.run(scenario, output=tmp_path / "mine.sqlite")
    file.write_text(text.replace("0.9 * velocity", "0.8 * velocity"))
    with pytest.raises(starling.ResultsError, match="fingerprint"):
        starling.run(scenario, output=tmp_path / "mine.sqlite", replications=3)


def test_a_target_may_be_a_metric_of_the_class():
    scenario = settings(section(Momentum), {"kind": "external"})
    scenario["measure"]["target"] = {"excess": 20}
    study = starling.run(scenario)
    assert study.runs["target_time"].notna().all() and study.metrics.loc["excess", "sense"] == "less"


def test_the_scenario_and_the_class_have_to_agree():
    learner = section(Momentum)
    learner["dimension"] = 5
    with pytest.raises(starling.RunsFailed, match="has 4 parameters an agent, and the scenario says 5"):
        starling.run(settings(learner, {"kind": "external"}))
    learner = section(Momentum)
    del learner["metrics"]["counted"]
    with pytest.raises(starling.RunsFailed, match="measures excess, counted, and the scenario says excess"):
        starling.run(settings(learner, {"kind": "external"}))


def test_a_class_of_no_file_is_refused():
    class_of_a_cell = type("Cell", (Learner,), {"__module__": "nowhere"})
    with pytest.raises(ValueError, match="made in no file"):
        section(class_of_a_cell)
