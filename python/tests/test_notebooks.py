# SPDX-License-Identifier: GPL-3.0-or-later
"""Notebooks run from top to bottom, and are kept without what comes out."""

import pytest
from small import ROOT

import starling_diffusion as starling

NOTEBOOKS = sorted((ROOT / "python" / "notebooks").glob("*.ipynb"))
NEEDS = {"own-learner": ["torch", "sklearn"]}
"""Packages that a notebook wants beside those of `test`; it takes minutes."""


def test_there_are_notebooks():
    assert NOTEBOOKS


@pytest.mark.parametrize(
    "path", [pytest.param(path, id=path.stem, marks=[pytest.mark.slow] * (path.stem in NEEDS)) for path in NOTEBOOKS]
)
def test_a_notebook_runs(path, tmp_path):
    for package in NEEDS.get(path.stem, []):
        pytest.importorskip(package)
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    notebook = nbformat.read(path, as_version=4)
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)
    resources = {"metadata": {"path": tmp_path}}
    nbclient.NotebookClient(notebook, timeout=900, kernel_name="python3", resources=resources).execute()
    shown = [
        output["data"] for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs if "data" in output
    ]
    # A study is shown as a page, and a figure as a picture, once.
    assert any("<strong>Verdict</strong>" in data.get("text/html", "") for data in shown)
    assert sum("image/png" in data for data in shown) == 1


def test_interrupting_the_kernel_keeps_what_has_ended(tmp_path, settings):
    manage = pytest.importorskip("jupyter_client.manager")
    settings["measure"] = {"until": "4 min", "every": "1 s"}
    cell = (
        "import starling_diffusion as starling\n"
        f"study = starling.run({settings!r}, replications=100, jobs=1, output='kept.sqlite', progress=True)\n"
        "print(len(study.fingerprints))\n"
    )
    manager, client = manage.start_new_kernel(kernel_name="python3", cwd=str(tmp_path))
    try:
        first = answers(manager, client, cell, is_interrupted=True)
        assert first["error"]["ename"] == "StudyInterrupted" and "the same command goes on" in first["error"]["evalue"]
        assert 1 <= len(starling.Study(tmp_path / "kept.sqlite").fingerprints) < 100
        assert answers(manager, client, cell, is_interrupted=False)["stream"]["text"].endswith("100\n")
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def answers(manager, client, cell, is_interrupted):
    """The last message of each kind that a cell gives; the kernel is interrupted when the bar shows the first runs."""
    identity, found = client.execute(cell), {}
    while found.get("status", {}).get("execution_state") != "idle":
        message = client.get_iopub_msg(timeout=60)
        if message["parent_header"].get("msg_id") == identity:
            found[message["msg_type"]] = message["content"]
            shown = message["content"].get("data", {}).get("text/plain", " 0 of ")
            if is_interrupted and " 0 of " not in shown:
                manager.interrupt_kernel()
                is_interrupted = False
    return found
