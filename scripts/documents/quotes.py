# SPDX-License-Identifier: GPL-3.0-or-later
"""The outputs that documents quote, and whether the program still says them.

Three forms are known, and each page is one session, from top to bottom, in a folder of its own in which `scenarios` and
`references` lie:

- A fenced block of the language `console`. A line that begins with `$ ` is a command, which goes on in the next line
  after a backslash; what follows it is what it prints. A line `…` stands for any lines, or none. A command that fails
  has `$ echo $?` after it, and if it prints nothing what it says on standard error follows.
- Markdown between `<!-- run: COMMAND -->` and `<!-- end of run -->` is what the command prints.
- `<!-- file: NAME -->` before a fenced block makes a file of what the block holds, for the commands after it.

`<!-- slow -->` before a `console` block, or `slow run:` for `run:`, says that it takes minutes.
"""

import dataclasses
import difflib
import os
import pathlib
import re
import subprocess

# What differs between two moments or machines though nothing has changed, and the word that it is compared as.
VOLATILE = [
    (re.compile(r"(?<= skipped; )[\dms. ]+(?=\.$)"), "TIME"),
    (re.compile(r"[\d.]+ [kMG]?B(?= of memory)"), "SIZE"),
    (re.compile(r"(?<=\.sqlite: )(.*), [\d.]+ [kMG]?B$"), r"\1, SIZE"),
]
ELLIPSIS = "…"
FENCE = re.compile(r"^(`{3,})\s*(\S*)\s*$")
REMARK = re.compile(r"^<!-- (slow|(?:slow )?run: .+|file: \S+) -->$")
END_OF_RUN = "<!-- end of run -->"


class Malformed(Exception):
    """A quotation that cannot be read; the text says where and why."""


@dataclasses.dataclass
class File:
    """A file that the commands after it find in their folder."""

    name: str
    text: str
    is_slow: bool = False


@dataclasses.dataclass
class Command:
    """A command, what the page says it prints, and the lines of the page that say so, counted from 0."""

    text: str
    output: list[str]
    start: int
    is_slow: bool = False

    @property
    def end(self) -> int:
        return self.start + len(self.output)


@dataclasses.dataclass
class Drift:
    """What a page says and the program does not: the command, its lines, and what they would be now."""

    command: Command
    now: list[str]
    reason: str | None = None

    def text(self, page: str) -> str:
        place = f"{page}:{self.command.start}: $ {self.command.text}"
        if self.reason:
            return f"{place}\n{self.reason}"
        lines = difflib.unified_diff(self.command.output, self.now, "quoted", "now", lineterm="", n=1)
        return "\n".join([place, *lines])


def quotations(page: str, text: str) -> list[File | Command]:
    """The files and commands of a page, in their order."""
    lines = text.split("\n")
    found, index, remark = [], 0, ""
    while index < len(lines):
        line = lines[index]
        fence = FENCE.match(line)
        if fence:
            end = closing(page, lines, index, fence[1])
            if fence[2] == "console":
                found += commands(page, lines[index + 1 : end], index + 1, remark == "slow")
            elif remark.startswith("file: "):
                found.append(File(remark.removeprefix("file: "), "\n".join(lines[index + 1 : end]) + "\n"))
            elif remark:
                raise Malformed(f"{page}:{index}: <!-- {remark} --> stands before no block that it goes with")
            index = end
        elif remark and not REMARK.match(line):
            raise Malformed(f"{page}:{index}: <!-- {remark} --> stands before no block")
        remark = REMARK.match(line)[1] if REMARK.match(line) else ""
        if "run: " in remark:
            if END_OF_RUN not in lines[index:]:
                raise Malformed(f"{page}:{index + 1}: no {END_OF_RUN} follows")
            end = lines.index(END_OF_RUN, index)
            kind, _, command = remark.partition("run: ")
            found.append(Command(command, lines[index + 1 : end], index + 1, kind != ""))
            index, remark = end, ""
        elif line.lstrip().startswith("```console") and not fence:
            raise Malformed(f"{page}:{index + 1}: a block of the language console begins at the margin")
        index += 1
    return found


def closing(page: str, lines: list[str], start: int, ticks: str) -> int:
    """The line that closes the block that begins at `start`."""
    for index in range(start + 1, len(lines)):
        if lines[index].rstrip() == ticks:
            return index
    raise Malformed(f"{page}:{start + 1}: the block is not closed")


def commands(page: str, block: list[str], first: int, is_slow: bool) -> list[Command]:
    """The commands of a block whose lines begin at the line `first` of the page."""
    found, index = [], 0
    if not block or not block[0].startswith("$ "):
        raise Malformed(f"{page}:{first + 1}: a block of the language console begins with `$ ` and a command")
    while index < len(block):
        if block[index].startswith("$ "):
            text = block[index][2:]
            while text.endswith("\\") and index + 1 < len(block):
                index += 1
                text = text[:-1].rstrip() + " " + block[index].strip()
            found.append(Command(text, [], first + index + 1, is_slow))
        else:
            found[-1].output.append(block[index])
        index += 1
    return found


def plain(line: str) -> str:
    """A line without what is volatile in it."""
    for pattern, word in VOLATILE:
        line = pattern.sub(word, line)
    return line.rstrip()


def renewed(quoted: list[str], seen: list[str]) -> list[str]:
    """What a quotation would be if it were made now: of the same form, with lines left out at the same places.

    A line that differs in what is volatile alone stays as it is quoted.
    """
    if ELLIPSIS not in quoted:
        return kept(quoted, seen)
    parts = [[]]
    for line in quoted:
        if line == ELLIPSIS:
            parts.append([])
        else:
            parts[-1].append(line)
    result, position = [], 0
    for number, part in enumerate(parts):
        if number == 0:
            start = 0
        elif number == len(parts) - 1:
            start = max(position, len(seen) - len(part))
        else:
            start = nearest(part, seen, position)
        position = start + len(part)
        result += [ELLIPSIS] * (number > 0) + kept(part, seen[start:position])
    return result


def nearest(part: list[str], seen: list[str], first: int) -> int:
    """Where from `first` on the lines of a part are, or what is most like them."""
    wanted = [plain(line) for line in part]
    windows = range(first, max(first, len(seen) - len(part)) + 1)
    for start in windows:
        if [plain(line) for line in seen[start : start + len(part)]] == wanted:
            return start
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2("\n".join(wanted))

    def likeness(start: int) -> float:
        matcher.set_seq1("\n".join(seen[start : start + len(part)]))
        return matcher.ratio() if matcher.real_quick_ratio() > 0.3 else 0.0

    return max(windows, key=likeness)


def kept(quoted: list[str], seen: list[str]) -> list[str]:
    """The lines seen, but those that are quoted already up to what is volatile as they are quoted."""
    before, after = [plain(line) for line in quoted], [plain(line) for line in seen]
    result = []
    for kind, low, high, first, last in difflib.SequenceMatcher(None, before, after, False).get_opcodes():
        result += quoted[low:high] if kind == "equal" else [line.rstrip() for line in seen[first:last]]
    return result


class Session:
    """A folder in which the commands of a page run one after the other, as one types them."""

    def __init__(self, folder: pathlib.Path, root: pathlib.Path, program: pathlib.Path):
        self.folder = folder
        self.status = 0
        tools = folder / ".tools"
        tools.mkdir(parents=True)
        (tools / "starling").symlink_to(program)
        for name in ("scenarios", "references"):
            (folder / name).symlink_to(root / name)
        paths = [str(tools), str(program.parent), os.environ["PATH"]]
        self.environment = {**os.environ, "PATH": ":".join(paths), "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}
        self.environment.pop("COLUMNS", None)

    def run(self, command: str) -> list[str]:
        """What a command prints, or if it fails and prints nothing what it says of that."""
        script = f"(exit {self.status})\n{command}"
        ended = subprocess.run(
            ["bash", "-c", script], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False,
        )
        self.status = ended.returncode
        text = ended.stdout or (ended.stderr if self.status != 0 else "")
        return text.removesuffix("\n").split("\n") if text else []


def drifts(page: str, text: str, session: Session, with_slow: bool, told=lambda command: None) -> list[Drift]:
    """Runs the commands of a page and says which of them print something else than the page says."""
    found = []
    steps = [step for step in quotations(page, text) if with_slow or not step.is_slow]
    for number, step in enumerate(steps):
        if isinstance(step, File):
            (session.folder / step.name).write_text(step.text, encoding="utf-8")
            continue
        told(step)
        seen = session.run(step.text)
        now = renewed(step.output, seen)
        following = steps[number + 1] if number + 1 < len(steps) else None
        is_expected = isinstance(following, Command) and following.text == "echo $?"
        if session.status != 0 and not is_expected:
            said = "\n".join(seen[-20:])
            found.append(Drift(step, step.output, f"ended with status {session.status} and said\n{said}"))
        elif now != step.output:
            found.append(Drift(step, now))
    return found


def mended(text: str, found: list[Drift]) -> str:
    """The text of a page with what the program says now in place of what it said."""
    lines = text.split("\n")
    for drift in sorted(found, key=lambda drift: -drift.command.start):
        if not drift.reason:
            lines[drift.command.start : drift.command.end] = drift.now
    return "\n".join(lines)
