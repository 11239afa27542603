# SPDX-License-Identifier: GPL-3.0-or-later
"""A study: its results file, what the program concludes of it, and its tables as data frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import frames
from .diagnostics import Caution
from .header import Header, header_of, read_header
from .page import study_page
from .process import ask, ask_document
from .program import Program, find_program
from .scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

STATUS_IS_AN_ANSWER = (0, 65, 75)
"""With which `starling status` ends: all runs have ended well, some have failed, some are missing."""


@dataclass(frozen=True)
class Verdict:
    """What the program concludes."""

    sentence: str
    arms: tuple[str, ...] = ()
    """The arms that it is about, the best first."""

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True)
class Requirement:
    """A claim that was to be shown, and whether it was."""

    requirement: str
    status: str
    """`shown`, `refuted` or another word of the program for what the runs say of it."""
    sides: tuple[str, ...]
    """Both sides with the values that were found."""
    details: dict[str, Any]
    """All that the program says of it."""

    @property
    def is_shown(self) -> bool:
        return self.status == "shown"

    def __str__(self) -> str:
        return f"{self.requirement}: {self.status}"


class Study:
    """A results file, of a study that has ended or is still under way.

    `run`, `compare` and `sweep` return one; `Study(path)` reads one that is there already. Tables are read when they are
    asked for first, and then kept: `Study(study.path)` reads a file anew.

    Args:
        path: the results file.
        document: what the program has said of it already.

    Raises:
        InputError: there is no such file.
        ResultsError: it is no results file.
    """

    def __init__(
        self, path: str | Path, *, document: Mapping[str, Any] | None = None, cautions: Sequence[Caution] = (),
        program: str | Path | None = None,
    ) -> None:
        self.path = Path(path)
        """The results file."""
        self._given = document
        self._cautions = tuple(cautions)
        self._wanted_program = program
        self.header: Header = read_header(self.path) or header_of(self.document["study"])
        """What the results file says of the study before any run."""

    @cached_property
    def program(self) -> Program:
        """The program that is asked."""
        return find_program(self._wanted_program)

    @property
    def name(self) -> str:
        """What the study is called."""
        return self.header.name

    @property
    def question(self) -> str | None:
        """What the scenario asks; None where it does not say."""
        return self.header.question

    @property
    def seed(self) -> int:
        """The seed of all randomness."""
        return self.header.seed

    @property
    def scenario(self) -> Scenario:
        """The whole scenario with every default written out; it runs again as it stands."""
        return Scenario(self.header.scenario)

    @cached_property
    def document(self) -> dict[str, Any]:
        """All that the program says of the study, but not of single runs, which `runs` and `observations` have.

        It is the document that `--json` prints, of the schema `starling-summary/1`, or `starling-sweep/1` where the study
        comes from `sweep`.
        """
        found = self._given or ask_document(self.program, ["summarize", "--format=json", "--", self.path])
        return {key: value for key, value in found.items() if key != "runs"}

    @property
    def verdict(self) -> Verdict | None:
        """What the program concludes; None where there is nothing to compare."""
        found = self.document.get("verdict")
        return Verdict(found["sentence"], tuple(found.get("arms", ()))) if found else None

    @property
    def warnings(self) -> list[Caution]:
        """What stands in the way of taking the results at their word, each with a remedy."""
        found = [Caution(entry["message"], entry["remedy"]) for entry in self.document.get("warnings", [])]
        return [caution for caution in self._cautions if caution not in found] + found

    @property
    def requirements(self) -> list[Requirement]:
        """The claims that the study was to show, as it was run with `require`."""
        return [
            Requirement(entry["requirement"], entry["status"], tuple(entry.get("sides", ())), dict(entry))
            for entry in self.document.get("requirements", [])
        ]

    @property
    def failures(self) -> list[dict[str, Any]]:
        """Runs that ended with an error, which are in no other table than `runs`."""
        return list(self.document.get("failures", []))

    @cached_property
    def text(self) -> str:
        """The summary as the program prints it."""
        return ask(self.program, ["summarize", "--", self.path]).output.rstrip("\n")

    def status(self) -> dict[str, Any]:
        """How far the study has come: runs `done`, `running`, `failed`, `missing` and `planned`, by `arms` too."""
        document = ask_document(self.program, ["status", "--json", "--", self.path], allowed=STATUS_IS_AN_ANSWER)
        found: dict[str, Any] = document["files"][0]
        return found

    @cached_property
    def metrics(self) -> pd.DataFrame:
        """What runs measure: a row for each metric, by name, with title, scale and sense."""
        import pandas as pd

        return pd.DataFrame(self.header.metrics).set_index("name")

    def table(self, rows: str) -> pd.DataFrame:
        """A table of the file as `starling export --rows` has it, with units in `attrs`; read anew each time.

        Args:
            rows: observations, runs, agents, causes, links, windows or returns.
        """
        return frames.table(self.program, self.path, rows, self.header.scales)

    @cached_property
    def runs(self) -> pd.DataFrame:
        """A row for each run: how it ended, when it reached the target, final metrics, messages, and its fingerprint."""
        return self.table("runs")

    @cached_property
    def observations(self) -> pd.DataFrame:
        """A row for each measurement of a metric in a run: virtual `time` in seconds, `metric`, and `value` in linear units."""
        return self.table("observations")

    @cached_property
    def agents(self) -> pd.DataFrame:
        """A row for each agent in a run: updates, seconds by what they went to, and how it ended."""
        return self.table("agents")

    @cached_property
    def messages(self) -> pd.DataFrame:
        """A row for each fate that messages of a run can meet; the counts of a run add up to the messages sent."""
        return frames.messages(self.runs)

    @cached_property
    def links(self) -> pd.DataFrame:
        """A row for each link of a run; empty unless the scenario asks for `measure.records.links`."""
        return self.table("links")

    @cached_property
    def returns(self) -> pd.DataFrame:
        """A row for each agent and task of a run; empty unless the scenario asks for `measure.all-tasks`."""
        return self.table("returns")

    @property
    def fingerprints(self) -> dict[tuple[str, int], str]:
        """The 64 bits in hexadecimal digits that tell a run, by arm and replication; failed runs have none."""
        ended = self.runs[self.runs["error"].isna()]
        keys = zip(ended["arm"].astype(str), ended["replication"].astype(int))
        return dict(zip(keys, ended["fingerprint"].astype(str)))

    def figure(
        self, kind: str, *, metric: str | None = None, axes: Sequence[str] | None = None, arms: Sequence[str] | None = None,
        yardsticks: Mapping[str, float] | None = None, width: str = "single",
    ) -> Figure:
        """A figure of the study, as journals print them.

        Args:
            kind: such as `curves`; docs/figures.md shows all.
            metric: which one curves, differences, profiles and sweeps show; what the study is about, unless it is given.
            axes: what curves and times to target are drawn against, a panel for each.
            arms: which arms to draw; all unless they are given.
            yardsticks: values to compare with by their labels, as thin lines.
            width: `single` (3.5 in, one column of a journal) or `double` (7.2 in).

        Raises:
            NoData: the study has nothing to show in that figure.
            ValueError: there is no such kind or width.
            ImportError: matplotlib or SciPy is missing, which the extra `figures` brings.
        """
        try:
            from .figures.kinds import Look, draw
            from .figures.results import read
            from .figures.yardsticks import Yardstick
        except ImportError as reason:
            raise ImportError(f"figures need {reason.name}: pip install 'starling-diffusion[figures]'") from reason
        found = read(self.path)
        marks = [Yardstick(label, value) for label, value in (yardsticks or {}).items()]
        look = Look(metric, list(axes) if axes else None, marks, width)
        return draw(found.only(list(arms)) if arms else found, kind, look)

    def to_parquet(self, folder: str | Path) -> list[Path]:
        """Writes `runs`, `observations`, `agents` and `messages` as Parquet files of these names; returns where.

        Types stay what they are, and pandas reads back `attrs` with the units.

        Raises:
            ImportError: pyarrow is missing, which the extra `parquet` brings.
        """
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for name, frame in self._frames().items():
            path = folder / f"{name}.parquet"
            try:
                frame.to_parquet(path, index=False, engine="pyarrow")
            except ImportError as reason:
                raise ImportError("Parquet needs pyarrow: pip install 'starling-diffusion[parquet]'") from reason
            paths.append(path)
        return paths

    def _frames(self) -> dict[str, pd.DataFrame]:
        return {"runs": self.runs, "observations": self.observations, "agents": self.agents, "messages": self.messages}

    def to_tensorboard(self, folder: str | Path, steps_per_second: float = 1000) -> list[Path]:
        """Writes the curves of every run for TensorBoard, in `folder/ARM/replication-N`; returns these folders.

        A step is a millisecond of virtual time, unless `steps_per_second` says otherwise, and the wall time of a value is
        its virtual time, so that TensorBoard's axis `relative` is virtual time too. Values are in linear units.

        Raises:
            ImportError: tensorboard is missing, which the extra of that name brings.
        """
        from .tensorboard import write

        return write(self.observations, Path(folder), steps_per_second)

    def __repr__(self) -> str:
        return f"<Study '{self.name}' in '{self.path}'>"

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return study_page(self)
