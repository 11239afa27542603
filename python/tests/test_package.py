# SPDX-License-Identifier: GPL-3.0-or-later
"""The package is typed, and its examples run."""

import doctest
import importlib
import pkgutil
import re
import subprocess
import sys

import pytest
from small import ROOT

import starling_diffusion as starling

MODULES = [
    module.name for module in pkgutil.walk_packages(starling.__path__, "starling_diffusion.")
    if ".figures." not in module.name
]
FRONTS = ["starling_diffusion", *MODULES]


@pytest.mark.parametrize("name", FRONTS)
def test_examples_run(name, tmp_path):
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    module = importlib.import_module(name)
    failed, _ = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failed == 0


def test_there_are_examples():
    finder = doctest.DocTestFinder(exclude_empty=True)
    assert sum(len(test.examples) for name in FRONTS for test in finder.find(importlib.import_module(name))) >= 12


def test_types_are_right():
    answer = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml"], cwd=ROOT / "python", capture_output=True, text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout


def test_style_is_right():
    answer = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "."], cwd=ROOT / "python", capture_output=True, text=True, check=False,
    )
    assert answer.returncode == 0, answer.stdout


def test_the_package_needs_no_more_than_pandas(tmp_path):
    script = (
        "import sys\n"
        "for name in ('matplotlib', 'scipy', 'pyarrow', 'tqdm', 'tensorboard', 'IPython', 'yaml'): sys.modules[name] = None\n"
        "import starling_diffusion as starling\n"
        "study = starling.run('scenarios/quickstart.yaml', replications=1, output=sys.argv[1])\n"
        "assert len(study.observations) and study._repr_html_()\n"
    )
    subprocess.run([sys.executable, "-c", script, tmp_path / "one.sqlite"], cwd=ROOT, check=True)


def test_a_worker_starts_without_what_only_studies_need():
    script = (
        "import sys\nimport starling_diffusion.learner, starling_diffusion.worker\n"
        "print(sorted({'pandas', 'matplotlib', 'scipy'} & set(sys.modules)))\n"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout == "[]\n"


def test_every_public_name_has_words():
    for name in starling.__all__:
        if name != "__version__":
            assert re.search(r"\w+ \w+", getattr(starling, name).__doc__ or ""), name


def test_the_version_is_that_of_the_project():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"version: {starling.__version__}" in citation.replace('"', "").replace("'", "")
