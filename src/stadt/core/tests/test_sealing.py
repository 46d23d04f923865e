"""The chain over the audit rows finds every change, removal and insertion."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from stadt.core.audit import record
from stadt.core.people.actor import Actor
from stadt.core.people.models import AuditEntry, AuditSeal
from stadt.core.sealing import (
    FIELDS,
    chained,
    check_chain,
    check_new_links,
    seal,
    seal_and_witness,
    verify,
)
from stadt.core.witness import FILE, Head, find

ACTOR = Actor.system("test")

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain() -> list[AuditEntry]:
    for number in range(5):
        record(ACTOR, "change_thing", f"thing:{number}", {"b": number, "a": "ü", "n": 1.5})
    seal()
    return list(AuditEntry.objects.order_by("pk"))


def test_an_untouched_chain_is_whole_and_sealing_again_adds_nothing(chain: list[AuditEntry]) -> None:
    head = verify()
    assert (head.sealed, head.broken) == (5, None)
    seal()
    assert verify() == head
    assert AuditSeal.objects.count() == 5


@pytest.mark.parametrize(
    "change",
    [
        {"verb": "x"},
        {"subject": "thing:9"},
        {"actor_id": "y"},
        {"changes": {}},
        {"at": "2026-01-01T00:00:00Z"},
        {"origin": "z"},
        {"door": "api"},
        {"door": ""},
        {"network": "192.0.2.0/24"},
    ],
)
def test_a_changed_row_is_named(chain: list[AuditEntry], change: dict[str, object]) -> None:
    AuditEntry.objects.filter(pk=chain[2].pk).update(**change)
    verdict = verify()
    assert verdict.sealed == 2
    assert verdict.broken == f"Zeile {chain[2].pk} (Siegel 3) wurde verändert."


def test_a_removed_row_and_a_removed_seal_are_named(chain: list[AuditEntry]) -> None:
    AuditEntry.objects.filter(pk=chain[3].pk).delete()
    assert verify().broken == f"Zeile {chain[3].pk} (Siegel 4) wurde entfernt."
    AuditSeal.objects.filter(sequence=2).delete()
    assert verify().broken == "Das Siegel 2 fehlt."


def test_a_recomputed_seal_breaks_the_next_one(chain: list[AuditEntry]) -> None:
    AuditEntry.objects.filter(pk=chain[0].pk).update(verb="x")
    AuditSeal.objects.filter(sequence=1).update(hash=bytes(32))
    assert verify().broken == f"Zeile {chain[0].pk} (Siegel 1) wurde verändert."


def test_a_row_left_unsealed_for_long_is_told(chain: list[AuditEntry]) -> None:
    record(ACTOR, "change_thing", "thing:6")
    assert verify().broken is None
    AuditEntry.objects.filter(subject="thing:6").update(at="2026-01-01T00:00:00Z")
    assert "nicht versiegelt" in (verify().broken or "")


@pytest.mark.parametrize("table", ["core_auditentry", "core_auditseal"])
def test_the_running_city_can_add_rows_and_neither_change_nor_remove_them(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(has_table_privilege('stadt_app', %s, p) ORDER BY p)"
            " FROM unnest(array['DELETE', 'INSERT', 'SELECT', 'TRUNCATE', 'UPDATE']) p",
            [table],
        )
        assert cursor.fetchone() == ([False, True, True, False, False],)


def test_rows_sealed_before_the_door_was_kept_still_verify() -> None:
    """The form of the first version, written out: an array of eight fields."""
    AuditEntry.objects.create(
        actor_kind="user", actor_id="7", verb="add_thing", subject="thing:1", changes={"ü": 1}
    )
    old = AuditEntry.objects.get()
    text = f'[{old.pk},"{old.at.isoformat()}","user","7","","add_thing","thing:1",{{"ü":1}}]'
    sealed = hashlib.sha256(bytes(32) + text.encode()).digest()
    AuditSeal.objects.create(sequence=1, entry=old, hash=sealed)
    record(ACTOR, "change_thing", "thing:1")
    seal()
    assert verify().broken is None
    assert verify().sealed == 2
    AuditEntry.objects.filter(pk=old.pk).update(door="page")
    assert verify().broken == f"Zeile {old.pk} (Siegel 1) wurde verändert."


def test_two_rows_that_change_places_are_named(chain: list[AuditEntry]) -> None:
    first, second = AuditSeal.objects.filter(sequence__in=(2, 3)).order_by("sequence")
    AuditSeal.objects.filter(sequence=3).delete()
    AuditSeal.objects.filter(sequence=2).update(entry_id=second.entry_id)
    AuditSeal.objects.create(sequence=3, entry_id=first.entry_id, hash=second.hash)
    assert verify().broken == f"Zeile {second.entry_id} (Siegel 2) wurde verändert."


def test_a_row_slipped_in_between_is_named(chain: list[AuditEntry]) -> None:
    slipped = AuditEntry.objects.create(verb="x", door="page")
    AuditSeal.objects.filter(sequence=5).delete()
    AuditSeal.objects.create(sequence=5, entry=slipped, hash=bytes(32))
    assert verify().broken == f"Zeile {slipped.pk} (Siegel 5) wurde verändert."


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    settings.STADT = type(settings.STADT)(**{**_fields(settings.STADT), "home": tmp_path})
    return tmp_path


def _fields(environment: Any) -> dict[str, Any]:
    return {name: getattr(environment, name) for name in environment.__slots__}


def test_the_head_is_kept_outside_the_database(home: Path, chain: list[AuditEntry]) -> None:
    seal_and_witness()
    assert find(home).head == Head(5, verify().head)
    assert (home / "secrets" / "audit-head").stat().st_mode & 0o077 == 0
    assert check_chain() is None


def test_a_chain_without_its_end_is_whole_by_itself_and_found_by_its_head(
    home: Path, chain: list[AuditEntry]
) -> None:
    seal_and_witness()
    AuditSeal.objects.filter(sequence__gt=3).delete()
    AuditEntry.objects.filter(pk__in=[chain[3].pk, chain[4].pk]).delete()
    assert verify().broken is None
    assert "Siegel 5" in (check_chain() or "")
    record(ACTOR, "change_thing", "thing:8")
    seal_and_witness()  # does not forget what was cut off
    assert "Siegel 5" in (check_chain() or "")


def test_a_chain_computed_anew_is_found_by_its_head(home: Path, chain: list[AuditEntry]) -> None:
    seal_and_witness()
    AuditEntry.objects.filter(pk=chain[1].pk).update(subject="thing:77")
    previous = bytes(32)
    for sequence, row in enumerate(AuditEntry.objects.order_by("pk").values_list(*FIELDS), 1):
        previous = chained(previous, row)
        AuditSeal.objects.filter(sequence=sequence).update(hash=previous)
    assert verify().broken is None
    assert "neu berechnet" in (check_chain() or "")


@pytest.mark.parametrize("text", ["{}", "x", '{"head": {"sequence": 2, "hash": "00"}, "signature": "00"}'])
def test_a_forged_head_is_told_and_kept(home: Path, chain: list[AuditEntry], text: str) -> None:
    (home / FILE).write_text(text)
    assert "audit-head.json" in (check_chain() or "")
    seal_and_witness()
    assert (home / FILE).read_text() == text


def test_a_daily_look_continues_where_the_last_one_ended(home: Path, chain: list[AuditEntry]) -> None:
    assert check_new_links() is None
    assert find(home).verified == Head(5, verify().head)
    record(ACTOR, "change_thing", "thing:9")
    record(ACTOR, "change_thing", "thing:10")
    seal_and_witness()
    AuditEntry.objects.filter(subject="thing:10").update(verb="y")
    assert "(Siegel 7) wurde verändert" in (check_new_links() or "")
    assert find(home).verified == Head(5, json.loads((home / FILE).read_text())["verified"]["hash"])


def test_a_daily_look_misses_the_end_that_it_knew(home: Path, chain: list[AuditEntry]) -> None:
    assert check_new_links() is None
    AuditSeal.objects.filter(sequence=5).delete()
    assert "Siegel 5" in (check_new_links() or "")


def test_a_home_that_cannot_be_written_does_not_stop_the_sealing(
    home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (home / f"{FILE}").mkdir()
    record(ACTOR, "change_thing", "thing:1")
    with pytest.raises(IsADirectoryError):
        seal_and_witness()
    assert AuditSeal.objects.count() == 1
