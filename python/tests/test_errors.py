# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors keep the program's words, places and statuses."""

import subprocess

import pytest
from small import ROOT

import starling_diffusion as starling
from starling_diffusion.diagnostics import cautions, error, faults

CASES = (ROOT / "Tests" / "ScenariosTests" / "Resources" / "errors.txt").read_text(encoding="utf-8")


def test_a_wrong_key_has_its_place_in_what_was_written(settings):
    settings["conditions"]["links"]["latncy"] = "1 s"
    with pytest.raises(starling.ScenarioError) as raised:
        starling.compare(settings)
    found, text = raised.value, starling.Scenario(settings).text
    assert found.file == "small.yaml" and found.key == "conditions.links.latncy" and found.status == 65
    assert text.splitlines()[found.line - 1][found.column - 1:].startswith("latncy")
    assert "^~~~~~ did you mean 'latency'?" in str(found)
    assert found.faults[0].hint.startswith("did you mean 'latency'?\nallowed: latency, loss")


def test_all_that_is_wrong_is_there_at_once(settings):
    settings["task"]["dimension"] = "ten"
    settings["measure"]["until"] = "1 minute"
    del settings["learner"]
    with pytest.raises(starling.ScenarioError) as raised:
        starling.Scenario(settings).validate()
    assert {fault.key for fault in raised.value.faults} == {"task.dimension", "measure.until", "learner"}
    assert all(fault.text in str(raised.value) for fault in raised.value.faults)
    assert str(raised.value).endswith("3 errors")


def test_the_words_are_those_of_the_program(tmp_path):
    file = tmp_path / "bad.yaml"
    file.write_text("name: bad\nlearner: {step-size: -1}\n")
    said = subprocess.run(
        [starling.find_program().path, "validate", str(file)], capture_output=True, text=True, check=False
    ).stderr
    with pytest.raises(starling.ScenarioError) as raised:
        starling.run(file)
    assert str(raised.value) == said.strip()
    assert raised.value.file == str(file)


def test_an_override_is_named(settings):
    with pytest.raises(starling.ScenarioError) as raised:
        starling.run(settings, overrides={"conditions.links.loss": "200 %"})
    fault, = raised.value.faults
    assert fault.override == "conditions.links.loss=200 %" and fault.key == "conditions.links.loss" and fault.line is None
    assert fault.hint == "it must be at least 0 and at most 1"


def test_other_mistakes_have_errors_of_their_own(settings, tmp_path):
    with pytest.raises(starling.UsageError, match="Invalid value|replications") as raised:
        starling.run(settings, replications="many")
    assert raised.value.status == 64
    with pytest.raises(starling.UsageError, match="unknown metric 'final-mds'"):
        starling.run(settings, require="final-mds < 1")
    (tmp_path / "file").touch()
    with pytest.raises(starling.OutputError) as raised:
        starling.run(settings, output=tmp_path / "file" / "a.sqlite")
    assert raised.value.status == 73
    with pytest.raises(TypeError, match=r"run\(\) has no option 'replication_count'; it has arm, at_most"):
        starling.run(settings, replication_count=3)
    (tmp_path / "text.sqlite").write_text("no database")
    with pytest.raises(starling.ResultsError):
        starling.Study(tmp_path / "text.sqlite")
    with pytest.raises(starling.InputError):
        starling.Study(tmp_path / "none.sqlite")


def test_another_study_is_refused_and_kept(settings):
    first = starling.run(settings, output="one.sqlite", replications=1)
    settings["learner"]["step-size"] = 0.05
    with pytest.raises(starling.ResultsError, match="holds another study"):
        starling.run(settings, output="one.sqlite", replications=1)
    assert starling.Study("one.sqlite").fingerprints == first.fingerprints
    assert starling.run(settings, replications=1).path != first.path


def cases():
    """Scenarios that are wrong, with what the program says of each."""
    for case in CASES.split("\n=== ")[1:]:
        name, _, rest = case.partition("\n")
        yield name, rest.partition("\n--- \n")[2]


def test_every_message_of_the_program_is_read_whole():
    count = placed = 0
    for name, said in cases():
        found = faults(said)
        said_to_be = sum(": error: " in line and not line.startswith(" ") for line in said.splitlines())
        assert len(found) == said_to_be, name
        assert "\n".join(fault.text for fault in found) == "\n".join(
            line for line in said.rstrip("\n").split("\n") if not line.endswith(" errors") or line.startswith(" ")
        ), name
        count += len(found)
        placed += sum(fault.key is not None for fault in found)
    assert count > 400
    # Most messages name the key that they are about; others speak of agents, of edges, or of two choices that do not fit.
    assert placed > 0.65 * count


def test_carets_stand_where_the_columns_say():
    for name, said in cases():
        for fault in faults(said):
            lines = fault.text.splitlines()
            if fault.line is None or len(lines) < 3 or "^" not in lines[2] or "…" in lines[1]:
                continue
            start = lines[1].index("| ") + 2
            assert lines[2].index("^") - start == fault.column - 1, name


@pytest.mark.parametrize(
    "status, kind",
    [
        (64, starling.UsageError), (65, starling.ResultsError), (66, starling.InputError), (70, starling.ProgramError),
        (73, starling.OutputError), (74, starling.OutputError), (75, starling.ResultsError), (-9, starling.ProgramError),
    ],
)
def test_statuses_are_kinds_of_errors(status, kind):
    found = error("error: something", status)
    assert type(found) is kind and found.status == status and str(found) == "error: something"
    assert found.line is found.key is None
    assert "said nothing" in str(error("", status))


def test_warnings_at_the_start_have_their_remedies():
    said = "warning: it is long\n  -> shorten it\n12 runs; results go to a.sqlite\n"
    assert [str(caution) for caution in cautions(said)] == ["it is long\n-> shorten it"]
