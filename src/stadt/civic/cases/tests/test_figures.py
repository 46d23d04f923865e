"""Figures of the office, promises, exports, and the end of cases."""

from datetime import timedelta

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stadt.civic.cases import queries, services
from stadt.civic.cases.catalogue import CaseType
from stadt.civic.cases.models import Case, Entry, Note, Party
from stadt.civic.cases.queries import CaseQuery
from stadt.civic.cases.services import PartyData, move_case
from stadt.civic.cases.versions import import_types
from stadt.core.errors import Conflict, Forbidden, NotFound
from stadt.core.people.actor import Actor
from stadt.core.people.models import AuditEntry

from .conftest import Town

SYSTEM = Actor.system("test")
NOW = timezone.now()


def close(case: Case, days_ago: int = 0) -> None:
    move_case(SYSTEM, case.pk, "look")
    move_case(SYSTEM, case.pk, "fix")
    Case.objects.filter(pk=case.pk).update(closed_at=timezone.now() - timedelta(days=days_ago))


def test_queues_are_counted_in_one_query(town: Town) -> None:
    town.open()
    town.open(category="deep")
    Case.objects.filter(category="deep").update(due_at=NOW - timedelta(days=1))
    with CaptureQueriesContext(connection) as asked:
        counted = queries.counts(SYSTEM, CaseQuery(is_open=True))
    assert len(asked) == 1
    assert (counted.total, counted.overdue, counted.unassigned) == (2, 1, 2)
    assert dict(counted.categories) == {"flat": 1, "deep": 1}
    assert dict(counted.organisations) == {town.roads.pk: 1, town.deep.pk: 1}


def test_a_page_of_search_costs_the_same_whatever_its_length(town: Town) -> None:
    officer = town.person(town.roads, "read")
    numbers = []
    for _ in range(2):
        for _ in range(5):
            town.open()
        with CaptureQueriesContext(connection) as asked:
            page = queries.search_cases(officer, CaseQuery(words="Loch"))
            _ = [str(row.organisation) for row in page.rows]
        numbers.append(len(asked))
    assert numbers[0] == numbers[1] <= 4


def test_nothing_is_promised_from_few_and_the_median_from_ten(town: Town) -> None:
    cases = [town.open() for _ in range(10)]
    for case in cases[:9]:
        close(case)
    assert queries.promise("hole", "flat") is None
    close(cases[9])
    Case.objects.update(received_at=NOW - timedelta(days=7), closed_at=NOW)
    found = queries.promise("hole", "flat", 4711)
    assert found is not None
    assert (found.median_working_days, found.basis) == (5, 10) or found.median_working_days < 5  # holidays
    assert queries.promise("hole", "deep") is None
    assert not found.is_example


def test_invented_cases_are_promised_from_only_while_real_ones_are_few_and_then_said_so(town: Town) -> None:
    for number in range(20):
        close(town.open())
        if number == 9:
            Case.objects.update(is_example=True, received_at=NOW - timedelta(days=30), closed_at=NOW)
            first = queries.promise("hole", "flat")
    real = queries.promise("hole", "flat")
    assert first is not None
    assert first.is_example
    assert real is not None
    assert not real.is_example
    assert (first.basis, real.basis) == (10, 10)
    assert real.median_working_days < first.median_working_days


def test_workload_and_quality_by_office(town: Town) -> None:
    officer = town.person(town.roads, "read", "handle")
    first, second = town.open(), town.open()
    services.assign_case(officer, first.pk, assignee_id=officer.user_id)
    assert [(one.assignee_id, one.open) for one in queries.workload(officer)] == [
        (officer.user_id, 1),
        (None, 1),
    ]
    close(second)
    (figures,) = queries.quality(officer, NOW - timedelta(days=1), timezone.now() + timedelta(days=1))
    assert (figures.opened, figures.closed, figures.in_time, figures.with_deadline) == (2, 1, 1, 1)
    assert figures.median_days is not None
    assert queries.quality(town.person(town.parks, "read"), NOW, timezone.now()) == []


def test_an_export_holds_facts_and_no_people(town: Town) -> None:
    case = town.open(text="Geheim", title="Bei Anna", party=PartyData(name="Anna", email="anna@example.org"))
    services.note_case(SYSTEM, case.pk, "Intern")
    town.open(category="deep")
    Case.objects.filter(category="deep").update(organisation=town.parks)
    officer = town.person(town.roads, "read", "export")
    (row,) = queries.export_rows(officer, CaseQuery())
    assert tuple(row) == queries.COLUMNS
    assert row["organisation"] == "Straßen"
    assert not {"Geheim", "Bei Anna", "Anna", "anna@example.org", "Intern"} & {*map(str, row.values())}
    assert AuditEntry.objects.filter(verb="export_rows").count() == 1
    with pytest.raises(Forbidden):
        queries.export_rows(town.person(town.roads, "read"), CaseQuery())


def test_an_open_case_is_not_anonymised(town: Town) -> None:
    with pytest.raises(Conflict):
        services.anonymise_case(SYSTEM, town.open().pk)


def test_after_anonymising_nothing_personal_is_left(town: Town) -> None:
    case = town.open(
        text="Vor meiner Tür, ruft Frau Zwicker an", title="Zwicker", answers={"a": "Zwicker"},
        party=PartyData(name="Zwicker", email="zwicker@example.org", phone="0209 Zwicker"),
        place=services.Spot(address="Bei Zwicker", asset="Laterne vor Zwicker"),
    )  # fmt: skip
    services.note_case(SYSTEM, case.pk, "Zwicker ist freundlich")
    services.release_text(SYSTEM, case.pk, "Zwicker")
    services.support_case(Actor.anonymous(), case.pk, "me_too", who="Zwicker", text="Zwicker")
    move_case(SYSTEM, case.pk, "look", text="Frau Zwicker, wir kommen.")
    move_case(SYSTEM, case.pk, "refuse", reason="Frau Zwicker war nicht da.")
    services.anonymise_case(SYSTEM, case.pk)
    services.anonymise_case(SYSTEM, case.pk)
    with connection.cursor() as cursor:
        for table in ("case", "entry", "party", "note", "support"):
            cursor.execute(f"SELECT count(*) FROM cases_{table} t WHERE t::text ILIKE '%zwick%'")
            assert cursor.fetchone() == (0,), table
    left = Case.objects.get()
    assert (left.category, left.face, left.title, left.weight) == ("flat", "not_possible", "Flaches Loch", 1)
    assert (Party.objects.count(), Note.objects.count()) == (0, 0)
    assert queries.search_cases(SYSTEM, CaseQuery(words="Zwicker")).rows == []
    for refused in (
        lambda: move_case(SYSTEM, case.pk, "reopen"),
        lambda: services.set_priority(SYSTEM, case.pk, 2),
        lambda: services.note_case(SYSTEM, case.pk, "x"),
    ):
        with pytest.raises(Conflict):
            refused()
    with pytest.raises(NotFound):
        services.support_case(Actor.anonymous(), case.pk, "not_fixed", who="x")


def test_erasing_one_case_does_not_open_the_history_of_another(town: Town) -> None:
    one, other = town.open(), town.open()
    close(one)
    services.anonymise_case(SYSTEM, one.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('cases.erasing', %s, true)", [str(one.pk)])
    from django.db import DatabaseError, transaction

    with pytest.raises(DatabaseError, match="keeps its rows"), transaction.atomic():
        Entry.objects.filter(case=other).update(public_text="x")
    with pytest.raises(DatabaseError, match="keeps its rows"), transaction.atomic():
        Entry.objects.filter(case=one).update(to_state="x")


def test_retention_anonymises_and_deletes_after_the_days_of_the_type(town: Town) -> None:
    fresh, old, oldest = (town.open(text="x") for _ in range(3))
    for case, days in ((fresh, 29), (old, 31), (oldest, 91)):
        close(case, days)
    assert services.keep_retention(SYSTEM) == (2, 1)
    assert [one.text for one in Case.objects.order_by("pk")] == ["x", ""]
    assert services.keep_retention(SYSTEM) == (0, 0)


def test_a_type_that_only_deletes_does_so(town: Town, types: dict[str, CaseType]) -> None:
    types["hole"] = msgspec.structs.replace(types["hole"], anonymise_after_days=0)
    import_types(SYSTEM)
    fresh, due = town.open(text="x"), town.open(text="y")
    close(fresh, 89)
    close(due, 91)
    assert services.keep_retention(SYSTEM) == (0, 1)
    assert [one.text for one in Case.objects.all()] == ["x"]
    assert services.keep_retention(SYSTEM) == (0, 0)


def test_nobody_anonymises_without_the_right(town: Town) -> None:
    case = town.open()
    close(case)
    with pytest.raises(Forbidden):
        services.anonymise_case(town.person(town.roads, "read", "handle", "decide"), case.pk)
