# SPDX-License-Identifier: GPL-3.0-or-later
"""Links of the source tree and where they lead on the site."""

import pathlib

import pytest

from documents import links

ROOT = pathlib.Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("path, text, there", [
    ("README.md", "[a](docs/theory.md)", "[a](theory.md)"),
    ("README.md", "![a](docs/figures/a.png)", "![a](figures/a.png)"),
    ("README.md", "[a](docs/reference/README.md#b)", "[a](reference/README.md#b)"),
    ("docs/theory.md", "[a](../ARCHITECTURE.md)", "[a](architecture.md)"),
    ("docs/theory.md", "[a](network.md#b)", "[a](network.md#b)"),
    ("docs/theory.md", "[a](../scenarios/papers/dcpg/five-state.yaml)", "[a](scenarios/papers/dcpg/five-state.md)"),
    ("docs/reference/keys.md", "[a](../theory.md)", "[a](../theory.md)"),
    ("Tests/ReferenceTests/Resources/README.md", "[a](rl/README.md)", "[a](rl.md)"),
    ("docs/theory.md", "[a](#b) [c](https://example.org/d.md) <d.md>", "[a](#b) [c](https://example.org/d.md) <d.md>"),
    ("docs/theory.md", "`[a](../LICENSE)`\n```\n[a](../LICENSE)\n```\n[a](../LICENSE)",
     "`[a](../LICENSE)`\n```\n[a](../LICENSE)\n```\n[a](license.txt)"),
    ("docs/theory.md", "[a](../Sources/Theory/A.swift)", "[a](../Sources/Theory/A.swift)"),
], ids=str)
def test_links_lead_to_the_same_pages_on_the_site(path, text, there):
    assert links.rewritten(text, path) == there


def test_what_is_not_in_docs_is_on_the_site_once():
    made = links.others(ROOT)
    assert made["index.md"].startswith("# Starling")
    assert "name: quickstart" in made["scenarios/quickstart.md"]
    docs = {file.relative_to(ROOT / "docs").as_posix() for file in (ROOT / "docs").rglob("*.md")}
    assert not docs & made.keys()
