"""The blocks of a paper as the page's templates read them."""

from typing import Any

import msgspec

from stadt.apps.reports.papers.blocks import Bars, Notice, Paper, Table

KINDS = {"warn": "warning", "bad": "danger", "good": "success"}


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
            made["kind"] = KINDS.get(block.tone, "info")
        blocks.append({("entries" if name == "items" else name): value for name, value in made.items()})
    return blocks
