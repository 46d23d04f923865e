"""The chain over the audit rows finds every change, removal and insertion."""

import pytest
from django.db import connection

from stadt.core.audit import record
from stadt.core.people.actor import Actor
from stadt.core.people.models import AuditEntry, AuditSeal
from stadt.core.sealing import seal, verify

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
