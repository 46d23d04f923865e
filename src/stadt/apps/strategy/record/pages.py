"""The pages of the record."""

from stadt.core.manifest import Page

PAGES: tuple[Page, ...] = ()
