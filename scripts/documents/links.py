# SPDX-License-Identifier: GPL-3.0-or-later
"""Where links of the documents lead on the site.

Documents link each other, and files of the source tree, by relative paths, so that they can be followed where the
source is read. On the site the pages of docs/ stand at its root, beside pages made of other files of the tree.
"""

import pathlib
import posixpath
import re

# Files outside docs/ that are pages of the site, or (the last two) files on it.
OTHERS = {
    "README.md": "index.md",
    "ARCHITECTURE.md": "architecture.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "Tests/ReferenceTests/Resources/README.md": "references/index.md",
    "Tests/ReferenceTests/Resources/statistics/README.md": "references/statistics.md",
    "Tests/ReferenceTests/Resources/rl/README.md": "references/rl.md",
    "LICENSE": "license.txt",
    "CITATION.cff": "citation.txt",
}
LINK = re.compile(r"(\]\()([^)\s]+)(\))")
CODE = re.compile(r"(^(`{3,}).*?^\2\s*$|`[^`\n]+`)", re.MULTILINE | re.DOTALL)


def place(path: str) -> str | None:
    """Where a file of the source tree is among the sources of the site; nothing if it is not on it."""
    if path.startswith("docs/"):
        return path.removeprefix("docs/")
    if path.startswith("scenarios/") and path.endswith(".yaml"):
        return path.removesuffix(".yaml") + ".md"
    return OTHERS.get(path)


def rewritten(text: str, path: str) -> str:
    """The Markdown of the file at `path` of the source tree with the links that it has on the site."""
    here = posixpath.dirname(place(path))

    def replace(match: re.Match) -> str:
        target, mark, section = match[2].partition("#")
        if not target or ":" in target:
            return match[0]
        there = place(posixpath.normpath(posixpath.join(posixpath.dirname(path), target)))
        if there is None:
            return match[0]
        return f"{match[1]}{posixpath.relpath(there, here or '.')}{mark}{section}{match[3]}"

    pieces = CODE.split(text)
    # Every third piece lies between pieces of code, which are followed by their own ticks.
    return "".join(LINK.sub(replace, piece) if index % 3 == 0 else piece if index % 3 == 1 else ""
                   for index, piece in enumerate(pieces))


def others(root: pathlib.Path) -> dict[str, str]:
    """The files of the site that are not in docs/, by their places, with what they hold."""
    made = {place: rewritten((root / path).read_text(encoding="utf-8"), path) for path, place in OTHERS.items()}
    for file in sorted((root / "scenarios").rglob("*.yaml")):
        path = file.relative_to(root).as_posix()
        made[place(path)] = f"---\nhide: [toc]\n---\n\n# {path}\n\n```yaml\n{file.read_text(encoding='utf-8')}```\n"
    return made
