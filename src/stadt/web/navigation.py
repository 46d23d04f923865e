"""The main navigation, built from the pages that the apps' manifests put into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, gettext_noop

from stadt.core.manifest import ACCOUNT, Audience, Menu
from stadt.core.people.actor import Actor
from stadt.core.registry import RegisteredPage, registry

MENU_TITLES = {
    Menu.SERVICES: gettext_noop("Melden und Dienste"),
    Menu.STRATEGY: gettext_noop("Strategie"),
    Menu.DATA: gettext_noop("Daten"),
    Menu.MAP: gettext_noop("Karte"),
    Menu.CITY: gettext_noop("Stadt"),
    Menu.OPERATIONS: gettext_noop("Betrieb"),
}


@dataclass(frozen=True)
class MenuEntry:
    """A link of the navigation; `is_current` for the page itself and the pages below it."""

    title: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class MenuGroup:
    """One word of the navigation with its pages; a group with one page is shown as that page."""

    key: str
    heading: str
    entries: Sequence[MenuEntry]

    @property
    def is_current(self) -> bool:
        """True when the reader is on one of the group's pages."""
        return any(entry.is_current for entry in self.entries)

    @property
    def is_single(self) -> bool:
        """True when the group is one link."""
        return len(self.entries) == 1

    @property
    def title(self) -> str:
        """Return the group's word, or the title of its only page."""
        return self.entries[0].title if self.is_single else self.heading

    @property
    def url(self) -> str:
        """Return the address of the first page."""
        return self.entries[0].url


def build_menu(request: HttpRequest, *, is_anonymous: bool = False) -> list[MenuGroup]:
    """Return the groups with the pages that whoever asks may open; empty groups are left out."""
    actor = None if is_anonymous else getattr(request, "actor", None)
    found = {
        menu: [
            (page, url)
            for page in registry.menu(menu)
            if may_open(actor, page) and (url := _address(page)) is not None
        ]
        for menu in MENU_TITLES
    }
    # One page is where the reader is, in whichever group it stands: the one whose address leads on the farthest.
    addresses = [url for pages in found.values() for _, url in pages if request.path.startswith(url)]
    current = max(addresses, key=len, default="")
    return [
        MenuGroup(menu.value, gettext(MENU_TITLES[menu]), [_entry(page, url, current) for page, url in pages])
        for menu, pages in found.items()
        if pages
    ]


def may_open(actor: Actor | None, page: RegisteredPage) -> bool:
    """True when whoever asks may open the page."""
    permission = page.page.permission
    if isinstance(permission, Audience):
        return permission is not ACCOUNT or (actor is not None and actor.is_known)
    return actor is not None and actor.can(permission)


def _entry(page: RegisteredPage, url: str, current: str) -> MenuEntry:
    return MenuEntry(gettext(page.page.title) if page.page.title else page.page.name, url, url == current)


def _address(page: RegisteredPage) -> str | None:
    try:
        return reverse(page.url_name)
    except NoReverseMatch:
        return None  # a page whose address has parameters cannot stand in the navigation
