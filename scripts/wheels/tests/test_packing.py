# SPDX-License-Identifier: GPL-3.0-or-later
"""A wheel lists what is in it, and its program can be started."""

import base64
import csv
import hashlib
import zipfile

import pytest
from wheels import packing

STEM = "starling_diffusion-1.2.3"
TAG = "py3-none-manylinux_2_35_x86_64"


@pytest.fixture
def parts(tmp_path):
    """A wheel without a program, and the folder of one."""
    pure = tmp_path / f"{STEM}-py3-none-any.whl"
    with zipfile.ZipFile(pure, "w") as archive:
        archive.writestr("starling_diffusion/__init__.py", "here = True\n")
        archive.writestr(f"{STEM}.dist-info/METADATA", "Name: starling-diffusion\n")
        archive.writestr(f"{STEM}.dist-info/WHEEL", "Root-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{STEM}.dist-info/RECORD", "")
    program = tmp_path / "_program"
    (program / "lib").mkdir(parents=True)
    (program / "starling").write_bytes(b"\x7fELF")
    (program / "lib" / "libgsl.so.27").write_bytes(b"\x7fELF library")
    return pure, program


def test_every_file_is_in_the_record_with_its_digest(parts, tmp_path):
    with zipfile.ZipFile(packing.pack(*parts, TAG, tmp_path / "dist")) as archive:
        names = archive.namelist()
        rows = {name: digest for name, digest, _ in csv.reader(archive.read(f"{STEM}.dist-info/RECORD").decode().splitlines())}
        assert sorted(rows) == sorted(names) and len(names) == len(set(names)) == 6
        for name in names:
            if not name.endswith("RECORD"):
                digest = base64.urlsafe_b64encode(hashlib.sha256(archive.read(name)).digest()).decode().rstrip("=")
                assert rows[name] == f"sha256={digest}"


def test_the_tag_is_in_the_name_and_in_the_wheel(parts, tmp_path):
    wheel = packing.pack(*parts, TAG, tmp_path / "dist")
    assert wheel.name == f"{STEM}-{TAG}.whl"
    with zipfile.ZipFile(wheel) as archive:
        lines = archive.read(f"{STEM}.dist-info/WHEEL").decode().splitlines()
    assert "Root-Is-Purelib: false" in lines and [line for line in lines if line.startswith("Tag: ")] == [f"Tag: {TAG}"]


def test_only_the_program_can_be_started(parts, tmp_path):
    with zipfile.ZipFile(packing.pack(*parts, TAG, tmp_path / "dist")) as archive:
        modes = {entry.filename: entry.external_attr >> 16 & 0o777 for entry in archive.infolist()}
    assert modes.pop("starling_diffusion/_program/starling") == 0o755
    assert set(modes.values()) == {0o644}


def test_the_same_parts_make_the_same_wheel_and_take_the_place_of_an_earlier_one(parts, tmp_path):
    first = packing.pack(*parts, "py3-none-manylinux_2_34_x86_64", tmp_path / "dist")
    second = packing.pack(*parts, TAG, tmp_path / "dist")
    again = second.read_bytes()
    assert not first.exists()
    assert packing.pack(*parts, TAG, tmp_path / "dist").read_bytes() == again
