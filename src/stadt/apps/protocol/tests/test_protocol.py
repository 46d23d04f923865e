"""The protocol is read page by page, narrowed, exported and verified; each export leaves its own row."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test import Client
from django.utils import timezone

from stadt.apps.protocol import exports, queries, wording
from stadt.apps.protocol.forms import ProtocolFilter
from stadt.apps.protocol.queries import Search, find_rows
from stadt.apps.protocol.rights import READ
from stadt.core.audit import record
from stadt.core.audit_file import verify_lines
from stadt.core.doors import Door, entering
from stadt.core.people.actor import Actor
from stadt.core.people.models import AuditEntry, AuditSeal, Membership, Organisation, Role, User
from stadt.core.people.services import ADMINISTRATOR, ensure_foundations, grant_role
from stadt.core.sealing import seal
from stadt.core.witness import Head

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ADDRESS = "/betrieb/protokoll/"


@pytest.fixture
def reader(client: Client) -> Client:
    ensure_foundations()
    user = User.objects.create_user(email="leserin@example.org", name="Lena Leserin")
    grant_role(Actor.system("test"), user, ADMINISTRATOR, "stadt")
    AuditEntry.objects.all().delete()
    client.force_login(user, BACKEND)
    return client


def write(number: int, **more: str) -> None:
    with entering(Door(more.get("door", "page")), "192.0.2.1", more.get("origin", "")):
        record(
            Actor(kind=more.get("kind", "user"), identifier=more.get("who", "7")),
            more.get("verb", "create_source"),
            f"source:{number}",
            {"slug": f"s{number}"},
        )


def text_of(client: Client, query: str = "") -> str:
    answer = client.get(ADDRESS + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_row_says_who_did_what_through_which_door(reader: Client) -> None:
    user = User.objects.get()
    write(12, who=str(user.pk))
    seal()
    shown = text_of(reader)
    for word in ("Lena Leserin", "Datenquelle angelegt", "Datenquelle 12", "Seite", "versiegelt"):
        assert word in shown


def test_an_account_that_is_gone_keeps_its_number(reader: Client) -> None:
    write(1, who="4711")
    assert "gelöschtes Konto 4711" in text_of(reader)


def test_pages_go_on_by_the_rows_id_and_back_again(reader: Client) -> None:
    for number in range(120):
        write(number)
    first = find_rows(Search())
    second = find_rows(Search(), before=first.rows[-1].pk)
    third = find_rows(Search(), before=second.rows[-1].pk)
    assert [len(part.rows) for part in (first, second, third)] == [50, 50, 20]
    assert (first.has_newer, first.has_older, third.has_older) == (False, True, False)
    back = find_rows(Search(), after=third.rows[0].pk)
    assert [row.pk for row in back.rows] == [row.pk for row in second.rows]
    assert f"vor={first.rows[-1].pk}" in text_of(reader)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?wer=7", {"1"}),
        ("?wer=token%3A7", {"2"}),
        ("?wer=system", {"5"}),
        ("?vorgang=remove_source", {"3"}),
        ("?zugang=api", {"4"}),
        ("?anfrage=abc12345", {"4"}),
        ("?gegenstand=source%3A5", {"5"}),
        ("?subject=source%3A5", {"5"}),
        ("?wer=8&vorgang=remove_source&zugang=page", {"3"}),
        ("?wer=7&vorgang=remove_source", set()),
    ],
)
def test_each_filter_leaves_what_it_names(reader: Client, query: str, found: set[str]) -> None:
    write(1)
    write(2, kind="token")
    write(3, who="8", verb="remove_source")
    write(4, who="8", door="api", origin="abc12345")
    write(5, kind="system", who="job:x")
    shown = text_of(reader, query)
    assert {number for number in "12345" if f"Datenquelle {number}<" in shown} == found


def test_a_period_contains_both_of_its_days(reader: Client) -> None:
    for number, days in enumerate((3, 2, 1)):
        write(number)
        AuditEntry.objects.filter(subject=f"source:{number}").update(at=timezone.now() - timedelta(days=days))
    day = timezone.localdate() - timedelta(days=2)
    shown = text_of(reader, f"?von={day}&bis={day}")
    assert "Datenquelle 1<" in shown
    assert "Datenquelle 0<" not in shown
    assert "Datenquelle 2<" not in shown


@pytest.mark.parametrize(
    "query",
    ["?von=gestern", "?wer=fremd%40example.org", "?wer=;", "?vorgang=x", "?von=2026-02-01&bis=2026-01-01"],
)
def test_a_filter_that_cannot_be_understood_names_its_field(reader: Client, query: str) -> None:
    assert reader.get(ADDRESS + query).status_code == 422


def test_an_account_is_found_by_its_address(reader: Client) -> None:
    form = ProtocolFilter({"wer": "LESERIN@example.org"})
    assert form.is_valid()
    assert form.as_search().actor_id == str(User.objects.get().pk)


def test_nothing_found_is_said(reader: Client) -> None:
    assert "Keine Zeile gefunden" in text_of(reader, "?wer=99")


def test_one_row_shows_what_was_sealed_and_notices_a_change(reader: Client) -> None:
    write(1)
    seal()
    row = AuditEntry.objects.get()
    shown = reader.get(f"{ADDRESS}{row.pk}/").content.decode()
    assert AuditSeal.objects.get().hash.hex() in shown
    assert "nicht mehr so" not in shown
    AuditEntry.objects.update(verb="remove_source")
    assert "nicht mehr so" in reader.get(f"{ADDRESS}{row.pk}/").content.decode()
    assert reader.get(f"{ADDRESS}{row.pk + 1}/").status_code == 404


def test_a_right_in_a_part_of_the_city_does_not_open_the_whole_protocol(client: Client) -> None:
    ensure_foundations()
    office = Organisation.objects.create(key="amt", name="Amt", parent=Organisation.objects.get(key="stadt"))
    user = User.objects.create_user(email="amt@example.org")
    role = Role.objects.create(key="leser", title="Leser", permissions=[READ.key])
    Membership.objects.create(user=user, organisation=office, role=role)
    client.force_login(user, BACKEND)
    assert client.get(ADDRESS).status_code == 403
    assert client.post(f"{ADDRESS}ausgeben/", {"form": "csv"}).status_code == 403


def test_an_export_leaves_its_own_row(reader: Client) -> None:
    write(1)
    answer = reader.post(f"{ADDRESS}ausgeben/", {"form": "csv", "vorgang": "create_source"})
    assert answer.status_code == 200
    assert answer["Content-Disposition"].endswith('.csv"')
    kept = AuditEntry.objects.get(verb="export_protocol")
    assert kept.changes == {"form": "csv", "search": {"verb": "create_source"}}
    assert reader.post(f"{ADDRESS}ausgeben/", {"form": "xml"}).status_code == 400


def lines_of(search: Search) -> list[str]:
    rows = queries.read_chunk(search, 0, queries.newest_id())
    return exports.write_lines(rows).decode().splitlines()


def test_an_export_of_some_rows_can_be_verified_elsewhere(reader: Client) -> None:
    for number in range(6):
        write(number, door="api" if number % 3 else "page")
    seal()
    write(9, door="api")
    last = AuditSeal.objects.get(sequence=6)
    lines = lines_of(Search(door="api"))
    found = verify_lines(lines, Head(6, bytes(last.hash).hex()))
    assert (found.sealed, found.unsealed, found.gaps, found.broken) == (4, 1, 2, None)
    assert "erwarteten" in (verify_lines(lines, Head(6, "00" * 32)).broken or "")


def test_a_changed_export_is_noticed(reader: Client) -> None:
    for number in range(3):
        write(number)
    seal()
    lines = lines_of(Search())
    changed = [lines[0], lines[1].replace("source:1", "source:8"), lines[2]]
    assert "Zeile 2 der Datei (Siegel 2)" in (verify_lines(changed).broken or "")
    assert "nicht lesbar" in (verify_lines([*lines, "{"]).broken or "")
    forged = json.loads(lines[0]) | {"seal": 4}
    assert "schließt nicht" in (verify_lines([*lines, json.dumps(forged)]).broken or "")


def test_the_table_has_one_line_for_each_row(reader: Client) -> None:
    write(1, who="=2+2")
    [line] = exports.write_csv(queries.read_chunk(Search(), 0, 10**9)).decode().splitlines()
    assert "'=2+2;" in line
    assert len(exports.csv_head().decode().split(";")) == len(line.split(";")) == 12


@pytest.mark.django_db(transaction=True)
def test_a_long_export_comes_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "CHUNK", 2)
    monkeypatch.setattr(exports, "close_old_connections", lambda: None)
    for number in range(5):
        write(number)

    def close_own() -> None:
        connection.close()  # looked up here: each thread has one of its own

    async def pieces() -> list[bytes]:
        stream: AsyncIterator[bytes] = exports.stream(Search(), "jsonl")
        try:
            return [piece async for piece in stream]
        finally:
            await sync_to_async(close_own)()

    found: list[Any] = asyncio.run(pieces())
    assert len(found) == 3
    assert b"".join(found).count(b"\n") == 5


@pytest.mark.parametrize("door", list(Door))
def test_every_door_has_words(door: Door) -> None:
    assert wording.door_title(door) != ""
    assert wording.door_title("") == "nicht vermerkt"
