"""The addresses of what everybody sees."""

from stadt.core.manifest import Page

PAGES: tuple[Page, ...] = ()
