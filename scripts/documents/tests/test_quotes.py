# SPDX-License-Identifier: GPL-3.0-or-later
"""What pages quote, and when it is said to differ."""

import pytest

from documents import quotes
from documents.quotes import Command, File, Malformed

ALPHABET = [f"line {letter}" for letter in "abcdefgh"]


@pytest.fixture
def session(tmp_path):
    for name in ("scenarios", "references"):
        (tmp_path / name).mkdir()
    return quotes.Session(tmp_path / "session", tmp_path, tmp_path / "program")


def block(*lines, before=""):
    return "\n".join([before, "```console", *lines, "```", ""])


def drifts(session, text, with_slow=False):
    return quotes.drifts("page.md", text, session, with_slow)


def test_commands_and_files_are_found_in_their_order():
    page = """text
<!-- file: a.yaml -->
```yaml
name: a
```
```sh
not a promise
```
```console
$ one \\
    and more
x
y
$ two
```
<!-- slow run: three -->
| a |
<!-- end of run -->
"""
    assert quotes.quotations("page.md", page) == [
        File("a.yaml", "name: a\n"),
        Command("one and more", ["x", "y"], 11),
        Command("two", [], 14),
        Command("three", ["| a |"], 16, is_slow=True),
    ]
    assert page.split("\n")[11:13] == ["x", "y"]


@pytest.mark.parametrize("page, reason", [
    ("<!-- slow -->\ntext", "page.md:1: .*stands before no block"),
    ("<!-- slow -->\n```sh\n```", "page.md:1: .*no block that it goes with"),
    ("<!-- run: a -->\ntext", "page.md:1: no <!-- end of run -->"),
    ("```console\nno command\n```", "page.md:2: .*begins with"),
    ("```console\n$ a", "page.md:1: the block is not closed"),
    ("- item\n  ```console\n  $ a\n  ```", "page.md:2: .*at the margin"),
], ids=["remark before text", "remark before another block", "run without end", "no command", "open", "indented"])
def test_what_cannot_be_read_is_refused_with_its_place(page, reason):
    with pytest.raises(Malformed, match=reason):
        quotes.quotations("page.md", page)


def test_what_is_still_said_is_no_drift(session):
    assert drifts(session, block("$ printf 'a\\nb\\n'", "a", "b", "$ true")) == []


def test_what_is_said_in_other_words_is_a_drift_with_a_diff(session):
    (drift,) = drifts(session, block("$ printf 'a\\nc\\n'", "a", "b"))
    assert drift.now == ["a", "c"]
    text = drift.text("page.md")
    assert text.startswith("page.md:3: $ printf") and "\n-b\n+c" in text


@pytest.mark.parametrize("quoted", [
    ["…"], ["line a", "…"], ["…", "line h"], ["line a", "…", "line d", "line e", "…", "line h"], ["…", "line c", "…"],
    [*ALPHABET, "…"],
], ids=str)
def test_lines_may_be_left_out_where_an_ellipsis_stands(quoted):
    assert quotes.renewed(quoted, ALPHABET) == quoted


@pytest.mark.parametrize("quoted, now", [
    (["line b", "…"], ["line a", "…"]),
    (["…", "line g"], ["…", "line h"]),
    (["line a", "…", "line D", "line e", "…"], ["line a", "…", "line d", "line e", "…"]),
    (["…", "line e", "…", "line d", "…"], None),
    (ALPHABET[:-1], ALPHABET),
], ids=str)
def test_what_is_quoted_has_to_be_there_in_its_place(quoted, now):
    renewed = quotes.renewed(quoted, ALPHABET)
    assert renewed != quoted
    assert now is None or renewed == now


def test_volatile_parts_are_no_drift_and_are_kept_as_they_are_quoted():
    quoted = ["9 checks: 9 passed, 0 failed; 0 kinds skipped; 44.4 s.", "about 2 MB of memory", "r.sqlite: r, 7 kB"]
    seen = ["9 checks: 9 passed, 0 failed; 0 kinds skipped; 1 m 39 s.", "about 2.2 MB of memory", "r.sqlite: r, 1.2 MB"]
    assert quotes.renewed(quoted, seen) == quoted
    failed = [seen[0].replace("0 failed", "1 failed"), *seen[1:]]
    assert quotes.renewed(quoted, failed) == [failed[0], *quoted[1:]]


def test_a_page_is_one_session_with_its_files(session):
    page = "<!-- file: a.txt -->\n```\nhello\n```\n" + block("$ cat a.txt > b.txt", "$ cat b.txt", "hello")
    assert drifts(session, page) == []
    assert drifts(session, block("$ cat b.txt", "hello")) == []


def test_a_command_that_fails_is_a_drift_unless_its_status_is_quoted(session):
    (drift,) = drifts(session, block("$ echo why >&2; exit 3"))
    assert "status 3" in drift.text("page.md") and "why" in drift.text("page.md")
    assert drifts(session, block("$ echo why >&2; exit 3", "why", "$ echo $?", "3")) == []
    assert drifts(session, block("$ echo no; echo progress >&2; exit 1", "no", "$ echo $?", "1")) == []
    (drift,) = drifts(session, block("$ exit 3", "$ echo $?", "4"))
    assert drift.now == ["3"]


def test_what_is_slow_is_run_only_where_it_is_asked_for(session):
    page = block("$ echo now", "then", before="<!-- slow -->")
    assert drifts(session, page) == []
    assert len(drifts(session, page, with_slow=True)) == 1


def test_a_mended_page_has_no_drift_and_nothing_else_changed(session):
    page = block("$ printf 'a\\nb\\n'", "a", "$ echo c", "d") + "text\n" + block("$ seq 5", "1", "…", "6")
    mended = quotes.mended(page, drifts(session, page))
    assert mended == (
        block("$ printf 'a\\nb\\n'", "a", "b", "$ echo c", "c") + "text\n" + block("$ seq 5", "1", "…", "5")
    )
    assert drifts(session, mended) == []


def test_text_is_as_wide_as_without_a_terminal(monkeypatch, request):
    monkeypatch.setenv("COLUMNS", "120")
    session = request.getfixturevalue("session")
    assert drifts(session, block("$ echo ${COLUMNS:-none}", "none")) == []
