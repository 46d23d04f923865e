"""A paper as PDF/UA-1 by typst: tagged, in its language, without network, system fonts or any file but its template.

Imports neither Django nor the database: it runs in a process of its own.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import msgspec
import typst

from stadt.apps.reports.papers.blocks import Paper
from stadt.apps.reports.typesetting.characters import drawable

TEMPLATE = Path(__file__).with_name("report.typ")
STANDARD = "ua-1"
OVERFULL = "more-than-one-page"


class DoesNotFit(Exception):
    """None of the versions of a one-page paper fits on its page."""


def typeset(papers: Sequence[Paper], moment: datetime) -> tuple[bytes, int]:
    """The PDF of the first version that fits, and which it was.

    Args:
        papers: the same paper at most shortened more and more; one for a paper of any length.
        moment: what the file says it was made at; nothing else of the time or the machine goes in.

    Raises:
        DoesNotFit: no version fits.
        typst.TypstError: the paper cannot be set, which would be a fault of the template.
    """
    for number, paper in enumerate(papers):
        try:
            return _compile(paper, moment), number
        except typst.TypstError as error:
            if OVERFULL not in str(error):
                raise
    raise DoesNotFit


@cache
def _compiler() -> tuple[Any, bytes]:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    nowhere = mkdtemp(prefix="stadt-typst-")
    compiler = typst.Compiler(
        root=nowhere, font_paths=fonts, package_path=nowhere, package_cache_path=nowhere
    )
    return compiler, TEMPLATE.read_bytes()


def _compile(paper: Paper, moment: datetime) -> bytes:
    compiler, template = _compiler()
    document = msgspec.json.encode(every_text(msgspec.to_builtins(paper)), order="deterministic").decode()
    made: bytes = compiler.compile(
        template, format="pdf", pdf_standards=[STANDARD], sys_inputs={"paper": document}, timestamp=moment
    )
    return made


def every_text(value: Any) -> Any:
    """The same structure with every text as the fonts can draw it."""
    if isinstance(value, str):
        return drawable(value)
    if isinstance(value, list | tuple):
        return [every_text(item) for item in value]
    if isinstance(value, dict):
        return {name: every_text(item) for name, item in value.items()}
    return value
