# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting the program: short questions, and studies that may be interrupted."""

from __future__ import annotations

import json
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from .diagnostics import complaint, error
from .program import Program
from .progress import Listener, Progress

FASTEST_LOOK = 0.25
"""Seconds between two looks at how far a study has come, at the least."""
REST_PER_LOOK = 10.0
"""A look at a large results file takes its time, and so is followed by so many times that of rest."""


@dataclass(frozen=True)
class Outcome:
    """What a command has come to."""

    status: int
    output: str
    """What it wrote to standard output."""
    messages: str
    """What it said on standard error."""
    was_interrupted: bool = False
    """Whether Ctrl-C came while it ran."""


def ask(
    program: Program, arguments: Sequence[str | Path], folder: Path | None = None, allowed: Sequence[int] = (0,)
) -> Outcome:
    """Runs a command that takes no long.

    Args:
        folder: where it runs; where Python does, without one.
        allowed: statuses that are answers and no errors.

    Raises:
        StarlingError: for any other status.
    """
    answer = subprocess.run(
        [program.path, *arguments], capture_output=True, text=True, encoding="utf-8", cwd=folder, stdin=subprocess.DEVNULL,
    )
    if answer.returncode not in allowed:
        raise error(complaint(answer.stderr), answer.returncode)
    return Outcome(answer.returncode, answer.stdout, answer.stderr)


def ask_document(
    program: Program, arguments: Sequence[str | Path], folder: Path | None = None, allowed: Sequence[int] = (0,)
) -> dict[str, Any]:
    """The JSON document that a command prints; raises as `ask` does."""
    document: dict[str, Any] = json.loads(ask(program, arguments, folder, allowed).output)
    return document


@contextmanager
def asked_for_file(program: Program, arguments: Sequence[str | Path]) -> Iterator[IO[bytes]]:
    """The standard output of a command as a file, for tables that may be large; raises as `ask` does."""
    with tempfile.TemporaryFile() as output:
        answer = subprocess.run(
            [program.path, *arguments], stdout=output, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
        )
        if answer.returncode != 0:
            raise error(complaint(answer.stderr.decode("utf-8", "replace")), answer.returncode)
        output.seek(0)
        yield output


def carry_out(
    program: Program, arguments: Sequence[str | Path], results: Path | None, folder: Path | None = None,
    listener: Listener | None = None,
) -> Outcome:
    """Runs a command that may take long, and may be interrupted.

    Ctrl-C is passed on once, whereupon the program ends in good order, and a second one too, which ends it at once. So are
    requests to terminate, and the end of the terminal.

    Args:
        results: the results file, which says how far a study has come.
        listener: what is told of it.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as messages:
        # In a session of its own the program hears no Ctrl-C of the terminal, which would come on top of the one that
        # is passed on and end it at once.
        with _requests_to_end_as_interruptions():
            process = subprocess.Popen(
                [program.path, *arguments], stdout=output, stderr=messages, stdin=subprocess.DEVNULL, cwd=folder,
                start_new_session=True,
            )
            try:
                was_interrupted = _wait(process, _Watch(program, results, listener))
            finally:
                # A listener that fails leaves no study behind that nobody waits for.
                if process.poll() is None:
                    process.send_signal(signal.SIGTERM)
                    process.wait()
        output.seek(0)
        messages.seek(0)
        return Outcome(
            process.returncode, output.read().decode("utf-8"), messages.read().decode("utf-8", "replace"), was_interrupted,
        )


@contextmanager
def _requests_to_end_as_interruptions() -> Iterator[None]:
    """Has SIGTERM and the end of the terminal do what Ctrl-C does, as in the program; else it would stay behind alone.

    Handlers of one's own are left alone, and so is Python outside of its main thread, which hears no signals.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [number for number in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(number) is signal.SIG_DFL]
    for number in numbers:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)


def _wait(process: subprocess.Popen[bytes], watch: _Watch) -> bool:
    """Waits for the program to end; says whether Ctrl-C came meanwhile."""
    was_interrupted = False
    while True:
        # Ctrl-C may come while the study is waited for, and while it is looked at.
        try:
            if _has_ended(process, watch.pause):
                watch.look()
                return was_interrupted
            watch.look()
        except KeyboardInterrupt:
            was_interrupted = True
            process.send_signal(signal.SIGINT)


def _has_ended(process: subprocess.Popen[bytes], seconds: float | None) -> bool:
    """Waits so long for the program to end; for good without a number."""
    try:
        process.wait(timeout=seconds)
        return True
    except subprocess.TimeoutExpired:
        return False


class _Watch:
    """Looks from time to time how far a study has come, and tells a listener."""

    def __init__(self, program: Program, results: Path | None, listener: Listener | None) -> None:
        self.program, self.results, self.listener = program, results, listener
        self.pause = FASTEST_LOOK if listener and results else None

    def look(self) -> None:
        start = time.monotonic()
        self._tell()
        self.pause = max(FASTEST_LOOK, REST_PER_LOOK * (time.monotonic() - start))

    def _tell(self) -> None:
        if self.listener is None or self.results is None or not self.results.exists():
            return
        answer = subprocess.run(
            [self.program.path, "status", self.results, "--json"], capture_output=True, text=True, stdin=subprocess.DEVNULL,
        )
        try:
            found = json.loads(answer.stdout)["files"][0]
            seen = Progress(int(found["done"]), int(found["planned"]), int(found["failed"]), int(found["running"]))
        except (ValueError, LookupError, TypeError):
            return  # It has no header yet.
        self.listener(seen)
