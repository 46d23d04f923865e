"""Rights in the tree of organisations: where a role counts, and until when."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from stadt.core.errors import Forbidden, Invalid
from stadt.core.health import READ_METRICS
from stadt.core.people.actor import ALL
from stadt.core.people.grants import find_grants
from stadt.core.people.models import Membership, Organisation, Role, User
from stadt.core.people.services import (
    create_organisation,
    ensure_foundations,
    grant_role,
    move_organisation,
    remove_organisation,
    rename_organisation,
)
from stadt.core.people.tree import branches, ids_below
from stadt.core.tests.people import SYSTEM, acting, administrator, city, membership_of, office, person, role
from stadt.core.tokens import MANAGE_TOKENS, find_actor, issue_token

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_a_role_counts_in_its_organisation_and_in_all_below_and_nowhere_else() -> None:
    department, team, beside = office("amt"), office("team", "amt"), office("werk")
    role("leser", READ_METRICS.key)
    actor = acting(person("ada", ("leser", "amt")))
    assert actor.can(READ_METRICS, department.pk)
    assert actor.can(READ_METRICS, team.pk)
    assert not actor.can(READ_METRICS, beside.pk)
    assert not actor.can(READ_METRICS, city().pk)


def test_a_token_counts_in_its_organisation_and_below_too() -> None:
    department, team, beside = office("amt"), office("team", "amt"), office("werk")
    _token, secret = issue_token(
        SYSTEM, "Gateway", [READ_METRICS], expires_at=timezone.now() + DAY, organisation=department
    )
    with CaptureQueriesContext(
        connection,
    ) as queries:
        actor = find_actor(secret)
    assert len(queries) == 1
    assert actor is not None
    assert actor.grants == {READ_METRICS.key: frozenset({department.pk, team.pk})}
    assert not actor.can(READ_METRICS, beside.pk)


def test_the_rights_of_a_person_take_one_query() -> None:
    office("amt"), office("team", "amt")
    role("leser", READ_METRICS.key)
    user = person("ada", ("leser", "amt"), ("administrator", "team"))
    with CaptureQueriesContext(connection) as queries:
        find_grants(user.pk)
    assert len(queries) == 1


def test_a_role_counts_from_its_first_moment_until_just_before_its_last() -> None:
    begin = datetime.fromisoformat("2030-03-01T08:00:00+00:00")
    end = datetime.fromisoformat("2030-03-31T22:00:00+00:00")
    role("leser", READ_METRICS.key)
    user = person("ada")
    grant_role(SYSTEM, user, "leser", "stadt", since=begin, until=end)
    instant = timedelta(microseconds=1)

    def holds(moment: datetime) -> bool:
        return READ_METRICS.key in find_grants(user.pk, moment)[0]

    assert [holds(begin - instant), holds(begin)] == [False, True]
    assert [holds(end - instant), holds(end), holds(end + DAY)] == [True, False, False]


def test_an_end_in_the_past_or_before_the_beginning_is_refused() -> None:
    role("leser", READ_METRICS.key)
    user, now = person("ada"), timezone.now()
    for since, until in ((None, now - DAY), (now + 2 * DAY, now + DAY)):
        with pytest.raises(Invalid) as refused:
            grant_role(SYSTEM, user, "leser", "stadt", since=since, until=until)
        assert refused.value.fields[0].field == "until"
    assert not Membership.objects.exists()


def test_a_role_that_ended_is_given_again_from_now_on() -> None:
    role("leser", READ_METRICS.key)
    user = person("ada", ("leser", "stadt"))
    long_ago = timezone.now() - 10 * DAY
    Membership.objects.update(since=long_ago, until=long_ago + DAY)
    assert not acting(user).can(READ_METRICS)
    grant_role(SYSTEM, user, "leser", "stadt")
    assert membership_of(user).until is None
    assert membership_of(user).since > long_ago + DAY
    assert acting(user).can(READ_METRICS)


def test_the_rights_follow_a_branch_that_moves() -> None:
    office("amt"), office("werk")
    team = office("team", "amt")
    role("leser", READ_METRICS.key)
    ada, bea = person("ada", ("leser", "amt")), person("bea", ("leser", "werk"))
    move_organisation(SYSTEM, "team", "werk")
    assert not acting(ada).can(READ_METRICS, team.pk)
    assert acting(bea).can(READ_METRICS, team.pk)


def test_a_circle_is_refused_and_nothing_moves() -> None:
    office("amt"), office("team", "amt"), office("gruppe", "team")
    for under in ("amt", "team", "gruppe"):
        with pytest.raises(Invalid, match="unter sich selbst"):
            move_organisation(SYSTEM, "amt", under)
    assert Organisation.objects.get(key="amt").parent == city()


def test_the_city_stays_at_the_top() -> None:
    office("amt")
    with pytest.raises(Forbidden):
        move_organisation(SYSTEM, "stadt", "amt")
    with pytest.raises(Forbidden):
        remove_organisation(SYSTEM, "stadt")


def test_who_manages_one_branch_neither_pulls_others_in_nor_pushes_their_own_out() -> None:
    office("amt"), office("werk"), office("team", "amt"), office("halle", "werk")
    actor = acting(administrator("ada", "amt"))
    for key, under in (("halle", "amt"), ("team", "werk"), ("amt", "werk")):
        with pytest.raises(Forbidden):
            move_organisation(actor, key, under)
    with pytest.raises(Forbidden):
        rename_organisation(actor, "werk", "Meins")
    with pytest.raises(Forbidden):
        create_organisation(actor, "Neu", "werk")
    with pytest.raises(Forbidden):
        remove_organisation(actor, "halle")
    assert create_organisation(actor, "Neu im Amt", "team").key == "neu-im-amt"


def test_a_circle_written_past_the_services_does_not_hang_the_city() -> None:
    department, team = office("amt"), office("team", "amt")
    Organisation.objects.filter(pk=department.pk).update(parent=team)
    role("leser", READ_METRICS.key)
    actor = acting(person("ada", ("leser", "team")))
    assert actor.grants[READ_METRICS.key] == {department.pk, team.pk}
    assert {branch.organisation.key for branch in branches()} == {"stadt"}


TREES = st.lists(st.integers(min_value=0, max_value=20), min_size=1, max_size=14)
MOVES = st.lists(st.tuples(st.integers(0, 13), st.integers(0, 14)), max_size=6)


@settings(max_examples=25, deadline=None)
@given(
    shape=TREES,
    moves=MOVES,
    held=st.sets(st.tuples(st.integers(0, 14), st.sampled_from(["metrics", "tokens"])), max_size=6),
)
def test_in_any_tree_the_rights_are_those_of_the_organisation_and_of_all_above(
    shape: list[int], moves: list[tuple[int, int]], held: set[tuple[int, str]]
) -> None:
    ensure_foundations()
    Membership.objects.all().delete()
    Organisation.objects.exclude(key="stadt").update(parent=None)
    Organisation.objects.exclude(key="stadt").delete()
    nodes = [Organisation.objects.get(key="stadt")]
    for number, above in enumerate(shape):
        nodes.append(create_organisation(SYSTEM, f"N{number}", nodes[above % len(nodes)].key, f"n{number}"))
    for moved, under in moves:
        branch, parent = nodes[1 + moved % len(shape)], nodes[under % len(nodes)]
        would_circle = parent.pk in ids_below([branch.pk])
        if would_circle:
            with pytest.raises(Invalid):
                move_organisation(SYSTEM, branch.key, parent.key)
        else:
            move_organisation(SYSTEM, branch.key, parent.key)
    parents = dict(Organisation.objects.values_list("pk", "parent_id"))
    keys = {"metrics": READ_METRICS.key, "tokens": MANAGE_TOKENS.key}
    roles = {
        name: Role.objects.update_or_create(key=name, defaults={"title": name, "permissions": [key]})[0]
        for name, key in keys.items()
    }
    user, _is_new = User.objects.get_or_create(email="tree@stadt.example")
    given_at: dict[str, set[int]] = {name: set() for name in keys}
    for place, name in held:
        organisation = nodes[place % len(nodes)]
        if organisation.pk not in given_at[name]:
            Membership.objects.create(user=user, organisation=organisation, role=roles[name])
            given_at[name].add(organisation.pk)

    def line(pk: int | None) -> set[int]:
        found: set[int] = set()
        while pk is not None:
            assert pk not in found, "a circle"
            found.add(pk)
            pk = parents[pk]
        return found

    grants, represented = find_grants(user.pk)
    for name, key in keys.items():
        expected = {pk for pk in parents if line(pk) & given_at[name]}
        assert grants.get(key, frozenset()) == expected
    assert not represented
    assert ALL not in grants
