# SPDX-License-Identifier: GPL-3.0-or-later
"""What notebooks show is well-formed, safe, and in the program's own numbers."""

import html
import subprocess
from html.parser import HTMLParser

import pytest

import starling_diffusion as starling
from starling_diffusion.page import markdown_tables, table

VOID = {"br"}


class Reader(HTMLParser):
    """Refuses tags that are not closed in their order."""

    def __init__(self):
        super().__init__()
        self.open, self.cells, self.tags = [], [], set()

    def handle_starttag(self, tag, attributes):
        assert not attributes
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] == ["td"]:
            self.cells.append(data)


def reader(text):
    found = Reader()
    found.feed(text)
    found.close()
    assert found.open == []
    return found


def test_a_study_is_a_page_with_the_programs_numbers(study):
    page = study._repr_html_()
    found = reader(page)
    assert found.tags <= {"div", "p", "strong", "br", "small", "table", "caption", "thead", "tbody", "tr", "th", "td"}
    said = subprocess.run(
        [study.program.path, "summarize", study.path, "--by=arm", "--metric=final-msd", "--metric=time-to-target"],
        capture_output=True, text=True, check=True,
    ).stdout
    assert len(found.cells) == 2 * 7 + 2 * 4
    for cell in found.cells:
        # The program breaks a mean and its interval, and names of arms, into lines.
        assert all(word in said for word in cell.split(" ")), cell
    assert html.escape(study.verdict.sentence) in page and html.escape(study.warnings[0].remedy) in page


@pytest.mark.parametrize("name", ["<b>bold</b>", "a & b", "a | b", "a\\b_c*", '"quoted"'])
def test_what_users_wrote_is_no_markup(settings, name):
    settings["question"] = f"{name}?"
    settings["arms"] = {name: {}, "plain": {"learner.step-size": 0.05}}
    page = starling.compare(settings, replications=2)._repr_html_()
    found = reader(page)
    assert "b" not in found.tags and name in found.cells and html.escape(f"{name}?") in page


def test_descriptions_are_pages(settings):
    assert reader(starling.describe(settings)._repr_html_()).tags == {"pre"}


def test_requirements_and_failures_are_told(settings, monkeypatch):
    found = starling.run(settings, require="final-msd < 0 dB")
    assert "<strong>Requirement</strong> final-msd &lt; 0 dB: shown" in found._repr_html_()
    monkeypatch.setitem(found.document, "failures", [{}])
    assert "<strong>1 runs failed</strong>" in found._repr_html_()


def test_long_tables_are_cut_and_say_so():
    rows = [["arm"], *([str(place)] for place in range(60))]
    found = reader(table("msd", rows))
    assert found.cells == [str(place) for place in range(50)]
    assert "<caption>msd (the first 50 of 60)</caption>" in table("msd", rows)
    assert "first" not in table("msd", rows[:51])


def test_tables_without_a_title_are_no_tables():
    assert markdown_tables("| a |\n|---|\n| 1 |\n") == []
