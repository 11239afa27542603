# SPDX-License-Identifier: GPL-3.0-or-later
"""Opening results files: what is none, or damaged, is refused in one line that says why."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from ..errors import ResultsError

APPLICATION = 0x5354524C
"""What SQLite calls the kind of file, `STRL` in ASCII."""
NEWEST_SCHEMA = 8
"""The newest schema that this package knows."""
USAGE, NOT_RESULTS, CANNOT_READ = 64, 65, 66
"""Exit statuses: no such arm; the file is no whole results file; the file cannot be read."""
Answer = TypeVar("Answer")


def ask(path: Path, question: Callable[[sqlite3.Connection], Answer]) -> Answer:
    """Opens a results file, checks it and asks it something."""
    database = None
    try:
        database = sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro", uri=True, timeout=30)
        database.isolation_level = None
        # One transaction, so that runs which another process adds meanwhile are all in or all out.
        database.execute("BEGIN")
        _check(database, path)
        return question(database)
    except sqlite3.OperationalError as error:
        if not is_damage(error):
            raise ResultsError(_reason(path, error), CANNOT_READ) from error
        raise ResultsError(f"the results file '{path}' is damaged: {_damage(error, path)}", NOT_RESULTS) from error
    except (sqlite3.Error, ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
        # What SQLite finds broken, and rows that do not hold what docs/results.md says.
        raise ResultsError(f"the results file '{path}' is damaged: {_damage(error, path)}", NOT_RESULTS) from error
    finally:
        if database is not None:
            database.close()


def is_damage(error: sqlite3.OperationalError) -> bool:
    """Whether SQLite complains of what the file holds, and not of how it can be reached."""
    return any(words in str(error) for words in ("no such", "UTF-8", "malformed"))


def _damage(error: Exception, path: Path) -> str:
    """What is broken, in one line."""
    there, whole = path.stat().st_size, _whole_size(path)
    if there < whole:
        return f"it was cut, {there} of {whole} bytes are there"
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    text = "".join(letter if letter.isprintable() else "?" for letter in text)
    if isinstance(error, UnicodeDecodeError) or "UTF-8" in text:
        return "it holds text that is not UTF-8"
    if isinstance(error, json.JSONDecodeError):
        return "it holds text that is not JSON"
    if isinstance(error, KeyError):
        return f"it lacks {text}"
    if isinstance(error, (TypeError, AttributeError, IndexError)):
        return f"it does not hold what docs/results.md says ({text})"
    return text


def _whole_size(path: Path) -> int:
    """How long the header says that a database is, in bytes.

    Source: https://www.sqlite.org/fileformat.html, bytes 16 to 17 and 28 to 31.
    """
    with path.open("rb") as file:
        header = file.read(32)
    page = int.from_bytes(header[16:18], "big")
    return (65_536 if page == 1 else page) * int.from_bytes(header[28:32], "big")


def _reason(path: Path, error: sqlite3.OperationalError) -> str:
    """What an error of SQLite means for the file."""
    text = str(error).splitlines()[0]
    if "locked" in text:
        return f"cannot read '{path}': another program keeps the database locked"
    if path.with_name(path.name + "-journal").exists():
        return (
            f"cannot read '{path}': a program was killed while it wrote; the command that made the file repairs it "
            "and goes on"
        )
    return f"cannot read '{path}': {text}"


def _check(database: sqlite3.Connection, path: Path) -> None:
    """Refuses another program's database, a newer schema, and pages and counts that do not hold together."""
    (tables,) = database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    (application,) = database.execute("PRAGMA application_id").fetchone()
    (schema,) = database.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION:
        other = "it is a database of another program" if tables else "it is empty"
        raise ResultsError(f"'{path}' is not a results file of Starling: {other}", NOT_RESULTS)
    if schema > NEWEST_SCHEMA:
        (needs,) = database.execute("SELECT needs FROM format").fetchone()
        raise ResultsError(
            f"'{path}' was written by a newer program: its schema is {schema}, and this package knows schemas up to "
            f"{NEWEST_SCHEMA}; use the figures of {needs} or newer",
            NOT_RESULTS,
        )
    if path.stat().st_size < _whole_size(path):
        # SQLite takes bytes that are missing from the last page for zeros. The transaction keeps writers away.
        raise ValueError("it was cut")
    # Not the pages of parameters and of states of runs, which may be most of the file.
    tables = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('parameters', 'stopped', 'state')"
    ).fetchall()
    for (table,) in [("sqlite_schema",), *tables]:
        name = table.replace('"', '""')
        (answer,) = database.execute(f'PRAGMA integrity_check("{name}")').fetchone()
        if answer != "ok":
            raise ValueError(answer.removeprefix("*** in database main ***\n"))
    expected, digest = database.execute("SELECT runs, digest FROM tally").fetchone()
    digests = [int(row[0], 16) for row in database.execute("SELECT digest FROM run")]
    total = 0
    for entry in digests:
        total ^= entry
    if len(digests) != expected or total != int(digest, 16):
        raise ValueError(f"it should hold {expected} runs and holds {len(digests)}, or others")
