# SPDX-License-Identifier: GPL-3.0-or-later
"""What docs/python.md shows of a session is what comes out."""

import doctest
import re

from small import ROOT

PAGE = ROOT / "docs" / "python.md"
BLOCK = re.compile(r"^```pycon\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_sessions_of_the_page_come_out_as_they_stand():
    text = PAGE.read_text(encoding="utf-8")
    blocks = BLOCK.findall(text)
    assert len(blocks) >= 3
    examples = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "docs/python.md", str(PAGE), 0)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    said = []
    assert runner.run(examples, out=said.append).failed == 0, "".join(said)
