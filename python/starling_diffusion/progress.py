# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a study has come, as a bar in a terminal or a notebook, or told to a function."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Progress:
    """How many runs of a study have ended, and how many there will be as far as is known."""

    done: int
    total: int
    failed: int = 0
    running: int = 0


Listener = Callable[[Progress], None]
"""Is told from time to time how far a study has come."""
WIDTH = 24
"""Letters of a plain bar."""


@contextmanager
def listening(wanted: bool | Listener | None, title: str) -> Iterator[Listener | None]:
    """What is told how far a study has come.

    Args:
        wanted: a function of one's own; True for a bar, False for none, None for one where a person probably reads it: in
            a notebook, or if standard error is a terminal.
        title: stands in front of the bar.
    """
    if callable(wanted):
        yield wanted
        return
    in_notebook = is_notebook()
    if wanted is False or (wanted is None and not in_notebook and not sys.stderr.isatty()):
        yield None
        return
    bar = _bar(title, in_notebook)
    try:
        yield bar.show
    finally:
        bar.close()


def is_notebook() -> bool:
    """Whether Python is the kernel of a notebook."""
    # Whoever runs in a kernel has IPython imported.
    interactive = sys.modules.get("IPython")
    shell = interactive.get_ipython() if interactive else None
    return type(shell).__name__ == "ZMQInteractiveShell"


def _bar(title: str, in_notebook: bool) -> TqdmBar | PlainBar | NotebookBar:
    has_tqdm = importlib.util.find_spec("tqdm") is not None
    if in_notebook:
        # Without widgets tqdm falls back to text that it warns of.
        return TqdmBar(title, True) if has_tqdm and importlib.util.find_spec("ipywidgets") else NotebookBar(title)
    return TqdmBar(title, False) if has_tqdm else PlainBar(title)


def plain(seen: Progress) -> str:
    """A bar of letters.

    >>> plain(Progress(done=3, total=12))
    '[######------------------] 3 of 12 runs'
    """
    filled = WIDTH * seen.done // seen.total if seen.total else 0
    failed = f", {seen.failed} failed" if seen.failed else ""
    return f"[{'#' * filled}{'-' * (WIDTH - filled)}] {seen.done} of {seen.total} runs{failed}"


class PlainBar:
    """A line of standard error that is written again and again."""

    def __init__(self, title: str) -> None:
        self.title = title

    def show(self, seen: Progress) -> None:
        sys.stderr.write(f"\r\x1b[K{self.title} {plain(seen)}")
        sys.stderr.flush()

    def close(self) -> None:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


class NotebookBar:
    """A line below the cell that is replaced again and again."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.handle: Any = None

    def show(self, seen: Progress) -> None:
        import IPython.display  # In a notebook there is IPython.

        display: Any = IPython.display.display
        content = {"text/plain": f"{self.title} {plain(seen)}"}
        if self.handle is None:
            self.handle = display(content, raw=True, display_id=True)
        else:
            self.handle.update(content, raw=True)

    def close(self) -> None:
        self.handle = None


class TqdmBar:
    """A bar of tqdm."""

    def __init__(self, title: str, in_notebook: bool) -> None:
        module = importlib.import_module("tqdm.notebook" if in_notebook else "tqdm")
        self.bar: Any = module.tqdm(total=0, desc=title, unit="run", leave=in_notebook)

    def show(self, seen: Progress) -> None:
        self.bar.total = seen.total
        self.bar.n = seen.done
        if seen.failed:
            self.bar.set_postfix(failed=seen.failed, refresh=False)
        self.bar.refresh()

    def close(self) -> None:
        self.bar.close()
