# SPDX-License-Identifier: GPL-3.0-or-later
"""Studies from Python: `run`, `compare`, `sweep`, `describe` and `verify`, as the commands of the program of these names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .answers import Description, Verification
from .diagnostics import BAD_INPUT, INTERRUPTED, RESUMABLE, cautions, complaint, error, is_interruption, is_stop
from .errors import RunsFailed, StudyInterrupted
from .options import CompareOptions, RunOptions, SweepOptions, flags, identity, refuse_unknown
from .process import Outcome, ask, ask_document, carry_out
from .program import find_program
from .progress import listening
from .scenario import Scenario, ScenarioLike, override_arguments, scenario
from .study import Study

if TYPE_CHECKING:
    from typing_extensions import Unpack

NOT_SHOWN = 1
"""The status of a study that has ended but did not show what it was to, and of checks that failed."""


def run(source: ScenarioLike, /, **options: Unpack[RunOptions]) -> Study:
    """Runs one arm of a scenario: the scenario as it stands, unless `arm` names one.

    A study goes on where its results file has stopped: the same call runs what is missing, and reads what is there.

    Args:
        source: a `Scenario`, or what one is made of.
        options: `RunOptions` has all, with their meaning.

    Returns:
        The study, also if it does not show what `require` asks for; see `Study.requirements`.

    Raises:
        ScenarioError: the scenario says something wrong; the message has all places, with carets.
        UsageError: an option says something wrong.
        RunsFailed: some runs ended with an error.
        ResultsError: the results file is of another study, or in use.
        OutputError: the results file cannot be written.
        ProgramError: there is no program.
        StudyInterrupted: after Ctrl-C; what has ended is kept.
    """
    return _study("run", source, options, RunOptions)


def compare(source: ScenarioLike, /, **options: Unpack[CompareOptions]) -> Study:
    """Runs all arms of a scenario on the same seeds and compares them; arguments and errors are those of `run`.

    Args:
        options: `CompareOptions` has all, with their meaning.
    """
    return _study("compare", source, options, CompareOptions)


def sweep(source: ScenarioLike, /, **options: Unpack[SweepOptions]) -> Study:
    """Runs a grid of settings and says which cell is best; arguments and errors are those of `run`.

    Args:
        options: `SweepOptions` has all, with their meaning; values to vary are those of `overrides` that are lists, or of the
            scenario's `sweep`.
    """
    return _study("sweep", source, options, SweepOptions)


def describe(
    source: ScenarioLike, /, *, overrides: Mapping[str, Any] | None = None, program: str | Path | None = None
) -> Description:
    """What a scenario will do: network, expected rates, where it converges to, memory; nothing runs.

    Raises:
        ScenarioError: the scenario says something wrong.
    """
    found = find_program(program)
    with scenario(source).placed() as place:
        arguments = ["--", place.file, *override_arguments(overrides)]
        document = ask_document(found, ["describe", "--json", *arguments], place.folder)
        text = ask(found, ["describe", *arguments], place.folder).output.rstrip("\n")
    return Description(document, text)


def verify(
    *files: str | Path, quick: bool = False, seed: int = 1, jobs: int | None = None, program: str | Path | None = None
) -> Verification:
    """Runs published closed forms through the real engine and compares.

    Args:
        files: reference files, or folders of them.
        quick: a fifth of the runs, with wider bars.

    Raises:
        InputError, ScenarioError: a file that is not there, or no reference.
    """
    arguments = ["verify", "--json", f"--seed={seed}", *(["--quick"] if quick else []), *([f"--jobs={jobs}"] if jobs else [])]
    outcome = carry_out(find_program(program), [*arguments, "--", *map(str, files)], None)
    if outcome.was_interrupted:
        raise KeyboardInterrupt
    if outcome.status not in (0, NOT_SHOWN):
        raise error(complaint(outcome.messages), outcome.status)
    return Verification(json.loads(outcome.output), outcome.status == 0)


def _study(command: str, source: ScenarioLike, options: Mapping[str, Any], kind: Any) -> Study:
    refuse_unknown(options, kind, command)
    program = find_program(options.get("program"))
    wanted = scenario(source)
    output = options.get("output")
    results = Path(output) if output is not None else usual_output(command, wanted, options)
    results = results.absolute()
    overrides = override_arguments(options.get("overrides"))
    with wanted.placed() as place, listening(options.get("progress"), wanted.name) as listener:
        arguments = [command, "--json", f"--output={results}", *flags(options), "--", place.file, *overrides]
        outcome = carry_out(program, arguments, results, place.folder, listener)
    return _concluded(outcome, results, options.get("program"))


def _concluded(outcome: Outcome, results: Path, program: str | Path | None) -> Study:
    """The study of a command that has ended; raises what it ended with otherwise."""
    said = complaint(outcome.messages)
    # A signal that ends the program has a negative status.
    if outcome.was_interrupted and outcome.status not in (0, NOT_SHOWN, RESUMABLE):
        raise StudyInterrupted(said, INTERRUPTED, results)
    if outcome.status == RESUMABLE and is_interruption(said):
        raise StudyInterrupted(said, RESUMABLE, results)
    if outcome.was_interrupted:
        raise StudyInterrupted(f"interrupted as the study ended: all its runs are in {results}", RESUMABLE, results)
    if outcome.status == RESUMABLE and is_stop(said):
        return Study(results, cautions=cautions(outcome.messages), program=program)
    has_document = outcome.output.startswith("{")
    if outcome.status not in (0, NOT_SHOWN) and not (outcome.status == BAD_INPUT and has_document):
        raise error(said, outcome.status)
    document = json.loads(outcome.output) if has_document else None
    if document:
        # Records and curves of all runs, which are in the file.
        document.pop("runs", None)
    study = Study(results, document=document, cautions=cautions(outcome.messages), program=program)
    if outcome.status == BAD_INPUT:
        raise RunsFailed(said, outcome.status, study)
    return study


def usual_output(command: str, wanted: Scenario, options: Mapping[str, Any]) -> Path:
    """The results file of a study that names none: `results/NAME-DIGEST.sqlite`.

    The digest is of all that makes the study another one, the text of the scenario first, so that a notebook can change a
    setting and run again without losing or mixing anything. The number of replications does not count: more of them are
    added to those that are there.
    """
    parts = [wanted.file_name, *(["sweep"] if command == "sweep" else []), wanted.digest(command, *identity(options))]
    return Path("results") / f"{'-'.join(parts)}.sqlite"


