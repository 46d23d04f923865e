"""Deputies: what they hold, where, until when, and that the audit names whom they act for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from stadt.core.audit import record
from stadt.core.errors import Conflict, Forbidden, Invalid, NotFound
from stadt.core.health import READ_METRICS
from stadt.core.people.grants import find_grants
from stadt.core.people.models import AuditEntry, Deputyship, Membership, Organisation, User
from stadt.core.people.rights import MANAGE_SIGN_IN
from stadt.core.people.services import (
    MANAGE_PEOPLE,
    deactivate_account,
    end_deputyship,
    grant_role,
    name_deputy,
)
from stadt.core.tests.people import SYSTEM, acting, administrator, city, office, person, role
from stadt.core.tokens import MANAGE_TOKENS, issue_token

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def named(represented: User, deputy: User, at: Organisation) -> Deputyship:
    """A deputyship that the person named."""
    return name_deputy(acting(represented), represented, deputy, at, until=timezone.now() + DAY)


@pytest.fixture
def hall() -> tuple[User, User, Organisation]:
    """Ada, who may read in the office; Bea, who may nothing but belongs to the house; the office with a team."""
    department = office("amt")
    office("team", "amt")
    role("leser", READ_METRICS.key), role("gast")
    return person("ada", ("leser", "amt")), person("bea", ("gast", "stadt")), department


Hall = tuple[User, User, Organisation]


def test_a_deputy_holds_what_the_person_holds_there_and_below(hall: Hall) -> None:
    ada, bea, department = hall
    team = Organisation.objects.get(key="team")
    named(ada, bea, team)
    assert acting(bea).can(READ_METRICS, team.pk)
    assert not acting(bea).can(READ_METRICS, department.pk)


def test_a_deputyship_for_more_than_the_person_holds_is_refused(hall: Hall) -> None:
    ada, bea, _department = hall
    with pytest.raises(Invalid) as refused:
        named(ada, bea, city())
    assert refused.value.fields[0].field == "organisation"


def test_the_deputys_rights_end_with_the_deputyship_and_with_the_persons_own(hall: Hall) -> None:
    ada, bea, department = hall
    made = named(ada, bea, department)
    instant = timedelta(microseconds=1)
    assert READ_METRICS.key in find_grants(bea.pk, made.until - instant)[0]
    assert READ_METRICS.key not in find_grants(bea.pk, made.until)[0]
    assert READ_METRICS.key not in find_grants(bea.pk, made.since - instant)[0]
    Membership.objects.filter(user=ada).delete()
    assert not acting(bea).can(READ_METRICS)


def test_who_is_out_of_use_is_not_represented_and_represents_nobody(hall: Hall) -> None:
    ada, bea, department = hall
    named(ada, bea, department)
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert not acting(bea).can(READ_METRICS)
    User.objects.update(is_active=True)
    deactivate_account(SYSTEM, bea)
    assert not acting(bea).grants


def test_a_deputys_deputy_gets_nothing_from_the_first(hall: Hall) -> None:
    ada, bea, department = hall
    cem = person("cem", ("gast", "stadt"))
    named(ada, bea, department)
    with pytest.raises(Invalid):
        named(bea, cem, department)
    Deputyship.objects.create(
        represented=bea, deputy=cem, organisation=department, until=timezone.now() + DAY
    )
    assert not acting(cem).can(READ_METRICS)


def test_rights_over_people_stay_with_their_holder_unless_the_deputy_has_them_anyway() -> None:
    office("amt")
    role("gast"), role("personal", MANAGE_PEOPLE.key)
    chief, bea = administrator(), person("bea", ("gast", "stadt"))
    named(chief, bea, city())
    actor = acting(bea)
    assert actor.can(READ_METRICS, city().pk)
    assert not [one for one in (MANAGE_PEOPLE, MANAGE_TOKENS, MANAGE_SIGN_IN) if actor.can(one)]
    grant_role(SYSTEM, bea, "personal", "stadt")
    assert acting(bea).can(MANAGE_PEOPLE, city().pk)


def test_a_deputy_gives_nothing_away_that_is_held_only_as_a_deputy(hall: Hall) -> None:
    ada, bea, department = hall
    role("personal", MANAGE_PEOPLE.key, MANAGE_TOKENS.key)
    grant_role(SYSTEM, bea, "personal", "stadt")
    named(ada, bea, department)
    actor = acting(bea)
    assert actor.can(READ_METRICS, department.pk)
    with pytest.raises(Forbidden):
        grant_role(actor, bea, "leser", "amt")
    with pytest.raises(Forbidden):
        issue_token(
            actor, "auf Dauer", [READ_METRICS], expires_at=timezone.now() + DAY, organisation=department
        )


def test_the_audit_names_whom_a_deputy_acted_for_and_only_then(hall: Hall) -> None:
    ada, bea, department = hall
    named(ada, bea, department)
    actor = acting(bea)
    actor.require(READ_METRICS, department.pk)
    record(actor, "probe", "thing:1", {"a": 1})
    own = acting(ada)
    own.require(READ_METRICS, department.pk)
    record(own, "probe", "thing:2")
    assert [entry.changes for entry in AuditEntry.objects.filter(verb="probe").order_by("pk")] == [
        {"a": 1, "on_behalf_of": [ada.pk]},
        {},
    ]


def test_an_administrator_names_a_deputy_only_with_rights_of_their_own() -> None:
    office("amt")
    role("personal", MANAGE_PEOPLE.key), role("leser", READ_METRICS.key)
    chief, clerk = administrator(), person("clerk", ("personal", "stadt"))
    reader = person("reader", ("leser", "amt"))
    until = timezone.now() + DAY
    with pytest.raises(Forbidden):
        name_deputy(acting(clerk), chief, clerk, city(), until=until)
    with pytest.raises(Forbidden):
        name_deputy(acting(clerk), reader, clerk, Organisation.objects.get(key="amt"), until=until)
    name_deputy(acting(chief), reader, clerk, Organisation.objects.get(key="amt"), until=until)
    assert acting(clerk).can(READ_METRICS, Organisation.objects.get(key="amt").pk)


@pytest.mark.parametrize("days", [(0, 0), (2, 1), (0, 400), (-1, -1)])
def test_a_time_that_cannot_be_is_refused(hall: Hall, days: tuple[int, int]) -> None:
    ada, bea, department = hall
    now = timezone.now()
    with pytest.raises(Invalid):
        name_deputy(acting(ada), ada, bea, department, since=now + days[0] * DAY, until=now + days[1] * DAY)
    assert not Deputyship.objects.exists()


def test_nobody_represents_themselves_or_comes_from_outside_or_is_out_of_use(hall: Hall) -> None:
    ada, bea, department = hall
    with pytest.raises(Invalid):
        named(ada, ada, department)
    with pytest.raises(Invalid):
        named(ada, person("citizen"), department)
    User.objects.filter(pk=bea.pk).update(is_active=False)
    with pytest.raises(Conflict):
        named(ada, bea, department)


def test_either_of_the_two_ends_it_and_no_stranger(hall: Hall) -> None:
    ada, bea, department = hall
    stranger = person("cem", ("gast", "stadt"))
    for who in (ada, bea):
        made = named(ada, bea, department)
        with pytest.raises(NotFound):
            end_deputyship(acting(stranger), made.pk)
        end_deputyship(acting(who), made.pk)
        assert not acting(bea).can(READ_METRICS)
