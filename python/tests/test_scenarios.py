# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenarios mean the same however they are written."""

import math
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from small import ROOT

import starling_diffusion as starling
from starling_diffusion.emission import document, inline
from starling_diffusion.scenario import override_arguments

AS_FILE = """\
# Every kind of thing that scenarios are written with.
name: small
question: Does loss matter?
task: {kind: linear-regression, dimension: 3, noise-variance: 0.01}
network: {topology: ring, agents: 6}
learner: {algorithm: lms, step-size: 0.1}
strategy: {kind: diffusion-atc, timing: asynchronous}
conditions:
  compute: {between-agents: 100 ms, within-agent: {exponential: {}}}
  links: {latency: {exponential: {mean: 20 ms}}, loss: 5 %}
measure: {until: 10 s, every: 100 ms, target: {msd: -15 dB}}
replications: 7
seed: 1
"""


def test_a_study_from_a_mapping_is_that_from_a_file(settings, tmp_path):
    file = tmp_path / "from a file.yaml"
    file.write_text(AS_FILE)
    of_mapping = starling.run(settings)
    of_file = starling.run(file)
    of_text = starling.run(AS_FILE, output="text.sqlite")
    of_keywords = starling.run(starling.Scenario(**settings), output="keywords.sqlite")
    assert len(of_mapping.fingerprints) == 7
    assert of_mapping.fingerprints == of_file.fingerprints == of_text.fingerprints == of_keywords.fingerprints
    assert of_mapping.path != of_file.path  # Their texts differ.
    assert str(of_mapping.scenario) == str(of_file.scenario)


@pytest.mark.parametrize("name", ["quickstart", "stragglers", "crashes", "step-sizes"])
def test_shipped_scenarios_come_back_from_what_is_shown(name):
    scenario = starling.Scenario(ROOT / "scenarios" / f"{name}.yaml")
    assert scenario.name == name
    resolved = scenario.resolved()
    assert resolved.resolved().text == resolved.text


@pytest.mark.parametrize(
    "value", [0.1, 1e-300, 1 / 3, 5e-324, 123456.789e3, 0.1 + 0.2, math.pi * 1e-5, np.float64(2 / 3), 1e22, 7]
)
def test_numbers_read_back_as_the_same_bits(value):
    assert float(inline(value)) == value


def test_numbers_reach_the_program_as_the_same_bits(settings):
    settings["learner"]["step-size"] = 0.1 + 0.2
    settings["task"]["noise-variance"] = math.pi * 1e-5
    text = starling.Scenario(settings).resolved().text
    shown = [line.split("#")[0].partition(":")[2] for line in text.splitlines()]
    numbers = {float(value) for value in shown if value.strip().replace(".", "").replace("e-", "").isdigit()}
    assert {0.1 + 0.2, math.pi * 1e-5} <= numbers


@pytest.mark.parametrize(
    "value, text",
    [
        ("100 ms", "100 ms"), ("5 %", "5 %"), ("-30 dB", "-30 dB"), ("1 h 30 min", "1 h 30 min"), ("kB/s", "kB/s"),
        ("diffusion-atc", "diffusion-atc"), ("a: b", '"a: b"'), ("a #b", '"a #b"'), ("", '""'), ("- a", '"- a"'),
        ("[a", '"[a"'),
        ("a, b", '"a, b"'), ("ü\n", '"ü\\n"'), (True, "true"), (None, "none"), (np.int64(3), "3"), (np.bool_(True), "true"),
        (np.array([0.5, 1.5]), "[0.5, 1.5]"), ((1, "a"), "[1, a]"), (timedelta(milliseconds=1.5), "1500 us"),
        (Path("a/b.csv"), "a/b.csv"),
        ({"a b": {}, "c": [{"d": 1}]}, "{a b: {}, c: [{d: 1}]}"),
    ],
)
def test_values_are_written_as_scenarios_have_them(value, text):
    assert inline(value) == text


def test_what_scenarios_have_nothing_for_is_refused_with_its_place():
    with pytest.raises(TypeError, match=r"a\.b\[1\] is of type object"):
        document({"a": {"b": [1, object()]}})
    with pytest.raises(TypeError, match="network has the key 3, which is no text"):
        document({"network": {3: 1}})


def test_texts_with_anything_in_them_reach_the_program(settings):
    settings["question"] = "Is 'a: b' #1 {or} [two], 100 % \"sure\"? – ja, \\ auch"
    assert starling.Scenario(settings).validate()[0].remedy
    study = starling.run(settings, replications=1)
    assert study.question == settings["question"]


def test_keywords_replace_sections_of_a_mapping(settings):
    changed = starling.Scenario(settings, name="other", preset_unit="50 ms")
    assert changed.name == "other" and "preset-unit: 50 ms\n" in changed.text and "step-size: 0.1" in changed.text
    with pytest.raises(TypeError, match="overrides"):
        starling.Scenario("a.yaml", name="other")


def test_long_lists_keep_their_order(settings):
    variances = [0.01 * place for place in range(1, 41)]
    settings["task"]["noise-variance"] = variances
    settings["network"]["agents"] = 40
    scenario = starling.Scenario(settings)
    assert all(f"- {variance!r}" in scenario.text for variance in variances)
    assert scenario.validate()


def test_overrides_are_values_or_several():
    given = {"a.b": "1 min", "c": [0, 0.1], "d": ("x", "y"), "e": {"gamma": {"mean": "1 s"}}, "f": True, "g": "[1, 2]"}
    assert override_arguments(given) == ["a.b=1 min", "c=0,0.1", "d=x,y", "e={gamma: {mean: 1 s}}", "f=true", "g=[1, 2]"]


def test_a_file_that_is_not_there_is_said_to_be():
    with pytest.raises(starling.InputError, match="none.yaml: error: No such file") as raised:
        starling.Scenario("none.yaml")
    assert raised.value.status == 66


def test_scenarios_say_what_they_are(settings, tmp_path):
    scenario = starling.Scenario(settings)
    assert repr(scenario) == f"<Scenario 'small', {len(scenario.text.splitlines())} lines>"
    assert scenario == starling.Scenario(settings) and len({scenario, starling.Scenario(settings)}) == 1
    assert starling.Scenario({"task": {}}).name == "scenario"
    assert starling.Scenario({"name": "ü/b c"}).file_name == "ü-b-c"
