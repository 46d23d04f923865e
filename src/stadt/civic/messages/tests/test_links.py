"""Links are unguessable, for one role, until a day, and revocable."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from stadt.civic.messages import services
from stadt.civic.messages.models import AccessLink
from stadt.civic.messages.services.links import SECRET_LENGTH, find_access, guesses_pace
from stadt.core.doors import Door, entering
from stadt.core.errors import Invalid, NotFound, TooMany
from stadt.core.log import shown_path
from stadt.core.people.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_a_link_opens_its_subject_in_its_role_only() -> None:
    secret = services.make_link("case:1", "reporter", "A@Example.org", holder="party:7")
    assert services.subject_of(secret, "reporter") == "case:1"
    assert services.access_of(secret, "reporter") == services.Access(
        "case:1", "reporter", "party:7", "a@example.org"
    )
    for wrong, role in (
        (secret, "contractor"),
        (secret[:-1], "reporter"),
        (secret + "x", "reporter"),
        ("", "reporter"),
    ):
        with pytest.raises(NotFound):
            services.subject_of(wrong, role)


def test_of_the_secret_only_a_digest_is_kept() -> None:
    secret = services.make_link("case:1", "reporter")
    assert len(secret) == SECRET_LENGTH
    assert secret not in str(list(AccessLink.objects.values()))
    assert secret not in str(list(AuditEntry.objects.values()))
    assert secret not in shown_path(f"/dienste/vorgang/{secret}/")


def test_links_end_on_their_day_and_when_they_are_revoked() -> None:
    old, revoked, kept = (services.make_link(f"case:{n}", "reporter", "a@example.org") for n in (1, 2, 3))
    AccessLink.objects.filter(subject="case:1").update(expires_at=timezone.now() - timedelta(seconds=1))
    assert services.revoke_links("case:2") == 1
    assert [find_access(secret, "reporter") is not None for secret in (old, revoked, kept)] == [
        False,
        False,
        True,
    ]
    assert AccessLink.objects.get(subject="case:2").email == ""


def test_the_links_of_one_holder_can_be_revoked_alone() -> None:
    mine = services.make_link("case:1", "reporter", holder="party:1")
    other = services.make_link("case:1", "reporter", holder="party:2")
    services.revoke_links("case:1", holder="party:1")
    assert find_access(mine, "reporter") is None
    assert find_access(other, "reporter") is not None


@pytest.mark.parametrize("days", [0, -1, 2000])
def test_no_link_lives_for_ever(days: int) -> None:
    with pytest.raises(Invalid):
        services.make_link("case:1", "reporter", days=days)


def test_guessing_is_slowed_down_and_right_links_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guesses_pace, "burst", 2)
    secret = services.make_link("case:1", "reporter")
    with entering(Door.PAGE, "192.0.2.99"):
        for _ in range(2):
            with pytest.raises(NotFound):
                services.subject_of("x" * SECRET_LENGTH, "reporter")
        with pytest.raises(TooMany):
            services.subject_of("x" * SECRET_LENGTH, "reporter")
        assert services.subject_of(secret, "reporter") == "case:1"


@given(st.text(max_size=60))
def test_no_guess_is_an_error_of_ours(guess: str) -> None:
    assert find_access(guess, "reporter") is None
