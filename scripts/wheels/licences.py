# SPDX-License-Identifier: GPL-3.0-or-later
"""The licences of everything that a wheel carries."""

import pathlib
import re
import shutil
import subprocess

from . import libraries

COMMON = re.compile(r"/usr/share/common-licenses/([A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*)")
HEAD = """\
This wheel carries the program of Starling, which is free software under the GNU General Public License, version 3 or later
(GPL-3.0-or-later.txt), with the following inside it or beside it. The text that belongs to each is in the file named with it.
The sources of all packages of Debian named here, in these versions, are at https://snapshot.debian.org.

"""


def write(carried, root, folder):
    """Writes the texts into a folder, and CONTENTS.txt, which says what is under which.

    Args:
        carried: the libraries beside the program.
        root: the checkout.
    """
    folder.mkdir()
    lines = [
        "in the program: Swift's standard library, Foundation, Dispatch and Synchronization: swift.txt",
        "in the program: ICU, as Foundation carries it: icu.txt",
        "in the program: swift-argument-parser: swift-argument-parser.txt",
        "in the program: Yams, with LibYAML (Copyright (c) 2006-2016 Kirill Simonov, under the same licence): yams.txt",
    ]
    checkouts = root / ".build" / "checkouts"
    shutil.copy(root / "LICENSE", folder / "GPL-3.0-or-later.txt")
    shutil.copy(toolchain() / "share" / "swift" / "LICENSE.txt", folder / "swift.txt")
    shutil.copy(icu(), folder / "icu.txt")
    shutil.copy(checkouts / "swift-argument-parser" / "LICENSE.txt", folder / "swift-argument-parser.txt")
    shutil.copy(checkouts / "Yams" / "LICENSE", folder / "yams.txt")
    for library in carried:
        package, source, version = origin(libraries.original(library.name))
        shutil.copy(pathlib.Path("/usr/share/doc") / package / "copyright", folder / f"{package}.txt")
        lines.append(f"beside it: {library.name}, of Debian's {package} (source {source} {version}): {package}.txt")
    # Debian's texts refer to licences that lie elsewhere in Debian.
    named = {name for file in folder.glob("*.txt") for name in COMMON.findall(file.read_text(encoding="utf-8"))}
    for name in sorted(named):
        text = pathlib.Path("/usr/share/common-licenses") / name
        if text.exists():
            shutil.copy(text, folder / f"{name}.txt")
            lines.append(f"what /usr/share/common-licenses/{name} means in these texts: {name}.txt")
    (folder / "CONTENTS.txt").write_text(HEAD + "".join(f"- {line}\n" for line in lines), encoding="utf-8")


def toolchain():
    """The folder of the Swift toolchain that has bin and share."""
    swift = subprocess.run(["swiftc", "-print-target-info"], check=True, capture_output=True, text=True).stdout
    resources = re.search(r'"runtimeResourcePath": "([^"]+)"', swift)
    if not resources:
        raise SystemExit("make-wheel: the Swift toolchain does not say where it lies")
    return pathlib.Path(resources.group(1)).parent.parent


def icu():
    """ICU's licence, which toolchains come without."""
    found = sorted(pathlib.Path("/usr/share/doc").glob("libicu[0-9]*/copyright"))
    if not found:
        raise SystemExit("make-wheel: there is no licence of ICU in /usr/share/doc; install libicu-dev")
    return found[-1]


def origin(path):
    """The package of Debian that a file is of, with the name and version of its source."""
    package = None
    # Files that moved from /lib to /usr/lib are known by either path.
    for candidate in (str(path), str(path).removeprefix("/usr")):
        answer = subprocess.run(["dpkg-query", "--search", candidate], capture_output=True, text=True, check=False)
        if answer.returncode == 0:
            package = answer.stdout.split(": ")[0].split(",")[0]
            break
    if not package:
        raise SystemExit(f"make-wheel: no package of Debian has {path}, so its licence is not known")
    form = "--showformat=${binary:Package}\t${source:Package}\t${source:Version}"
    answer = subprocess.run(["dpkg-query", "--show", form, package], check=True, capture_output=True, text=True).stdout
    name, source, version = answer.split("\t")
    return name.split(":")[0], source, version
