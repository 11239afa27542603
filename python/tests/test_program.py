# SPDX-License-Identifier: GPL-3.0-or-later
"""The program is found in one order, and refused where it is missing or of another version."""

import pytest

import starling_diffusion as starling
from starling_diffusion import program as module
from starling_diffusion.version import __version__


def made(path, version=__version__):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {version}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def places(tmp_path, monkeypatch):
    """A package in a checkout, and a folder of PATH, with a program nowhere yet."""
    monkeypatch.delenv("STARLING", raising=False)
    monkeypatch.setattr(module, "_chosen", None)
    package = tmp_path / "checkout" / "python" / "starling_diffusion"
    package.mkdir(parents=True)
    (tmp_path / "checkout" / "Package.swift").touch()
    monkeypatch.setattr(module, "__file__", str(package / "program.py"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    return {
        "path": tmp_path / "bin" / "starling",
        "checkout": tmp_path / "checkout" / ".build" / "release" / "starling",
        "package": package / "_program" / "starling",
        "variable": tmp_path / "variable",
        "chosen": tmp_path / "chosen",
        "argument": tmp_path / "argument",
    }


def test_later_places_give_way_to_earlier_ones(places, monkeypatch):
    for name in ("path", "checkout", "package"):
        made(places[name])
        assert starling.find_program().path == places[name]
    monkeypatch.setenv("STARLING", str(made(places["variable"])))
    assert starling.find_program().path == places["variable"]
    starling.set_program(made(places["chosen"]))
    assert starling.find_program().path == places["chosen"]
    assert starling.find_program(made(places["argument"])).path == places["argument"]
    starling.set_program(None)
    assert starling.find_program().path == places["variable"]


def test_without_a_program_the_error_says_what_to_do(places):
    with pytest.raises(starling.ProgramError) as raised:
        starling.find_program()
    assert "make build" in str(raised.value) and "set_program" in str(raised.value) and "STARLING" in str(raised.value)


def test_what_is_named_is_not_replaced_by_another(places, monkeypatch):
    made(places["path"])
    monkeypatch.setenv("STARLING", "/nowhere/starling")
    said = "'/nowhere/starling' does not exist; it was named by the variable STARLING"
    with pytest.raises(starling.ProgramError, match=said):
        starling.find_program()
    with pytest.raises(starling.ProgramError, match="is no program"):
        starling.set_program(places["path"].parent)


@pytest.mark.parametrize("version", ["0.1.2", "9.0.0"])
def test_another_version_is_refused_with_a_remedy(places, version):
    made(places["path"], version)
    with pytest.raises(starling.ProgramError) as raised:
        starling.find_program()
    assert f"is starling {version}" in str(raised.value) and "-> install the package of that version" in str(raised.value)


def test_patches_of_a_version_are_taken(places):
    made(places["path"], f"{'.'.join(__version__.split('.')[:2])}.99")
    assert starling.find_program().version.endswith(".99")


@pytest.mark.parametrize("text", ["#!/bin/sh\necho hello world\n", "#!/bin/sh\nexit 3\n", "no program at all"])
def test_other_programs_are_refused(places, text):
    made(places["path"]).write_text(text)
    with pytest.raises(starling.ProgramError, match="does not say its version|cannot be started"):
        starling.find_program()


def test_a_study_can_name_its_program(tmp_path, settings):
    with pytest.raises(starling.ProgramError, match="does not exist; it was named by the argument"):
        starling.run(settings, program=tmp_path / "none")


def test_the_program_that_is_tested_is_of_this_version():
    found = starling.find_program()
    assert found.version == __version__
    assert str(found).startswith(f"starling {__version__} at /")
