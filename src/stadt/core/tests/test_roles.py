"""Roles, and the rule that nobody gives, or takes, what they do not hold."""

from datetime import timedelta

import pytest
from django.utils import timezone

from stadt.core import privacy
from stadt.core.errors import Conflict, Forbidden, Invalid, NotFound
from stadt.core.health import READ_METRICS
from stadt.core.people.actor import ALL
from stadt.core.people.factors import reset_second_factor, set_policy
from stadt.core.people.models import ApiToken, AuditEntry, Invitation, Membership, Role, User
from stadt.core.people.rights import MANAGE_SIGN_IN
from stadt.core.people.services import (
    MANAGE_PEOPLE,
    change_role,
    create_role,
    deactivate_account,
    end_role,
    grant_role,
    invite,
    reactivate_account,
    remove_role,
)
from stadt.core.tests.people import SYSTEM, acting, administrator, membership_of, office, person, role
from stadt.core.tokens import MANAGE_TOKENS, issue_token, revoke_token

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_a_changed_role_counts_at_once_for_everybody_who_holds_it() -> None:
    role("leser", READ_METRICS.key)
    user = person("ada", ("leser", "stadt"))
    chief = acting(administrator())
    change_role(chief, "leser", "Leserin", [MANAGE_TOKENS.key])
    assert acting(user).can(MANAGE_TOKENS)
    assert not acting(user).can(READ_METRICS)
    entry = AuditEntry.objects.get(verb="change_role")
    assert entry.changes == {"added": [MANAGE_TOKENS.key], "removed": [READ_METRICS.key]}


def test_the_administrators_role_is_neither_changed_nor_removed() -> None:
    chief = acting(administrator())
    with pytest.raises(Forbidden):
        change_role(chief, "administrator", "Administration", [])
    with pytest.raises(Forbidden):
        remove_role(chief, "administrator")
    assert Role.objects.get(key="administrator").permissions == [ALL]


def test_a_role_somebody_holds_is_not_removed() -> None:
    role("leser", READ_METRICS.key)
    user = person("ada", ("leser", "stadt"))
    with pytest.raises(Conflict):
        remove_role(SYSTEM, "leser")
    end_role(SYSTEM, membership_of(user).pk)
    remove_role(SYSTEM, "leser")
    assert not Role.objects.filter(key="leser").exists()


@pytest.mark.parametrize(
    ("title", "permissions", "field"),
    [("", [READ_METRICS.key], "title"), ("x" * 201, [], "title"), ("Neu", ["no.such"], "permissions")],
)
def test_a_role_that_cannot_be_is_refused_naming_the_field(
    title: str, permissions: list[str], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        create_role(SYSTEM, title, permissions)
    assert refused.value.fields[0].field == field


def test_who_manages_people_gives_no_right_of_which_they_have_none() -> None:
    role("personal", MANAGE_PEOPLE.key), role("maschinen", MANAGE_TOKENS.key)
    ada, bea = person("ada", ("personal", "stadt")), person("bea")
    actor = acting(ada)
    for attempt in (
        lambda: grant_role(actor, ada, "administrator", "stadt"),
        lambda: grant_role(actor, bea, "maschinen", "stadt"),
        lambda: create_role(actor, "Mehr", [MANAGE_TOKENS.key]),
        lambda: create_role(actor, "Alles", [ALL]),
        lambda: change_role(actor, "personal", "Personal", [MANAGE_PEOPLE.key, MANAGE_TOKENS.key]),
        lambda: change_role(actor, "maschinen", "Maschinen", []),
        lambda: invite(actor, "ada@stadt.example", "administrator", "stadt"),
    ):
        with pytest.raises(Forbidden):
            attempt()
    assert set(acting(ada).grants) == {MANAGE_PEOPLE.key}
    assert not acting(bea).grants
    assert not Invitation.objects.exists()
    grant_role(actor, bea, "personal", "stadt")
    assert acting(bea).can(MANAGE_PEOPLE)


def test_who_manages_one_organisation_changes_nothing_for_the_whole_house() -> None:
    office("amt")
    role("leser", READ_METRICS.key)
    actor = acting(administrator("ada", "amt"))
    for attempt in (
        lambda: create_role(actor, "Neu", [READ_METRICS.key]),
        lambda: change_role(actor, "leser", "Leser", []),
        lambda: remove_role(actor, "leser"),
        lambda: set_policy(actor, "everybody", timezone.localdate(), 0),
        lambda: issue_token(actor, "Haus", [READ_METRICS], expires_at=timezone.now() + DAY),
    ):
        with pytest.raises(Forbidden):
            attempt()
    assert not ApiToken.objects.exists()


def test_a_token_of_the_house_is_not_revoked_from_one_organisation() -> None:
    office("amt")
    token, _secret = issue_token(SYSTEM, "Haus", [READ_METRICS], expires_at=timezone.now() + DAY)
    with pytest.raises(Forbidden):
        revoke_token(acting(administrator("ada", "amt")), token)
    token.refresh_from_db()
    assert token.is_valid


def test_a_role_is_given_and_taken_only_below_where_the_right_is_held() -> None:
    office("amt"), office("werk"), office("team", "amt")
    role("leser", READ_METRICS.key)
    actor = acting(administrator("ada", "amt"))
    mine, other = person("bea", ("leser", "team")), person("cem", ("leser", "werk"))
    grant_role(actor, mine, "leser", "amt")
    with pytest.raises(Forbidden):
        grant_role(actor, mine, "leser", "werk")
    with pytest.raises(Forbidden):
        grant_role(actor, mine, "leser", "stadt")
    with pytest.raises(NotFound):
        grant_role(actor, other, "leser", "amt")
    with pytest.raises(NotFound):
        end_role(actor, membership_of(other).pk)
    assert membership_of(other).until is None


def test_nobody_takes_a_role_that_allows_more_than_they_may() -> None:
    role("personal", MANAGE_PEOPLE.key)
    chief = administrator()
    administrator("second")
    actor = acting(person("ada", ("personal", "stadt")))
    with pytest.raises(Forbidden):
        end_role(actor, membership_of(chief).pk)
    with pytest.raises(Forbidden):
        deactivate_account(actor, chief)
    chief.refresh_from_db()
    assert chief.is_active


def test_who_manages_sign_in_below_does_not_touch_those_above() -> None:
    office("amt")
    role("anmeldung", MANAGE_SIGN_IN.key)
    chief, actor = administrator(), acting(person("ada", ("anmeldung", "amt")))
    with pytest.raises(NotFound):
        reset_second_factor(actor, chief)
    grant_role(SYSTEM, chief, "administrator", "amt")
    with pytest.raises(Forbidden):
        reset_second_factor(actor, chief)


def test_the_last_administrator_stays() -> None:
    chief = administrator()
    held = membership_of(chief)
    for attempt in (
        lambda: end_role(SYSTEM, held.pk),
        lambda: grant_role(SYSTEM, chief, "administrator", "stadt", until=timezone.now() + DAY),
        lambda: deactivate_account(SYSTEM, chief),
        lambda: privacy.erase(User.objects.get(pk=chief.pk)),
    ):
        with pytest.raises(Conflict, match="niemanden mehr"):
            attempt()
    held.refresh_from_db()
    assert (held.until, User.objects.get(pk=chief.pk).is_active) == (None, True)
    assert acting(chief).can(MANAGE_PEOPLE)


def test_an_administrator_for_a_time_or_below_or_out_of_use_does_not_count_as_a_second() -> None:
    office("amt")
    chief = administrator()
    until_tomorrow, below, gone = person("ada"), administrator("bea", "amt"), administrator("cem")
    grant_role(SYSTEM, until_tomorrow, "administrator", "stadt", until=timezone.now() + DAY)
    deactivate_account(SYSTEM, gone)
    with pytest.raises(Conflict):
        end_role(SYSTEM, membership_of(chief).pk)
    grant_role(SYSTEM, below, "administrator", "stadt")
    end_role(SYSTEM, membership_of(chief).pk)
    assert not acting(chief).grants


def test_out_of_use_means_no_rights_and_tokens_to_decide_about() -> None:
    administrator()
    user = administrator("ada")
    token, _secret = issue_token(acting(user), "Gateway", [READ_METRICS], expires_at=timezone.now() + DAY)
    invite(acting(user), "neu@stadt.example", "administrator", "stadt")
    done = deactivate_account(SYSTEM, user)
    assert done.tokens == (token,)
    assert not acting(user).grants
    assert not Invitation.objects.exists()
    reactivate_account(SYSTEM, user)
    assert acting(user).can(MANAGE_TOKENS)
    assert not Membership.objects.filter(until__isnull=False).exists()
    assert [entry.verb for entry in AuditEntry.objects.order_by("-pk")[:2]] == [
        "reactivate_account",
        "deactivate_account",
    ]


def test_nobody_takes_their_own_account_out_of_use() -> None:
    administrator()
    user = administrator("ada")
    with pytest.raises(Forbidden):
        deactivate_account(acting(user), user)
