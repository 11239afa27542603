# SPDX-License-Identifier: GPL-3.0-or-later
"""Studies say what the program says of them."""

import json
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
from small import ROOT

import starling_diffusion as starling


def printed(study, *arguments):
    """What the program prints of a study, in one line."""
    answer = subprocess.run(
        [study.program.path, "summarize", study.path, *arguments], capture_output=True, text=True, check=True
    )
    return " ".join(answer.stdout.split())


def test_the_verdict_is_the_one_that_is_printed(study):
    assert f"Verdict {study.verdict}" in printed(study)
    assert set(study.verdict.arms) == {"conditions.links.loss=0", "conditions.links.loss=30 %"}
    numbers = re.findall(r"-?\d+(?:\.\d+)?", study.verdict.sentence)
    assert numbers and all(number in printed(study) for number in numbers)


def test_warnings_are_those_that_are_printed(study):
    assert study.warnings
    for warning in study.warnings:
        assert f"Warning {warning.message} -> {warning.remedy}" in printed(study)


def test_a_study_is_the_same_from_its_file(study):
    again = starling.Study(study.path)
    assert again.document == {**study.document, "sessions": again.document["sessions"]}
    assert again.verdict == study.verdict and again.warnings == study.warnings
    assert again.fingerprints == study.fingerprints
    assert (again.name, again.question, again.seed) == ("small", "Does loss matter?", 1)
    assert "runs" not in again.document
    assert repr(again) == f"<Study 'small' in '{study.path}'>"
    assert str(again) == study.text and study.text.startswith("small · 6 agents")


def test_arms_of_a_study_are_those_of_its_overrides(study):
    assert list(study.runs["arm"].cat.categories) == ["conditions.links.loss=0", "conditions.links.loss=30 %"]
    assert len(study.fingerprints) == 14 == len(set(study.fingerprints.values()))


def test_one_arm_runs_alone(settings):
    settings["arms"] = {"quiet": {"conditions.links.loss": 0}, "noisy": {"conditions.links.loss": "40 %"}}
    both = starling.compare(settings, replications=2)
    one = starling.run(settings, arm="noisy", replications=2)
    assert one.fingerprints == {key: value for key, value in both.fingerprints.items() if key[0] == "noisy"}
    with pytest.raises(starling.UsageError, match="the scenario has no arm 'bold'; it has 'quiet', 'noisy'"):
        starling.run(settings, arm="bold")


def test_requirements_are_answers_and_no_errors(settings):
    found = starling.run(settings, require=["final-msd < 0 dB", "final-msd < -200 dB"])
    assert [requirement.is_shown for requirement in found.requirements] == [True, False]
    assert found.requirements[1].status == "refuted" and "dB" in found.requirements[1].sides[0]
    assert str(found.requirements[0]) == "final-msd < 0 dB: shown"


def test_replications_are_added_to_those_that_are_there(settings):
    few = starling.run(settings, replications=2)
    first = few.fingerprints
    more = starling.run(settings, replications=4)
    assert few.path == more.path and len(first) == 2 and first.items() < more.fingerprints.items()
    assert len(more.fingerprints) == 4
    assert more.status()["done"] == 4
    seeded = starling.run(settings, replications=2, seed=2)
    assert seeded.path != few.path and not set(seeded.fingerprints.values()) & set(first.values())
    assert starling.run(settings, replications=1, restart=True).path == few.path
    assert (few.path.parent / f"{few.path.name}~").exists()


def test_a_sweep_says_which_cell_is_best(settings):
    found = starling.sweep(settings, overrides={"learner.step-size": [0.02, 0.1]}, replications=3)
    assert found.path.name.startswith("small-sweep-")
    assert found.document["schema"] == "starling-sweep/1" and found.document["axes"] == ["learner.step-size"]
    assert found.verdict.sentence.startswith("learner.step-size=0.1 is the best of 2 cells")
    assert found.runs["learner.step-size"].tolist() == [0.02] * 3 + [0.1] * 3
    assert "<caption>final MSD by arm</caption>" in found._repr_html_()


def test_steps_are_matched(settings):
    settings["arms"] = {"small": {"learner.step-size": 0.05}, "large": {"learner.step-size": 0.1}}
    found = starling.compare(settings, match="final-msd", match_to="small", pilots=10, replications=7)
    assert found.document["study"]["arms"][1]["settings"]["learner.step-size"] != "0.1"


def test_a_study_that_is_stopped_on_its_way_goes_on(settings):
    whole = starling.run(settings, output="whole.sqlite", replications=2)
    stopped = starling.run(settings, output="parts.sqlite", replications=2, stop_at="5 s")
    assert stopped.fingerprints == {} and stopped.status()["stopped"] == 2
    assert "<pre>" in stopped._repr_html_() or "small" in stopped._repr_html_()
    assert starling.run(settings, output="parts.sqlite", replications=2).fingerprints == whole.fingerprints


def test_a_trace_is_written_beside(settings, tmp_path):
    starling.run(settings, replications=1, trace="trace.jsonl")
    assert json.loads((tmp_path / "trace.jsonl").read_text().splitlines()[0])


def test_parts_of_a_study_are_parts_of_its_runs(study, settings):
    parts = [
        starling.compare(settings, overrides={"conditions.links.loss": [0, "30 %"]}, shard=f"{part}/2").fingerprints
        for part in (1, 2)
    ]
    assert parts[0] | parts[1] == study.fingerprints and not parts[0].keys() & parts[1].keys()


def test_describe_says_what_will_be(settings):
    found = starling.describe(settings, overrides={"network.agents": [6, 8]})
    assert found.arms["agents"].tolist() == [6, 8] and found.arms.attrs["units"]["memory"] == "B"
    assert found.text.startswith("small: 2 arms") and str(found) == found.text and found._repr_html_().startswith("<pre>")
    with pytest.raises(starling.ScenarioError):
        starling.describe({"name": "x"})


def test_published_closed_forms_are_met():
    found = starling.verify(ROOT / "references" / "theory" / "push-sum.json", quick=True)
    assert found.passes and found.checks["passes"].all() and len(found.checks) > 0
    assert str(found) == f"{len(found.checks)} checks, all met" and "all met" in found._repr_html_()
    with pytest.raises(starling.InputError):
        starling.verify("none.json")


def test_what_is_missed_is_said():
    document = {"checks": [{"passes": False, "reference": "a", "quantity": "b"}, {"passes": True}]}
    found = starling.Verification(document, False)
    assert str(found) == "2 checks, 1 missed" and "a: b" in found._repr_html_()


def test_runs_that_fail_are_told_and_the_others_kept(settings):
    # Every replication draws its network once, and some of them are in pieces.
    settings["network"] = {"topology": "erdos-renyi", "agents": 5, "probability": 0.5, "redraws": 0}
    settings["resample"] = ["network"]
    with pytest.raises(starling.RunsFailed, match="runs failed, the first of them arm") as raised:
        starling.run(settings, replications=12)
    found = raised.value.study
    failed = found.runs["error"].notna()
    assert raised.value.status == 65 and 0 < failed.sum() < 12 == len(found.runs)
    assert len(found.failures) == failed.sum() == found.status()["failed"]
    assert len(found.fingerprints) == 12 - failed.sum() == found.observations["replication"].nunique()
    assert found.runs.loc[failed, "sent"].isna().all() and found.runs.loc[~failed, "sent"].notna().all()
    assert len(found.messages) == (12 - failed.sum()) * 15
    assert f"<strong>{failed.sum()} runs failed</strong>" in found._repr_html_()
    # The same call tells of them again, and runs nothing.
    with pytest.raises(starling.RunsFailed):
        starling.run(settings, replications=12)


@pytest.mark.parametrize("name", ["0.1.0.jsonl", "0.2.0.sqlite", "0.3.0.sqlite", "0.3.0-parameters.sqlite"])
def test_files_of_old_versions_are_read(name):
    found = starling.Study(ROOT / "Tests" / "EndToEndTests" / "Resources" / "released" / name)
    assert found.name and found.seed and len(found.fingerprints) == len(found.runs) > 0
    assert found.metrics["scale"].notna().all() and found.runs.attrs["units"]["end_time"] == "s"
    assert set(found.observations["metric"]) <= set(found.metrics.index)
    assert "<table>" in found._repr_html_()


def test_studies_run_in_threads(settings):
    def fingerprints(seed):
        return starling.run(settings, seed=seed, replications=2, jobs=1).fingerprints

    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(fingerprints, range(1, 5)))
    assert found == [fingerprints(seed) for seed in range(1, 5)]


def test_a_study_of_bounds_on_precision_adds_runs(settings):
    found = starling.run(settings, until_precision="30 %", at_most=40, jobs=2)
    assert found.document["precision"] and 10 <= len(found.fingerprints) <= 40
