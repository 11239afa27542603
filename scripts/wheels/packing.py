# SPDX-License-Identifier: GPL-3.0-or-later
"""Wheels, which are archives with a list of what is in them."""

import base64
import hashlib
import stat
import zipfile

# What is packed twice is the same twice.
MOMENT = (1980, 1, 1, 0, 0, 0)
PACKAGE = "starling_diffusion"
METADATA = """\
Wheel-Version: 1.0
Generator: starling
Root-Is-Purelib: false
Tag: {tag}
"""


def pack(pure, program, tag, folder):
    """Makes a wheel of one without a program, and of the folder of the program.

    Args:
        pure: the wheel, which goes everywhere.
        program: the folder `_program`.
        tag: where the new one goes.
        folder: where it is put, beside others.

    Returns: its path.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = "-".join(pure.name.split("-")[:2])
    for earlier in folder.glob(f"{stem}-*.whl"):
        earlier.unlink()
    wheel = folder / f"{stem}-{tag}.whl"
    information = f"{stem}.dist-info"
    with zipfile.ZipFile(pure) as archive:
        left_out = {f"{information}/RECORD", f"{information}/WHEEL"}
        entries = {name: (archive.read(name), 0o644) for name in archive.namelist() if name not in left_out}
    for path in sorted(program.rglob("*")):
        if path.is_file():
            name = f"{PACKAGE}/{program.name}/{path.relative_to(program).as_posix()}"
            entries[name] = (path.read_bytes(), 0o755 if path.name == "starling" else 0o644)
    entries[f"{information}/WHEEL"] = (METADATA.format(tag=tag).encode(), 0o644)
    record = "".join(f"{name},{digest(data)},{len(data)}\n" for name, (data, _) in entries.items())
    entries[f"{information}/RECORD"] = (f"{record}{information}/RECORD,,\n".encode(), 0o644)
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (data, mode) in entries.items():
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (stat.S_IFREG | mode) << 16
            archive.writestr(entry, data)
    return wheel


def digest(data):
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
