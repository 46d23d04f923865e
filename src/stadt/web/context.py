"""What every page's template knows about the city and the reader: the context processor `shell`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from stadt.core import city
from stadt.core.identity.providers import offered
from stadt.core.registry import registry
from stadt.web import mailbox
from stadt.web.accounts.adapters import are_passkeys_possible
from stadt.web.accounts.identity import login_url
from stadt.web.navigation import MenuGroup, build_menu

LANGUAGE_NAMES = {"de": "Deutsch", "en": "English"}
SEARCH_LENGTH = 200
SLOT_BANNER = "shell.banner"


class Shell:
    """Read by `web/base.html`; everything is computed when a template first asks for it."""

    def __init__(self, request: HttpRequest, *, is_anonymous: bool = False) -> None:
        self._request = request
        self._is_anonymous = is_anonymous

    @cached_property
    def city(self) -> city.City:
        """Return the city of this installation."""
        return city.current()

    @cached_property
    def menu(self) -> list[MenuGroup]:
        """Return the navigation for this reader."""
        return build_menu(self._request, is_anonymous=self._is_anonymous)

    @cached_property
    def banners(self) -> list[dict[str, Any]]:
        """Return what apps say above every page to whoever is signed in, as template and context."""
        if self._is_anonymous or not self._is_known:
            return []
        return [
            {"template": panel.template, "context": panel.context(self._request)}
            for panel in registry.panels(SLOT_BANNER)
        ]

    @property
    def _is_known(self) -> bool:
        actor = getattr(self._request, "actor", None)
        return actor is not None and bool(actor.is_known)

    @property
    def demo(self) -> bool:
        """True where the city is filled with sample data."""
        return bool(settings.STADT.demo)

    @property
    def are_passkeys_possible(self) -> bool:
        """True where browsers make passkeys for the city's address."""
        return are_passkeys_possible()

    @property
    def identity_providers(self) -> list[tuple[str, str]]:
        """Return title and address of every provider people may sign in with."""
        return [(provider.title, login_url(provider)) for provider in offered().values()]

    @property
    def mailbox_url(self) -> str:
        """Return the address of the demo's mailbox where this reader may open it, else nothing."""
        return reverse("web:mailbox") if mailbox.is_reachable(self._request) else ""

    @property
    def languages(self) -> Sequence[tuple[str, str, bool]]:
        """Return code, own name and whether it is the active one."""
        active = (get_language() or "de")[:2]
        return [(code, name, code == active) for code, name in LANGUAGE_NAMES.items()]

    @property
    def path(self) -> str:
        """Return the address of this page with its query, to come back to."""
        return self._request.get_full_path()

    @property
    def search_words(self) -> str:
        """Return the words of the search in progress, for the field in the header."""
        return self._request.GET.get("q", "")[:SEARCH_LENGTH]


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Django context processor."""
    return {"shell": Shell(request)}
