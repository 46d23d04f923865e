"""Changes of people and organisations at the same moment: each may be right alone and wrong together."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from allauth.account.models import EmailAddress
from django.db import connection

from stadt.core.errors import StadtError
from stadt.core.health import READ_METRICS
from stadt.core.people.models import Invitation, Membership, Organisation
from stadt.core.people.services import (
    accept_invitation,
    create_organisation,
    create_role,
    deactivate_account,
    end_role,
    grant_role,
    invite,
    move_organisation,
)
from stadt.core.people.services.accounts import administrators
from stadt.core.people.services.invitations import digest_of
from stadt.core.people.tree import branches
from stadt.core.tests.people import SYSTEM, acting, administrator, city, membership_of, office, person, role

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*attempts: Callable[[], object]) -> list[str]:
    """Do all of it at the same time, each on a connection of its own; returns `done` or the error's code."""
    start = Barrier(len(attempts))

    def run(attempt: Callable[[], object]) -> str:
        try:
            start.wait(30)
            attempt()
        except StadtError as error:
            return error.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(attempts)) as pool:
        return sorted(pool.map(run, attempts))


def test_two_who_make_the_same_thing_at_once_are_told_so() -> None:
    city()
    for number in range(4):
        name = f"Amt {number}"
        made = at_once(*[partial(create_organisation, SYSTEM, name, "stadt", f"amt-{number}")] * 2)
        assert made == ["done", "invalid"]
        given = at_once(*[partial(create_role, SYSTEM, name, [READ_METRICS.key])] * 2)
        assert given == ["done", "invalid"]


def test_the_last_two_administrators_do_not_remove_each_other() -> None:
    for number in range(4):
        Membership.objects.all().delete()
        first, second = administrator(f"a{number}"), administrator(f"b{number}")
        outcome = at_once(
            partial(end_role, SYSTEM, membership_of(second).pk),
            partial(deactivate_account, SYSTEM, first),
        )
        assert outcome == ["conflict", "done"]
        assert administrators().count() == 1


def test_the_same_role_given_from_many_sides_is_one_membership() -> None:
    role("leser", READ_METRICS.key)
    user = person("ada")
    assert at_once(*[lambda: grant_role(SYSTEM, user, "leser", "stadt")] * 6) == ["done"] * 6
    assert Membership.objects.filter(user=user).count() == 1


def test_two_moves_do_not_close_a_circle_together() -> None:
    office("amt"), office("werk")
    outcome = at_once(
        lambda: move_organisation(SYSTEM, "amt", "werk"), lambda: move_organisation(SYSTEM, "werk", "amt")
    )
    assert outcome == ["done", "invalid"]
    assert len(branches()) == Organisation.objects.count() == 3


def test_an_invitation_taken_twice_at_once_counts_once() -> None:
    role("leser", READ_METRICS.key)
    user = person("ada")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    _made, secret = invite(SYSTEM, user.email, "leser", "stadt")
    outcome = at_once(*[lambda: accept_invitation(acting(user), user, digest_of(secret))] * 3)
    assert outcome == ["done", "not-found", "not-found"]
    assert Membership.objects.filter(user=user).count() == 1
    assert not Invitation.objects.exists()
