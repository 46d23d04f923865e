"""A report's title, and the blocks of a paper as the page's templates read them."""

from typing import Any

import msgspec
from django.utils.translation import gettext

from stadt.apps.reports.models import Report
from stadt.apps.reports.papers.blocks import Bars, Notice, Paper, Table
from stadt.apps.reports.workflow import KINDS

LOOKS = {"warn": "warning", "bad": "danger", "good": "success"}


def shown(paper: Paper) -> list[dict[str, Any]]:
    """Each block with its `type`; a bar with its `share` of the longest in percent, a cell with its column's `align`."""
    blocks = []
    for block in paper.blocks:
        made: dict[str, Any] = msgspec.to_builtins(block)
        if isinstance(block, Bars):
            most = max((bar.value for bar in block.bars), default=0) or 1
            for bar in made["bars"]:
                bar["share"] = str(round(100 * bar["value"] / most, 2))
        elif isinstance(block, Table):
            for row in made["rows"]:
                for cell, column in zip(row, block.columns, strict=True):
                    cell["align"] = column.align
        elif isinstance(block, Notice):
            made["kind"] = LOOKS.get(block.tone, "info")
        blocks.append({("entries" if name == "items" else name): value for name, value in made.items()})
    return blocks


def title_of(report: Report) -> str:
    """What kind of report it is, and that it is an example if so: a title stands alone in lists, feeds and news."""
    title = gettext(KINDS[report.kind].title) if report.kind in KINDS else report.kind
    return gettext("%(title)s (Beispiel)") % {"title": title} if report.is_example else title
