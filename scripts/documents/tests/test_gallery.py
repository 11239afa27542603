# SPDX-License-Identifier: GPL-3.0-or-later
"""The gallery is what headers of scenarios say."""

import pathlib

import pytest

from documents import gallery

ROOT = pathlib.Path(__file__).resolve().parents[3]
HEADER = """\
# Question   Which of the two is sooner, when both of them
#            are late?
# Answer     The first.
# Run time   4 s of processor time
# Source     chosen.
"""


def test_the_texts_of_a_header_go_on_below_their_headings():
    said = gallery.header("a.yaml", HEADER + "name: a  # Question\n# Answer     another\n")
    assert said["Question"] == "Which of the two is sooner, when both of them are late?"
    assert said["Answer"] == "The first."


@pytest.mark.parametrize("header, reason", [
    (HEADER.replace("Answer", "Reply "), "not 'Reply'"),
    (HEADER.replace("# Run time   4 s of processor time\n", ""), "does not say: Run time"),
], ids=["another heading", "a missing one"])
def test_a_header_that_says_less_or_something_else_is_refused(header, reason):
    with pytest.raises(ValueError, match=reason):
        gallery.header("a.yaml", header)


@pytest.mark.parametrize("text, command", [
    ("name: a\n", "starling run scenarios/a.yaml"),
    ("arms:\n  b: {}\n", "starling compare scenarios/a.yaml"),
    ("sweep:\n  a.b: [1]\n", "starling sweep scenarios/a.yaml"),
], ids=["alone", "arms", "sweep"])
def test_the_command_is_the_one_that_answers_the_question(text, command):
    assert f"```sh\n{command}\n```" in gallery.entry("scenarios/a.yaml", HEADER + text)


def test_a_header_may_say_another_command():
    text = HEADER + "# Command    make bench\n"
    assert "```sh\nmake bench\n```" in gallery.entry("scenarios/a.yaml", text)


def test_hypotheses_stand_before_the_answer_where_there_are_any():
    text = HEADER.replace("# Answer", "# Hypotheses None of\n#            them is.\n# Answer")
    assert "\n\nHypotheses: None of them is.\n\nThe first.\n" in gallery.entry("scenarios/a.yaml", text)
    assert "Hypotheses" not in gallery.entry("scenarios/a.yaml", HEADER)


def test_the_gallery_has_every_scenario_and_leads_to_each():
    page = gallery.page(ROOT)
    files = [file.relative_to(ROOT).as_posix() for file in (ROOT / "scenarios").rglob("*.yaml")]
    assert len(files) > 20
    for file in files:
        assert page.count(f"(../{file})") == 1
        assert page.count(f"### {gallery.name(file)}\n") == 1
        assert page.count(f"(#{gallery.anchor(gallery.name(file))})") == 1
