# SPDX-License-Identifier: GPL-3.0-or-later
"""Notebooks run from top to bottom, and are kept without what comes out."""

import pytest
from small import ROOT

NOTEBOOKS = sorted((ROOT / "python" / "notebooks").glob("*.ipynb"))


def test_there_are_notebooks():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path, tmp_path):
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    notebook = nbformat.read(path, as_version=4)
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)
    resources = {"metadata": {"path": tmp_path}}
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3", resources=resources).execute()
    shown = [
        output["data"] for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs if "data" in output
    ]
    # A study is shown as a page, and a figure as a picture, once.
    assert any("<strong>Verdict</strong>" in data.get("text/html", "") for data in shown)
    assert sum("image/png" in data for data in shown) == 1
