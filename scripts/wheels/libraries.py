# SPDX-License-Identifier: GPL-3.0-or-later
"""The shared libraries that a program needs."""

import pathlib
import re
import shutil
import subprocess

# What wheels for Linux may count on (PEP 600): the C library, and the run-time of GCC.
EVERYWHERE = re.compile(r"(ld-linux.*|libc|libm|libdl|libpthread|librt|libstdc\+\+|libgcc_s|linux-vdso)\.so(\.\d+)*")
NEED = re.compile(r"^\s*(\S+) => (/\S+) \(0x")
GLIBC = re.compile(r"\bGLIBC_(\d+)\.(\d+)")


def carry(program, folder):
    """Copies what a program needs, and what that needs, into a folder, where the program already looks.

    Returns: the copies, with the names by which they are asked for.
    """
    folder.mkdir()
    copies = []
    for name, path in needs(program):
        if not EVERYWHERE.fullmatch(name):
            shutil.copy(pathlib.Path(path).resolve(), folder / name)
            copies.append(folder / name)
    for name, path in needs(program):
        if not EVERYWHERE.fullmatch(name) and pathlib.Path(path).parent.resolve() != folder.resolve():
            raise SystemExit(f"make-wheel: the program takes {name} from {path}, and not from beside it")
    return copies


def needs(program):
    """What the system would load, as pairs of names and paths."""
    answer = subprocess.run(["ldd", program], check=True, capture_output=True, text=True).stdout
    found = [match.groups() for line in answer.splitlines() if (match := NEED.match(line))]
    if "not found" in answer or not found:
        raise SystemExit(f"make-wheel: of {program} libraries are missing:\n{answer}")
    return found


def newest_glibc(files):
    """The newest version of the C library that any symbol asks for."""
    versions = set()
    for file in files:
        answer = subprocess.run(["objdump", "-T", file], check=True, capture_output=True, text=True).stdout
        versions |= {(int(major), int(minor)) for major, minor in GLIBC.findall(answer)}
    return max(versions)


def original(name):
    """The file of the system that a library was copied from."""
    answer = subprocess.run(["ldconfig", "-p"], check=True, capture_output=True, text=True).stdout
    path = next(line.rpartition("=> ")[2] for line in answer.splitlines() if line.split()[:1] == [name])
    return pathlib.Path(path).resolve()
