# SPDX-License-Identifier: GPL-3.0-or-later
"""What MkDocs asks when it builds the site (`make site`): pages from outside docs/, links, widths of pictures."""

import pathlib
import re
import struct
import sys

from mkdocs.structure.files import File

# Pictures are drawn for print, so that two of their pixels are one of a page.
PICTURE = re.compile(r'<img ([^>]*src="(?:[^"]*/)?([^"/]+\.png)")')
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from documents import links  # noqa: E402


def on_config(config):
    """Names the pages that `starling reference` has made where the navigation says `reference/`."""
    pages = [page for page in sorted((ROOT / "docs" / "reference").glob("*.md")) if page.name != "README.md"]
    for section in config.nav:
        for title, content in section.items():
            if content == "reference/":
                section[title] = [{"Contents": "reference/README.md"}, *(f"reference/{page.name}" for page in pages)]
    return config


def on_files(files, config):
    """Adds what is not in docs/."""
    for place, text in links.others(ROOT).items():
        files.append(File.generated(config, place, content=text))
    return files


def on_page_markdown(markdown, page, **_):
    """Leads the links of pages in docs/ to where they lead on the site."""
    path = page.file.abs_src_path
    if path is None:
        return markdown
    return links.rewritten(markdown, pathlib.Path(path).relative_to(ROOT).as_posix())


def on_page_content(html, **_):
    """Gives pictures the width that they are drawn for."""

    def sized(match):
        header = (ROOT / "docs" / "figures" / match[2]).read_bytes()[:24]
        (width,) = struct.unpack(">I", header[16:20])
        return f'<img width="{width // 2}" {match[1]}'

    return PICTURE.sub(sized, html)
