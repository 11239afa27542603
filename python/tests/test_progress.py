# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever waits for a study sees how far it has come."""

import importlib.util
import sys

import pytest

import starling_diffusion as starling
from starling_diffusion import progress
from starling_diffusion.progress import NotebookBar, PlainBar, Progress, TqdmBar, listening


def test_a_function_is_told_until_all_runs_have_ended(settings):
    told = []
    starling.run(settings, replications=5, progress=told.append)
    assert told[-1] == Progress(done=5, total=5)
    assert all(earlier.done <= later.done for earlier, later in zip(told, told[1:]))


def test_nobody_is_shown_a_bar_who_does_not_read_it(capsys):
    with listening(None, "small") as listener:
        assert listener is None
    with listening(False, "small") as listener:
        assert listener is None
    assert capsys.readouterr().err == ""


def test_a_plain_bar_is_drawn_where_there_is_no_tqdm(capsys, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with listening(True, "small") as listener:
        assert isinstance(listener.__self__, PlainBar)
        listener(Progress(3, 12, failed=1))
        drawn = capsys.readouterr().err
    assert "small [######------------------] 3 of 12 runs, 1 failed" in drawn
    assert capsys.readouterr().err.endswith("\r\x1b[K")


def test_tqdm_draws_the_bar_where_it_is_there(capsys):
    pytest.importorskip("tqdm")
    with listening(True, "small") as listener:
        assert isinstance(listener.__self__, TqdmBar)
        listener(Progress(3, 12, failed=1))
        assert listener.__self__.bar.n == 3 and listener.__self__.bar.total == 12
    assert "3/12" in capsys.readouterr().err


def test_a_notebook_has_a_line_that_is_replaced(monkeypatch):
    display = pytest.importorskip("IPython.display")
    shown = []

    class Handle:
        def update(self, content, raw):
            shown.append(content["text/plain"])

    def show(content, raw, display_id):
        shown.append(content["text/plain"])
        return Handle()

    monkeypatch.setattr(display, "display", show)
    monkeypatch.setattr(progress, "is_notebook", lambda: True)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with listening(None, "small") as listener:
        assert isinstance(listener.__self__, NotebookBar)
        listener(Progress(1, 4))
        listener(Progress(4, 4))
    assert shown == [f"small [{'#' * 6}{'-' * 18}] 1 of 4 runs", f"small [{'#' * 24}] 4 of 4 runs"]


def test_a_terminal_is_no_notebook(monkeypatch):
    monkeypatch.setitem(sys.modules, "IPython", None)
    assert not progress.is_notebook()
