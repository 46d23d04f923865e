"""Markdown as the city writes it for its own pages (imprint, data protection, …)."""

from __future__ import annotations

from functools import cache

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")


def markdown(source: str) -> SafeString:
    """Render Markdown to HTML; HTML in the source is shown as text, and links keep only safe schemes."""
    return SafeString(_parser().render(source))
