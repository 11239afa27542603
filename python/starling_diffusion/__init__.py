# SPDX-License-Identifier: GPL-3.0-or-later
"""Starling, a simulator of asynchronous diffusion learning, from Python.

The package starts the program `starling` and reads what that writes; every number is the program's.

>>> import starling_diffusion as starling
>>> study = starling.compare("scenarios/quickstart.yaml", overrides={"conditions.links.loss": [0, 0.3]})
>>> study.verdict, study.runs, study.figure("curves")  # doctest: +SKIP
"""

from .answers import Description, Verification
from .commands import compare, describe, run, sweep, verify
from .diagnostics import Caution
from .errors import (
    Fault,
    InputError,
    OutputError,
    ProgramError,
    ResultsError,
    RunsFailed,
    ScenarioError,
    StarlingError,
    StudyInterrupted,
    UsageError,
)
from .options import CompareOptions, RunOptions, StudyOptions, SweepOptions
from .program import Program, find_program, set_program
from .progress import Progress
from .scenario import Scenario
from .study import Requirement, Study, Verdict
from .version import __version__

__all__ = [
    "Caution", "CompareOptions", "Description", "Fault", "InputError", "OutputError", "Program", "ProgramError",
    "Progress", "Requirement", "ResultsError", "RunOptions", "RunsFailed", "Scenario", "ScenarioError",
    "StarlingError", "Study", "StudyInterrupted", "StudyOptions", "SweepOptions", "UsageError", "Verdict",
    "Verification", "__version__", "compare", "describe", "find_program", "run", "set_program", "sweep", "verify",
]
