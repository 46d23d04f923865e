"""What was typed when the session was over comes back to the same person, once, on the same page."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from stadt.core.manifest import Page, Permission
from stadt.core.people import kept_forms
from stadt.core.people.access import guard
from stadt.core.people.actor import Actor
from stadt.core.people.models import User

pytestmark = pytest.mark.django_db
ADDRESS = "/karte/bearbeiten/"
PAGE = Page("card", "x", lambda request: HttpResponse("x"), permission=Permission("x.y", "X"))


@pytest.fixture
def person() -> User:
    return User.objects.create_user(email="anna@example.org")


def asking(session: SessionStore, user: Any, data: dict[str, Any] | None = None) -> HttpRequest:
    make = RequestFactory()
    request = make.post(ADDRESS, data) if data is not None else make.get(ADDRESS)
    request.session, request.user = session, user
    request.actor = Actor.anonymous()  # type: ignore[attr-defined]
    return request


def sent_too_late(person: User, **changed: Any) -> SessionStore:
    """The form is sent after the session of the person was over; the guard leads to the sign-in."""
    session = SessionStore()
    mark = kept_forms.mark(asking(session, person))
    data = {
        "title": "Haushalte",
        "keywords": ["a", "b"],
        "kept_by": mark,
        "csrfmiddlewaretoken": "t",
    } | changed
    assert guard(PAGE)(asking(session, AnonymousUser(), data)).status_code == 302
    return session


def test_the_same_person_gets_the_fields_back_once(person: User) -> None:
    session = sent_too_late(person)
    found = kept_forms.take(asking(session, person))
    assert found is not None
    assert dict(found.lists()) == {"title": ["Haushalte"], "keywords": ["a", "b"]}
    assert kept_forms.take(asking(session, person)) is None


def test_somebody_else_on_the_same_machine_gets_nothing(person: User) -> None:
    session = sent_too_late(person)
    other = User.objects.create_user(email="bert@example.org")
    assert kept_forms.take(asking(session, other)) is None
    assert "kept_form" not in session


@pytest.mark.parametrize("changed", [{"kept_by": "4711"}, {"title": "x" * 200_001}], ids=["mark", "size"])
def test_a_forged_mark_and_a_huge_form_are_not_kept(person: User, changed: dict[str, str]) -> None:
    assert "kept_form" not in sent_too_late(person, **changed)


def test_what_is_a_day_old_is_gone(person: User) -> None:
    session = sent_too_late(person)
    session["kept_form"]["at"] -= kept_forms.LONGEST_SECONDS + 1
    assert kept_forms.take(asking(session, person)) is None
