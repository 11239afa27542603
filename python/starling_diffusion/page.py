# SPDX-License-Identifier: GPL-3.0-or-later
"""What notebooks show of a study and of other answers. Numbers are in the program's own words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from .diagnostics import Caution
from .errors import StarlingError
from .process import ask

if TYPE_CHECKING:
    from .study import Study

MOST_ROWS = 50
"""A page with more arms than this, as of a large sweep, would be read by nobody."""
_ROW = re.compile(r"\|(.*)\|\s*")
_BAR = re.compile(r"(?<!\\)\|")
_ESCAPED = re.compile(r"\\([!-/:-@[-`{-~])")
"""What Markdown takes for itself where there is no backslash before it."""


def study_page(study: Study) -> str:
    """A study as HTML: question, a table for the final metric and one for the target, verdict, warnings."""
    parts = [f"<p><strong>{escape(study.name)}</strong>{_question(study.question)}</p>"]
    try:
        parts += [table(title, rows) for title, rows in _tables(study)]
    except StarlingError as error:
        # A study of which no run has ended yet has no table.
        parts.append(preformatted(error.text))
    if study.verdict:
        parts.append(f"<p><strong>Verdict</strong> {escape(study.verdict.sentence)}</p>")
    parts += [f"<p><strong>Requirement</strong> {escape(str(requirement))}</p>" for requirement in study.requirements]
    if study.failures:
        parts.append(f"<p><strong>{len(study.failures)} runs failed</strong> and are in no table.</p>")
    parts += cautions(study.warnings)
    parts.append(f"<p><small>{escape(str(study.path))}, seed {study.seed}</small></p>")
    return f"<div>{''.join(parts)}</div>"


def _question(question: str | None) -> str:
    return f"<br>{escape(question)}" if question else ""


def cautions(found: Sequence[Caution]) -> list[str]:
    """Warnings as paragraphs, each with its remedy."""
    remedies = [f"<br>→ {escape(caution.remedy)}" if caution.remedy else "" for caution in found]
    return [
        f"<p><strong>Warning</strong> {escape(caution.message)}{remedy}</p>" for caution, remedy in zip(found, remedies)
    ]


def preformatted(text: str) -> str:
    """Text of the program as it stands."""
    return f"<pre>{escape(text)}</pre>"


def table(title: str, rows: Sequence[Sequence[str]]) -> str:
    """A table with a head; of more than `MOST_ROWS` rows it says how many there are."""
    more = len(rows) - 1 - MOST_ROWS
    title += f" (the first {MOST_ROWS} of {len(rows) - 1})" if more > 0 else ""
    rows = rows[:MOST_ROWS + 1]
    head = "".join(f"<th>{escape(cell)}</th>" for cell in rows[0])
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows[1:])
    return f"<table><caption>{escape(title)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _tables(study: Study) -> list[tuple[str, list[list[str]]]]:
    """Titles and rows of what the program says of each arm."""
    judged = [metric["name"] for metric in study.header.metrics if metric["sense"] != "neither"]
    wanted = [f"--metric=final-{name}" for name in judged[:1]]
    document = study.document
    target = document.get("target") or document.get("study", {}).get("target")
    wanted += ["--metric=time-to-target"] if target else []
    if not wanted:
        return []
    text = ask(study.program, ["summarize", "--by=arm", "--format=markdown", *wanted, "--", study.path]).output
    return markdown_tables(text)


def markdown_tables(text: str) -> list[tuple[str, list[list[str]]]]:
    """The tables of a Markdown text by their titles, which stand in bold before them.

    >>> markdown_tables("**msd by arm**\\n\\n| arm | n |\\n|---|---|\\n| a | 3 |\\n\\na: 1 dB\\n")
    [('msd by arm', [['arm', 'n'], ['a', '3']])]
    """
    found: list[tuple[str, list[list[str]]]] = []
    for line in text.splitlines():
        if line.startswith("**"):
            found.append((line.strip("* "), []))
        elif found and (match := _ROW.fullmatch(line)):
            cells = [_ESCAPED.sub(r"\1", cell.strip()) for cell in _BAR.split(match[1])]
            if not all(set(cell) <= {"-", ":"} for cell in cells):
                found[-1][1].append(cells)
    return [(title, rows) for title, rows in found if rows]
