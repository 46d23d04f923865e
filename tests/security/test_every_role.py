"""The rights matrix: every address, for every role, with every method; what is expected is computed from the declaration.

Addresses and permissions come from the registry, so a new one is tested without being told. Each role's permissions are
known to this file because it made the role, not because the code under test says so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from stadt.config.addresses import API, Address, all_addresses
from stadt.core.manifest import ACCOUNT, Access, Permission
from stadt.core.people.actor import ALL, Actor
from stadt.core.people.models import ApiToken, AuditEntry, Membership, Organisation, Role, User
from stadt.core.people.services import ensure_foundations
from stadt.core.registry import registry
from stadt.core.tokens import digest_of

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PARAMETER = re.compile(r"<(?:(\w+):)?\w+>|\{(?:(\w+):)?\w+\}")
EXAMPLES = {"int": "4711", "uuid": "6c84fb90-12c4-11e1-840d-7b25c5ee775a"}
READING = ("GET", "HEAD", "OPTIONS")
WRITING = ("POST", "PUT", "PATCH", "DELETE")
METHODS = READING + WRITING
# Of the pages that a permission alone does not open each such visitor tries some; all of them together try every page often.
EVERY = 4
# Reading and sending a form are tried by every telling visitor. With the other methods a page is tried by whoever holds its
# permission and by every second of the others: each page, each visitor and each method still meet.
ALWAYS = ("GET", "POST")
# What keeps no row by design: sessions and what is only counted, cached or queued.
UNAUDITED_TABLES = re.compile(
    r"django_session|usersessions_\w+|core_(auditentry|auditseal|sharedvalue|jobrun|traffic\w*)|procrastinate_|\w*access\w*"
)


@dataclass(frozen=True)
class Visitor:
    """Somebody with a client, and the permissions this file gave: everything for `*`."""

    name: str
    client: Client
    held: frozenset[str]
    is_known: bool = True

    def is_telling_for(self, address: Address) -> bool:
        """Whether to try more than reading: with every permission alone that would take minutes and say the same."""
        key = address.writing.key if isinstance(address.writing, Permission) else ""
        return not self.name.startswith("only-") or self.name == "only-0" or key in self.held

    def may(self, access: Access) -> bool:
        if isinstance(access, Permission):
            return bool(self.held & {access.key, ALL})
        return access is not ACCOUNT or self.is_known


def example(address: Address) -> str:
    return "/" + PARAMETER.sub(
        lambda match: EXAMPLES.get(match[1] or match[2] or "str", "x"), address.pattern
    )


PAGES = {page.url_name for page in registry.pages}
ADDRESSES = [address for address in all_addresses() if address.name in PAGES]
GUARDED = [address for address in ADDRESSES if isinstance(address.reading, Permission)]
INTERFACE = [address for address in all_addresses() if address.pattern.startswith(API)]


@pytest.fixture
def tree() -> dict[str, Organisation]:
    ensure_foundations()
    city = Organisation.objects.get(key="stadt")
    office = Organisation.objects.create(key="amt", name="Amt", parent=city)
    return {
        "city": city,
        "office": office,
        "below": Organisation.objects.create(key="team", name="Team", parent=office),
        "beside": Organisation.objects.create(key="werk", name="Werk", parent=city),
    }


def visitor(name: str, keys: tuple[str, ...], organisation: Organisation | None, **period: object) -> Visitor:
    user = User.objects.create_user(email=f"{name}@example.org")
    if organisation is not None:
        role = Role.objects.create(key=f"role-{user.pk}", title=name, permissions=list(keys))
        Membership.objects.create(user=user, organisation=organisation, role=role, **period)
    client = Client()
    client.force_login(user, BACKEND)
    is_over = "until" in period
    return Visitor(name, client, frozenset() if is_over else frozenset(keys))


@pytest.fixture
def visitors(tree: dict[str, Organisation]) -> list[Visitor]:
    """Nobody, an account alone, each permission alone, all of them, and one whose time is over where roles can end."""
    found = [
        Visitor("anonymous", Client(), frozenset(), is_known=False),
        visitor("account", (), None),
        visitor("administrator", (ALL,), tree["city"]),
        *(
            visitor(f"only-{number}", (key,), tree["city"])
            for number, key in enumerate(sorted(registry.permissions))
        ),
    ]
    if any(field.name == "until" for field in Membership._meta.get_fields()):
        past = timezone.now() - timedelta(days=1)
        found.append(visitor("expired", (ALL,), tree["city"], since=past - timedelta(days=9), until=past))
    return found


def is_sign_in(answer: object) -> bool:
    return getattr(answer, "status_code", 0) == 302 and "/konto/login/" in answer["Location"]  # type: ignore[index]


def wrong(one: Visitor, address: Address, method: str) -> str | None:
    """What contradicts the declaration, or None."""
    answer = one.client.generic(method, example(address), secure=False)
    access = address.reading if method in READING else address.writing
    assert access is not None
    is_refused = answer.status_code == 403 or is_sign_in(answer) or answer.status_code == 401
    told = f"{one.name} {method} /{address.pattern}: {answer.status_code}"
    if answer.status_code >= 500 and answer.status_code != 501:
        return told
    if one.may(access):
        return told if isinstance(access, Permission) and is_refused else None
    if not one.is_known:
        return None if is_sign_in(answer) else told
    return None if answer.status_code == 403 else told


def test_the_matrix_has_both_pages_and_interface() -> None:
    assert len(GUARDED) > 15
    assert len(INTERFACE) > 5


def is_tried(one: Visitor, number: int, address: Address, turn: int, method: str) -> bool:
    """Whether the visitor with this number asks the page with this number by this method."""
    if not one.is_telling_for(address):
        return method == "GET" and (number + turn) % EVERY == 0
    is_holder = isinstance(address.writing, Permission) and address.writing.key in one.held
    return method in ALWAYS or is_holder or (number + turn) % 2 == 0


@pytest.mark.parametrize("method", METHODS)
def test_every_page_opens_to_whom_it_is_declared_for_and_to_nobody_else(
    visitors: list[Visitor], method: str
) -> None:
    found = [
        wrong(one, address, method)
        for number, one in enumerate(visitors)
        for turn, address in enumerate(GUARDED)
        if is_tried(one, number, address, turn, method)
    ]
    assert [told for told in found if told] == []


@pytest.mark.parametrize("method", READING)
def test_every_open_page_is_open_and_every_page_for_accounts_asks_for_one(
    visitors: list[Visitor], method: str
) -> None:
    few = [one for one in visitors if one.name in {"anonymous", "account", "expired"}]
    rest = [address for address in ADDRESSES if address not in GUARDED]
    found = [wrong(one, address, method) for one in few for address in rest]
    assert [told for told in found if told] == []


def refused_alike(one: Visitor, known: str, unknown: str) -> bool:
    return one.client.get(known).status_code == one.client.get(unknown).status_code


def test_what_exists_in_another_organisation_is_as_if_it_did_not(tree: dict[str, Organisation]) -> None:
    """404 for both, decided once: 403 would tell that it exists."""
    from stadt.hub.ingest.rights import MANAGE
    from stadt.hub.ingest.services import create_source

    source = create_source(
        Actor.system("test"), title="Rathausdach West", slug="rathaus", organisation=tree["office"]
    )
    stranger = visitor("in-beside", (MANAGE.key,), tree["beside"])
    assert stranger.client.get(f"/betrieb/quellen/{source.slug}/").status_code == 404
    assert refused_alike(stranger, f"/betrieb/quellen/{source.slug}/", "/betrieb/quellen/gibt-es-nicht/")
    assert source.title not in stranger.client.get("/betrieb/quellen/").content.decode()
    own = visitor("in-office", (MANAGE.key,), tree["office"])
    assert own.client.get(f"/betrieb/quellen/{source.slug}/").status_code == 200


def token(scopes: tuple[str, ...], **more: object) -> str:
    secret = f"stadt_{len(ApiToken.objects.all()):043d}"
    values = {"expires_at": timezone.now() + timedelta(days=1), **more}
    ApiToken.objects.create(title="T", digest=digest_of(secret), hint="x", scopes=list(scopes), **values)
    return secret


def test_every_address_of_the_interface_keeps_to_its_declaration_for_every_token() -> None:
    past = timezone.now() - timedelta(days=1)
    everything = tuple(registry.permissions)
    invalid = {
        "unknown": "stadt_" + "x" * 43,
        "expired": token(everything, expires_at=past),
        "revoked": token(everything, revoked_at=past),
    }
    valid = {"none": "", "all scopes": token(everything), "no scope": token(())}
    found = []
    for address in INTERFACE:
        for method in METHODS:
            for name, secret in {**invalid, **valid}.items():
                headers = {"authorization": f"Bearer {secret}"} if secret else {}
                answer = Client(raise_request_exception=False).generic(
                    method, example(address), headers=headers
                )
                access = address.reading if method in READING else address.writing
                is_right = answer.status_code < 500 or answer.status_code == 501
                if name in invalid:
                    is_right = answer.status_code == 401
                elif method not in READING and access is None:
                    is_right = answer.status_code in {403, 404, 405}
                elif isinstance(access, Permission) and name != "all scopes":
                    is_right = answer.status_code in {401, 403, 404, 405}
                if not is_right:
                    found.append(f"{name} {method} /{address.pattern}: {answer.status_code}")
    assert found == []


def changed_rows() -> dict[str, int]:
    """Rows written in this transaction so far, by table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return {name: count for name, count in cursor.fetchall() if not UNAUDITED_TABLES.fullmatch(name)}


def unaudited(client: Client, paths: list[tuple[str, dict[str, str]]]) -> Iterator[str]:
    for path, data in paths:
        before, rows = changed_rows(), AuditEntry.objects.count()
        client.post(path, data)
        after = changed_rows()
        if after != before and AuditEntry.objects.count() == rows:
            yield f"{path}: {sorted(set(after.items()) - set(before.items()))}"


def test_whatever_the_administrator_posts_leaves_a_row_when_it_changes_something(
    visitors: list[Visitor],
) -> None:
    client = next(one.client for one in visitors if one.name == "administrator")
    data = {
        "title": "Neu",
        "slug": "dach",
        "key": "neu",
        "number": "neu-1",
        "keep_frames_days": "30",
        "silent_after_hours": "24",
        "form": "csv",
    }
    data["organisation"] = str(Organisation.objects.get(key="stadt").pk)
    assert list(unaudited(client, [(example(address), data) for address in GUARDED])) == []
    assert AuditEntry.objects.filter(verb="create_source").count() == 1


def test_a_change_without_a_row_would_be_noticed(
    visitors: list[Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    from stadt.hub.ingest.services import sources

    monkeypatch.setattr(sources, "record", lambda *given: None)
    client = next(one.client for one in visitors if one.name == "administrator")
    data = {"title": "Neu", "slug": "dach", "keep_frames_days": "30", "silent_after_hours": "24"}
    data["organisation"] = str(Organisation.objects.get(key="stadt").pk)
    [found] = unaudited(client, [("/betrieb/quellen/neu/", data)])
    assert "ingest_source" in found
