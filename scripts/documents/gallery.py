# SPDX-License-Identifier: GPL-3.0-or-later
"""The gallery of scenarios, made from the headers of their files."""

import pathlib
import re
import textwrap

PAGE = "docs/scenarios.md"
HEADINGS = ("Question", "Hypotheses", "Answer", "Command", "Run time", "Source")
# Not every question has a hypothesis, and few need another command than the one that answers it.
OPTIONAL = ("Hypotheses", "Command")
# Where the text of a header begins.
COLUMN = 13

INTRODUCTION = """\
<!-- Made from the headers of scenarios/ by `make docs UPDATE=1`; change those instead. -->

# Scenarios

What comes with Starling. Each file says in its header what it asks, what came out, how long it takes and where its
numbers come from, and this page is made of the headers. Comparisons were measured with 20 paired replications on one network
unless they say otherwise. The differences are for these parameters, not laws of nature. Brackets are 95 % intervals.

Every key can be changed on the command line, and every file copied: [Writing scenarios](writing.md).
"""


def page(root: pathlib.Path) -> str:
    """The whole page, for the scenarios of a source tree."""
    files = sorted((root / "scenarios").rglob("*.yaml"), key=lambda file: (file.parent, file.stem))
    groups: dict[str, list[str]] = {}
    for file in files:
        path = file.relative_to(root).as_posix()
        groups.setdefault(path.rpartition("/")[0], []).append(path)
    texts = [INTRODUCTION]
    texts.append("\n".join(wrapped(f"- {folder}: {contents(paths)}") for folder, paths in groups.items()) + "\n")
    for folder, paths in groups.items():
        texts.append(f"## {folder}\n")
        texts += [entry(path, (root / path).read_text(encoding="utf-8")) for path in paths]
    return "\n".join(texts)


def contents(paths: list[str]) -> str:
    return ", ".join(f"[{name(path).rpartition('/')[2]}](#{anchor(name(path))})" for path in paths)


def name(path: str) -> str:
    """What a scenario is called among all: its path below the folder of all, without its suffix."""
    return path.removeprefix("scenarios/").removesuffix(".yaml")


def anchor(heading: str) -> str:
    """What a link to a heading without spaces says."""
    return re.sub(r"[^\w-]", "", heading.lower())


def entry(path: str, text: str) -> str:
    """What the page says of one scenario."""
    said = header(path, text)
    file = f"[{path.rpartition('/')[2]}](../{path})"
    hypotheses = f"{wrapped('Hypotheses: ' + said['Hypotheses'])}\n\n" if "Hypotheses" in said else ""
    return f"""\
### {name(path)}

{wrapped(f"**{said['Question']}**")}

{hypotheses}{wrapped(said["Answer"])}

```sh
{said.get("Command") or command(path, text)}
```

{wrapped(f"{file} · run time: {said['Run time']} · source: {said['Source']}")}
"""


def wrapped(text: str) -> str:
    """The text in lines of the length that all documents have; a list's go on below its text."""
    indent = "  " if text.startswith("- ") else ""
    return textwrap.fill(text, 120, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def header(path: str, text: str) -> dict[str, str]:
    """The texts of a header by their headings."""
    said: dict[str, str] = {}
    heading = ""
    for line in text.split("\n"):
        if not line.startswith("#"):
            break
        heading = line[1:COLUMN].strip() or heading
        if heading not in HEADINGS:
            raise ValueError(f"{path}: a header has {', '.join(HEADINGS)}, not '{heading}'")
        said[heading] = f"{said.get(heading, '')} {line[COLUMN:].strip()}".strip()
    missing = [heading for heading in HEADINGS if heading not in said and heading not in OPTIONAL]
    if missing:
        raise ValueError(f"{path}: the header does not say: {', '.join(missing)}")
    return said


def command(path: str, text: str) -> str:
    """The command that answers the question: a sweep, a comparison of arms, or one run."""
    for key, verb in (("sweep", "sweep"), ("arms", "compare")):
        if re.search(rf"^{key}:", text, re.MULTILINE):
            return f"starling {verb} {path}"
    return f"starling run {path}"
