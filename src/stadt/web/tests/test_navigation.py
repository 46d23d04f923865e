"""The navigation shows the pages of the manifests that the reader may open."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from stadt.core.manifest import EVERYBODY, Menu, Page, Permission
from stadt.core.people.actor import Actor
from stadt.core.registry import RegisteredPage
from stadt.web import navigation

PLAN = Permission("waste.plan", "Touren planen")


def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def pages(menu: Menu) -> list[RegisteredPage]:
    found = {
        Menu.CITY: [
            RegisteredPage(
                "web",
                Page("search", "suche", view, title="Suche", menu=Menu.CITY, permission=EVERYBODY),
                "suche",
            ),
            RegisteredPage(
                "web",
                Page(
                    "mailbox_message", "x/<int:pk>/", view, title="Eine", menu=Menu.CITY, permission=EVERYBODY
                ),
                "",
            ),
        ],
        Menu.OPERATIONS: [
            RegisteredPage(
                "web",
                Page(
                    "styleguide", "styleguide/", view, title="Touren", menu=Menu.OPERATIONS, permission=PLAN
                ),
                "styleguide/",
            )
        ],
    }
    return found.get(menu, [])


@pytest.fixture(autouse=True)
def manifests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "registry", SimpleNamespace(menu=pages))


def request_of(actor: Actor, path: str = "/") -> Any:
    request = RequestFactory().get(path)
    request.actor = actor  # type: ignore[attr-defined]
    return request


def test_pages_that_need_a_right_are_hidden_from_those_without_it() -> None:
    groups = navigation.build_menu(request_of(Actor.anonymous()))
    assert [group.key for group in groups] == ["city"]


def test_pages_that_need_a_right_are_shown_to_those_who_hold_it() -> None:
    groups = navigation.build_menu(request_of(Actor.system("test")))
    assert [group.heading for group in groups] == ["Stadt", "Betrieb"]


def test_a_page_with_parameters_is_no_entry() -> None:
    (city,) = navigation.build_menu(request_of(Actor.anonymous()))
    assert city.is_single
    assert city.title == "Suche"
    assert city.url == "/suche"


def test_the_group_of_the_current_page_is_marked() -> None:
    (city,) = navigation.build_menu(request_of(Actor.anonymous(), "/suche"))
    assert city.is_current


def test_only_the_nearest_of_all_groups_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    above = RegisteredPage("web", Page("x", "", view, permission=EVERYBODY), "melden/")
    below = RegisteredPage("web", Page("y", "", view, permission=EVERYBODY), "melden/reihe/")
    found = {Menu.SERVICES: [above], Menu.OPERATIONS: [below]}
    monkeypatch.setattr(navigation, "registry", SimpleNamespace(menu=lambda menu: found.get(menu, [])))
    monkeypatch.setattr(navigation, "_address", lambda page: f"/{page.path}")
    for path, wanted in (("/melden/abo/", "services"), ("/melden/reihe/", "operations")):
        groups = navigation.build_menu(request_of(Actor.anonymous(), path))
        assert [group.key for group in groups if group.is_current] == [wanted]


def test_the_shell_of_an_error_page_asks_nobody_for_rights() -> None:
    groups = navigation.build_menu(request_of(Actor.system("test")), is_anonymous=True)
    assert [group.key for group in groups] == ["city"]
