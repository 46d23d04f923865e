"""From the order to the release: who may what, what a crash leaves, and what stays as it is."""

import io
from datetime import date, timedelta
from typing import Any

import msgspec
import pikepdf
import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from stadt.apps.reports import collecting, judging, queries, services
from stadt.apps.reports import snapshot as snapshots
from stadt.apps.reports.changes import differences
from stadt.apps.reports.judging import Judgement
from stadt.apps.reports.models import KeptSnapshot, Report, ReportFile, Sheet
from stadt.apps.reports.papers import building
from stadt.apps.reports.snapshot import Edition, Gaps, Target, Value
from stadt.apps.reports.tests.made import indicator, measure, snapshot
from stadt.apps.reports.tests.office import WORKER, Office
from stadt.apps.reports.workflow import State
from stadt.apps.strategy import public
from stadt.apps.strategy.public import Content, content_at
from stadt.core.errors import Conflict, Forbidden, Invalid, NotFound, SignInNeeded, Unavailable
from stadt.core.people.actor import Actor
from stadt.core.people.models import AuditEntry
from stadt.core.people.services import name_deputy

NOBODY = Actor.anonymous()


def test_a_report_is_made_and_released_by_two_people(office: Office) -> None:
    """R-04, R-06: who makes a report does not release it."""
    report = office.draft()
    assert report.state == State.DRAFT
    assert {file.form for file in report.files.all()} == {"pdf", "docx", "csv"}
    released = services.release_report(office.head.actor, report.pk)
    assert (released.state, released.released_by) == (State.RELEASED, f"user:{office.head.user.pk}")
    verbs = list(
        AuditEntry.objects.filter(subject=f"report:{report.pk}").order_by("pk").values_list("verb", flat=True)
    )
    assert verbs == ["order_report", "produce_report", "release_report"]


def test_nobody_releases_the_own_report_even_with_both_rights(office: Office) -> None:
    report = services.order_report(office.both.actor, "council")
    services.produce_report(WORKER, report.pk)
    with pytest.raises(Forbidden, match="jemand anderes"):
        services.release_report(office.both.actor, report.pk)
    assert Report.objects.get().state == State.DRAFT


def test_a_deputy_of_who_had_it_made_does_not_release_it_with_that_right(office: Office) -> None:
    until = timezone.now() + timedelta(days=2)
    name_deputy(Actor.system("test"), office.both.user, office.nobody.user, office.organisation, until=until)
    report = services.order_report(office.both.actor, "council")
    services.produce_report(WORKER, report.pk)
    with pytest.raises(Forbidden, match="jemand anderes"):
        services.release_report(office.nobody.actor, report.pk)
    assert Report.objects.get().state == State.DRAFT


def test_the_database_refuses_a_release_by_one_person(office: Office) -> None:
    report = office.draft()
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(state=State.RELEASED, released_by=report.ordered_by)


@pytest.mark.parametrize("who", ["head", "nobody"])
def test_without_the_right_nothing_is_ordered_retried_discarded_or_settled(office: Office, who: str) -> None:
    actor, report = getattr(office, who).actor, office.draft()
    for act in (
        lambda: services.order_report(actor, "council"),
        lambda: services.retry_report(actor, report.pk),
        lambda: services.discard_report(actor, report.pk),
        lambda: services.set_calendar(actor, "council", 6, date(2027, 1, 1)),
        lambda: services.produce_report(actor, report.pk),
    ):
        with pytest.raises(Forbidden):
            act()
    assert Report.objects.count() == 1


@pytest.mark.parametrize("who", ["maker", "nobody"])
def test_without_the_right_nothing_is_released(office: Office, who: str) -> None:
    with pytest.raises(Forbidden):
        services.release_report(getattr(office, who).actor, office.draft().pk)
    with pytest.raises(SignInNeeded):
        services.release_report(NOBODY, Report.objects.get().pk)


def test_a_released_report_is_final(office: Office) -> None:
    report = office.released()
    for act in (services.release_report, services.discard_report, services.retry_report):
        with pytest.raises(Conflict):
            act(office.both.actor, report.pk)


@pytest.mark.parametrize(
    ("given_fields", "named"),
    [
        ({"kind": "grant"}, "kind"),
        ({"kind": "measure_sheet"}, "kind"),
        ({"paper": "9" * 61}, "paper"),
        ({"asks": "x\n" * 21}, "asks"),
        ({"asks": "x" * 501}, "asks"),
    ],
)
def test_a_wrong_order_names_its_field_and_leaves_nothing(
    office: Office, given_fields: Any, named: str
) -> None:
    with pytest.raises(Invalid) as refused:
        services.order_report(office.maker.actor, **({"kind": "council"} | given_fields))
    assert [field.field for field in refused.value.fields] == [named]
    assert not Report.objects.exists()


def test_what_fails_is_told_and_can_be_tried_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    report = services.order_report(office.maker.actor, "council")

    def broken(state: object) -> Any:
        raise Unavailable("Der Bericht war nicht in der erlaubten Zeit fertig.")

    with monkeypatch.context() as patched:
        patched.setattr(services, "files_of", broken)
        services.produce_report(WORKER, report.pk)
    report.refresh_from_db()
    assert (report.state, report.snapshot_id) == (State.FAILED, None)
    assert "erlaubten Zeit" in report.problem
    services.retry_report(office.maker.actor, report.pk)
    services.produce_report(WORKER, report.pk)
    assert Report.objects.get().state == State.DRAFT


def test_a_fault_of_the_program_tells_nothing_of_the_inside(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = services.order_report(office.maker.actor, "council")

    def broken(report: object) -> Any:
        raise ValueError("secret: vorname.nachname@example.org")

    monkeypatch.setattr(collecting, "council", broken)
    services.produce_report(WORKER, report.pk)
    assert "secret" not in Report.objects.get().problem


def test_a_worker_that_dies_leaves_no_half_report(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """kill -9 between two files: what was written is taken back, and the queue's second call makes it whole."""
    report = services.order_report(office.maker.actor, "council")
    create, count = ReportFile.objects.create, 0

    def dying(**fields: Any) -> ReportFile:
        nonlocal count
        count += 1
        if count == 2:
            raise SystemExit(9)
        return create(**fields)

    with monkeypatch.context() as patched:
        patched.setattr(ReportFile.objects, "create", dying)
        with pytest.raises(SystemExit):
            services.produce_report(WORKER, report.pk)
    report.refresh_from_db()
    assert (report.state, report.snapshot_id) == (State.PRODUCING, None)
    assert not ReportFile.objects.exists()
    services.produce_report(WORKER, report.pk)
    services.produce_report(WORKER, report.pk)
    assert ReportFile.objects.count() == 3
    assert KeptSnapshot.objects.count() == 1


@pytest.mark.parametrize(
    "statement", ["UPDATE reports_keptsnapshot SET kind = 'x'", "DELETE FROM reports_keptsnapshot"]
)
def test_the_database_keeps_snapshots_from_every_change(office: Office, statement: str) -> None:
    """V-01, M-19: what a report was made from stays."""
    office.draft()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_rebuild_from_the_database_is_the_same(office: Office) -> None:
    """V-08."""
    compared = queries.compare_again(office.maker.actor, office.released().pk)
    assert [item.form for item in compared if item.is_same] == ["pdf", "docx", "csv"]


def test_a_changed_file_is_found(office: Office) -> None:
    report = office.released()
    ReportFile.objects.filter(report=report, form="csv").update(digest="0" * 64)
    compared = {item.form: item.is_same for item in queries.compare_again(office.head.actor, report.pk)}
    assert compared == {"pdf": True, "docx": True, "csv": False}


def test_the_author_is_an_office_and_never_a_name(office: Office) -> None:
    """M-20."""
    report = office.draft()
    assert report.author == "Stabsstelle (Sachbearbeitung)"
    assert report.snapshot is not None
    for secret in (office.maker.user.name, office.maker.user.email, f"user:{office.maker.user.pk}"):
        assert secret.encode() not in bytes(report.snapshot.content)


def test_the_whole_strategy_is_in_the_report(office: Office) -> None:
    report = office.draft()
    assert report.snapshot is not None
    state, content = snapshots.decode(bytes(report.snapshot.content)), content_at()
    assert {item.code for item in state.measures} == set(content.measures)
    assert {item.code for item in state.indicators} == {
        code for code, item in content.indicators.items() if item.is_active
    }
    shown = [code for theme in state.themes for field in theme.fields for code in field.measures]
    assert sorted(shown) == sorted(content.measures)


def gaps(report: Report) -> Gaps:
    assert report.snapshot is not None
    return snapshots.decode(bytes(report.snapshot.content)).gaps


def test_a_struck_measure_moves_no_indicator(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """M-12: the same rule as on the pages of the gaps."""
    before, content = gaps(office.draft()), content_at()
    moved = [code for one in content.measures.values() for code in one.indicator_codes]
    lever = next(
        one
        for one in content.measures.values()
        if any(moved.count(code) == 1 and content.indicators[code].is_active for code in one.indicator_codes)
    )
    struck = Content(
        msgspec.structs.replace(item, state="struck") if item is lever else item for item in content
    )
    monkeypatch.setattr(public, "content_at", lambda: struck)
    assert gaps(office.draft()).indicators_without_measure > before.indicators_without_measure


def test_an_example_of_a_target_is_no_target(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """M-12: decided SOLL values alone are counted."""
    before = gaps(office.draft()).indicators_without_target
    code = next(iter(content_at().indicators))
    for is_example in (True, False):
        target = Target(low=1.0, is_example=is_example)
        monkeypatch.setattr(judging, "judge", lambda codes, told=target: {code: Judgement(told, None)})
        assert gaps(office.draft()).indicators_without_target == before - (not is_example)


def test_drafts_are_for_those_who_work_on_them(office: Office) -> None:
    """M-20: drafts never leave."""
    report = office.draft()
    for actor in (NOBODY, office.nobody.actor):
        with pytest.raises(NotFound):
            queries.get_report(actor, report.pk)
        with pytest.raises(NotFound):
            queries.get_file(actor, report.pk, "pdf")
    assert queries.get_report(office.head.actor, report.pk) == report
    assert list(queries.list_released()) == []


def test_the_calendar_moves_on_with_each_release(office: Office) -> None:
    """M-19: on the calendar."""
    today = timezone.localdate()
    services.set_calendar(office.maker.actor, "council", 6, today)
    assert not queries.list_due()[0].is_overdue
    office.released()
    due = queries.list_due()[0].calendar
    assert due is not None
    assert due.next_due == services.after_months(today, 6)


@pytest.mark.parametrize(
    ("months", "day"), [(0, date(2027, 1, 1)), (61, date(2027, 1, 1)), (6, date(1, 1, 1))]
)
def test_a_calendar_that_cannot_be_is_refused(office: Office, months: int, day: date) -> None:
    with pytest.raises(Invalid):
        services.set_calendar(office.maker.actor, "council", months, day)
    assert queries.list_due()[0].calendar is None


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 60))
def test_months_later_is_the_same_day_or_the_last_of_its_month(day: date, months: int) -> None:
    later = services.after_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and services.after_months(later, 0) == later)


def test_a_sheet_is_made_once_and_again_only_when_something_changed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = next(iter(content_at().measures))
    first = services.make_sheet(NOBODY, code)
    assert services.make_sheet(NOBODY, code).snapshot_id == first.snapshot_id
    Sheet.objects.update(checked_at=timezone.now() - services.SHEET_KEPT)
    assert services.make_sheet(NOBODY, code).snapshot_id == first.snapshot_id
    Sheet.objects.update(checked_at=timezone.now() - services.SHEET_KEPT)
    changed = Edition(name="ganz neu")
    monkeypatch.setattr(collecting, "_edition", lambda _content: changed)
    assert services.make_sheet(NOBODY, code).snapshot_id != first.snapshot_id
    with pytest.raises(NotFound):
        services.make_sheet(NOBODY, "M-99.9.9")


def test_changes_are_told_from_the_two_snapshots() -> None:
    """V-04, the report's own difference."""
    older = snapshot()
    newer = snapshot(
        measures=(
            measure(state="implemented", state_title="umgesetzt", period="2021-2027"),
            measure(code="M-2.1.4", title="Neue Wege"),
        ),
        indicators=(
            indicator(1, target=None, verdict=None),
            indicator(2, name="Gesparte Fahrten", target=None, verdict=None),
        ),
        decisions=(),
    )
    said = list(differences(older, newer))
    assert "Neu: M-2.1.4 Neue Wege." in said
    assert any("Stand jetzt „umgesetzt“, vorher „in Umsetzung“" in sentence for sentence in said)
    assert any("Zeitraum jetzt „2021-2027“" in sentence for sentence in said)
    assert any("zum ersten Mal einen Wert" in sentence for sentence in said)
    assert any(
        "jetzt „nicht bewertbar“, vorher „außerhalb des SOLL-Bereichs“" in sentence for sentence in said
    )
    assert list(differences(older, older)) == []


def test_the_second_report_tells_what_changed_since_the_first(office: Office) -> None:
    first = office.released()
    second = office.draft()
    assert first.snapshot is not None
    assert second.snapshot is not None
    state = snapshots.decode(bytes(second.snapshot.content))
    assert state.since == snapshots.decode(bytes(first.snapshot.content)).moment
    assert state.changes == ()


class Confidential(TestCase):
    """M-20, for any values of the fields that are not public."""

    @settings(max_examples=25)
    @given(st.text(st.characters(categories=("Lu", "Ll", "Nd")), min_size=12, max_size=20))
    def test_nothing_internal_enters_a_snapshot(self, secret: str) -> None:
        from stadt.apps.reports.tests.internal import content_with_secrets

        content = content_with_secrets(f"GEHEIM{secret}")
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(public, "content_at", lambda: content)
            state = collecting.sheet("M-1.1.1")
        assert b"GEHEIM" not in snapshots.encode(state)


def test_a_value_without_a_number_is_never_zero() -> None:
    """M-03."""
    value = Value(key="a.b", title="x", unit="%", reason="Noch nicht erhoben.")
    assert indicator(values=(value,)).is_measured is False


def test_every_measure_of_the_city_has_a_sheet_of_one_page(office: Office) -> None:
    """§6 row 25: all of them, as the city's strategy has them."""
    report = office.draft()
    assert report.snapshot is not None
    state = snapshots.decode(bytes(report.snapshot.content))
    for one in state.measures:
        chosen = msgspec.structs.replace(state, kind="measure_sheet", subject=one.code)
        with pikepdf.open(io.BytesIO(building.build_pdf(chosen))) as pdf:
            assert len(pdf.pages) == 1, one.code
