"""Bodies and roles: named by the city's folder, held for a time, installed without touching what people changed."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from stadt.apps.governance.kinds import BodyKind, SeatRole
from stadt.apps.governance.models import Body, Seat
from stadt.apps.governance.queries import bodies as queries
from stadt.apps.governance.rights import KEEP_BODIES, SEE
from stadt.apps.governance.roles import keys_of, templates
from stadt.apps.governance.services import bodies, roles
from stadt.core.city import current
from stadt.core.errors import Forbidden, Invalid, NotFound, SignInNeeded
from stadt.core.people.actor import Actor
from stadt.core.people.models import AuditEntry, Membership, Organisation, Role, User
from stadt.core.people.services import change_role, ensure_foundations, grant_role
from stadt.core.registry import registry

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("test")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def anna() -> User:
    ensure_foundations()
    return User.objects.create_user(email="anna@example.org", name="Anna Beispiel")


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


def with_rights(user: User, *keys: str) -> Client:
    role = Role.objects.create(key=f"role-{user.pk}", title="Rolle", permissions=list(keys))
    Membership.objects.create(user=user, role=role, organisation=Organisation.objects.get(key="stadt"))
    return browser(user)


# -- roles ---------------------------------------------------------------------------------------------------------


def test_every_requirement_has_a_template_but_the_public() -> None:
    """R-01 to R-13 are roles; R-14, the public, needs none."""
    found = {template.requirement for template in templates()}
    assert found == {f"R-{number:02}" for number in range(1, 14)}
    assert len({template.key for template in templates()}) == len(templates())


def test_installing_makes_every_role_and_again_nothing(anna: User) -> None:
    done = roles.install_roles(SYSTEM)
    assert len(done.created) == len(templates())
    assert Role.objects.get(key="strategy-board").permissions == sorted(
        key for one in templates() if one.key == "strategy-board" for key in one.known
    )
    rows = AuditEntry.objects.count()
    again = roles.install_roles(SYSTEM)
    assert not again.has_changed
    assert again.left == []
    assert AuditEntry.objects.count() == rows


def test_a_permission_that_no_part_declares_is_left_out_and_named(
    anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {key: one for key, one in registry.permissions.items() if key != KEEP_BODIES.key}
    with monkeypatch.context() as later:
        later.setattr(type(registry), "permissions", property(lambda self: known))
        done = roles.install_roles(SYSTEM)
    assert KEEP_BODIES.key in done.unknown
    assert KEEP_BODIES.key not in Role.objects.get(key="strategy-office").permissions
    now = roles.install_roles(SYSTEM)
    title = Role.objects.get(key="strategy-office").title
    assert now.widened[title] == [KEEP_BODIES.key]
    assert KEEP_BODIES.key in Role.objects.get(key="strategy-office").permissions


def test_a_role_that_somebody_changed_is_left_and_named_until_asked_for(anna: User) -> None:
    roles.install_roles(SYSTEM)
    change_role(SYSTEM, "strategy-guide", "Lotsin", ["core.manage_people"])
    done = roles.install_roles(SYSTEM)
    [left] = done.left
    assert (left.key, left.added) == ("strategy-guide", ("core.manage_people",))
    assert Role.objects.get(key="strategy-guide").permissions == ["core.manage_people"]
    back = roles.install_roles(SYSTEM, ["strategy-guide"])
    assert back.reset == ["Lotsin"]
    assert "core.manage_people" not in Role.objects.get(key="strategy-guide").permissions


def test_a_role_that_was_there_before_is_somebodys_own(anna: User) -> None:
    Role.objects.create(key="strategy-guide", title="Lotse", permissions=[])
    done = roles.install_roles(SYSTEM)
    assert [one.key for one in done.left] == ["strategy-guide"]
    assert Role.objects.get(key="strategy-guide").permissions == []


def test_only_who_manages_people_installs_roles(anna: User) -> None:
    with pytest.raises(SignInNeeded):
        roles.install_roles(Actor.anonymous())
    with pytest.raises(Forbidden):
        roles.install_roles(Actor.for_user(anna))
    assert not Role.objects.filter(key__startswith="strategy-").exists()


def test_the_administrator_installs_roles_on_the_page(anna: User) -> None:
    grant_role(SYSTEM, anna, "administrator", "stadt")
    page = browser(anna).post("/gremien/rollen/")
    assert page.status_code == 200
    assert "Neu:" in page.content.decode()
    change_role(SYSTEM, "strategy-guide", "Lotsin", ["core.manage_people"])
    told = browser(anna).get("/gremien/rollen/").content.decode()
    assert "hat zusätzlich" in told
    assert "core.manage_people" in told


def test_holders_are_those_whose_role_counts_there_now(anna: User) -> None:
    """Recipients of an escalation: held there or above, in time, and by an account in use."""
    roles.install_roles(SYSTEM)
    city = Organisation.objects.get(key="stadt")
    for key in ("amt", "werk"):
        Organisation.objects.create(key=key, name=key, parent=city)
    bert = User.objects.create_user(email="bert@example.org")
    grant_role(SYSTEM, anna, "strategy-department-head", "amt")
    grant_role(SYSTEM, bert, "strategy-board", "stadt")
    assert queries.holders_of("R-08") == queries.holders_of("strategy-department-head") == [anna]
    assert queries.holders_of("R-08", "amt") == [anna]
    assert queries.holders_of("R-08", "werk") == []
    assert queries.holders_of("R-03", "werk") == [bert]
    assert queries.holders_of("R-03", "nie") == queries.holders_of("king") == []
    assert queries.stage(["R-08", "R-03"]) == [anna, bert]
    yesterday = timezone.now() - timedelta(days=1)
    Membership.objects.filter(user=anna).update(since=yesterday - timedelta(days=1), until=yesterday)
    User.objects.filter(pk=bert.pk).update(is_active=False)
    assert queries.stage(["R-08", "R-03"]) == []


def test_both_officers_answer_to_one_requirement() -> None:
    assert keys_of("R-05") == ("strategy-cdo", "strategy-cio")
    assert keys_of("R-99") == ()


# -- bodies --------------------------------------------------------------------------------------------------------


def test_the_citys_bodies_are_taken_over_once(anna: User) -> None:
    named = current().read_toml("governance.toml").get("body", ())
    assert bodies.load_bodies(SYSTEM) == len(named)
    assert [body.name for body in queries.list_bodies()] == [entry["name"] for entry in named]
    assert bodies.load_bodies(SYSTEM) == 0
    Body.objects.update(name="Falsch")
    assert bodies.load_bodies(SYSTEM) == len(named)


def body() -> Body:
    return Body.objects.create(key="rund", kind=BodyKind.STEERING_GROUP, name="Runder Tisch")


def test_a_seat_counts_from_its_first_day_to_its_last(anna: User) -> None:
    """R-15."""
    place, first, last = body(), date(2026, 3, 1), date(2026, 3, 31)
    bodies.give_seat(SYSTEM, place.key, anna.pk, SeatRole.CHAIR, since=first, until=last)
    days = [first - timedelta(days=1), first, last, last + timedelta(days=1)]
    assert [queries.sits_in(anna.pk, place.pk, day) for day in days] == [False, True, True, False]
    with pytest.raises(Invalid):
        bodies.give_seat(SYSTEM, place.key, anna.pk, SeatRole.MEMBER, since=last)
    bodies.give_seat(SYSTEM, place.key, anna.pk, SeatRole.MEMBER, since=last + timedelta(days=1))
    assert len(queries.seats_of(place, last)) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"role": "king"}, "role"), ({"user_id": 0}, "user"), ({"until": date(1999, 1, 1)}, "until")],
)
def test_a_seat_that_cannot_be_is_refused_by_its_field(
    anna: User, changes: dict[str, object], field: str
) -> None:
    asked = {"body_key": body().key, "user_id": anna.pk, "role": "member", **changes}
    with pytest.raises(Invalid) as refused:
        bodies.give_seat(SYSTEM, **asked)  # type: ignore[arg-type]
    assert refused.value.fields[0].field == field
    assert not Seat.objects.exists()


def test_a_seat_ends_and_that_it_was_is_kept(anna: User) -> None:
    seat = bodies.give_seat(SYSTEM, body().key, anna.pk, "member", since=date(2026, 1, 1))
    bodies.end_seat(SYSTEM, seat.pk)
    assert not queries.sits_in(anna.pk, seat.body_id)
    assert Seat.objects.get().until is not None
    with pytest.raises(NotFound):
        bodies.end_seat(SYSTEM, seat.pk)


def test_a_seat_gives_no_permission(anna: User) -> None:
    before = Actor.for_user(anna).grants
    bodies.give_seat(SYSTEM, body().key, anna.pk, "chair")
    assert Actor.for_user(anna).grants == before


def test_the_public_sees_bodies_without_names_and_insiders_with(anna: User, client: Client) -> None:
    place = body()
    bodies.give_seat(SYSTEM, place.key, anna.pk, "chair")
    assert "Runder Tisch" in client.get("/gremien/").content.decode()
    address = f"/gremien/gremium/{place.key}/"
    assert "Anna Beispiel" not in client.get(address).content.decode()
    insider = with_rights(User.objects.create_user(email="in@example.org"), SEE.key)
    assert "Anna Beispiel" in insider.get(address).content.decode()
    assert client.get("/gremien/gremium/gibt-es-nicht/").status_code == 404


def test_only_who_keeps_bodies_gives_seats_on_the_page(anna: User) -> None:
    place = body()
    address = f"/gremien/gremium/{place.key}/"
    sent = {"user": "anna@example.org", "role": "member"}
    insider = with_rights(User.objects.create_user(email="in@example.org"), SEE.key)
    assert insider.post(address, sent).status_code == 403
    keeper = with_rights(User.objects.create_user(email="keeper@example.org"), KEEP_BODIES.key)
    assert keeper.post(address, sent).status_code == 302
    assert keeper.post(address, sent).status_code == 422
    assert keeper.post(address, {"end_seat": "0"}).status_code == 404
    assert keeper.post(address, {"end_seat": str(Seat.objects.get().pk)}).status_code == 302
    assert queries.seats_of(place) == []
