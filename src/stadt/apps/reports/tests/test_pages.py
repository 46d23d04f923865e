"""The pages: what everybody reads, what those see who make reports, and forged requests."""

import re
from typing import Any

import pytest
from django.test import Client

from stadt.apps.reports import queries, services, views
from stadt.apps.reports import snapshot as snapshots
from stadt.apps.reports.models import Report, ReportFile
from stadt.apps.reports.papers import building
from stadt.apps.reports.tests.made import HOSTILE, snapshot
from stadt.apps.reports.tests.office import WORKER, Office
from stadt.apps.reports.workflow import State
from stadt.apps.strategy.public import content_at
from stadt.hub.datasets.pacing import Pace


def test_everybody_reads_a_released_report_and_takes_its_files(office: Office) -> None:
    """R-01, M-18."""
    report = office.released()
    listed = Client().get("/berichte/").content.decode()
    assert f"/berichte/{report.pk}/" in listed
    page = Client().get(f"/berichte/{report.pk}/")
    assert str(report.snapshot_id) in page.content.decode()
    for file in report.files.all():
        answer = Client().get(f"/berichte/{report.pk}/datei/{file.form}/")
        assert (answer.status_code, snapshots.digest(answer.content)) == (200, file.digest)
        assert "attachment" in answer["Content-Disposition"]


def test_the_page_says_what_the_paper_says(office: Office) -> None:
    """M-19: same numbers in page, PDF, Word, CSV."""
    report = office.released()
    assert report.snapshot is not None
    (paper,) = building.papers_of(snapshots.decode(bytes(report.snapshot.content)))
    shown = Client().get(f"/berichte/{report.pk}/").content.decode()
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown))
    for text in paper.texts():
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
        assert re.sub(r"\s+", " ", escaped.replace("'", "&#x27;")) in said


def test_a_draft_is_hidden_from_everybody_else(office: Office) -> None:
    report = office.draft()
    for client in (Client(), office.nobody.client):
        assert client.get(f"/berichte/{report.pk}/").status_code == 404
        assert client.get(f"/berichte/{report.pk}/datei/pdf/").status_code == 404
        assert f"/{report.pk}/" not in client.get("/berichte/feed.atom").content.decode()
        assert f"/berichte/{report.pk}/" not in client.get("/berichte/").content.decode()
    answer = office.maker.client.get(f"/berichte/{report.pk}/datei/pdf/")
    assert answer["Cache-Control"] == "private, no-store"


def test_the_journey_from_order_to_release(office: Office) -> None:
    sent = {"kind": "council", "paper": "26/99", "asks": "Kenntnisnahme.\nFreigabe der Mittel."}
    answer = office.maker.client.post("/berichte/neu/", sent)
    report = Report.objects.get()
    assert answer["Location"] == f"/berichte/{report.pk}/"
    assert "wird erstellt" in office.maker.client.get(answer["Location"]).content.decode()
    services.produce_report(WORKER, report.pk)
    own = office.maker.client.get(answer["Location"]).content.decode()
    assert 'value="release"' not in own
    assert "Freigabe der Mittel." in own
    other = office.head.client.get(answer["Location"]).content.decode()
    assert 'value="release"' in other
    office.head.client.post(answer["Location"], {"do": "release"})
    assert Client().get(answer["Location"]).status_code == 200


def test_forged_buttons_change_nothing(office: Office) -> None:
    report = office.draft()
    before = list(Report.objects.values())
    where = f"/berichte/{report.pk}/"
    assert office.maker.client.post(where, {"do": "release"}).status_code == 403
    assert office.head.client.post(where, {"do": "discard"}).status_code == 403
    assert office.head.client.post(where, {"do": "explode"}).status_code == 400
    assert office.head.client.post(where).status_code == 400
    for client in (Client(), office.nobody.client):
        assert client.post(where, {"do": "release"}).status_code == 404
    assert list(Report.objects.values()) == before


def test_strangers_cannot_act_on_a_released_report(office: Office) -> None:
    report = office.released()
    where = f"/berichte/{report.pk}/"
    for do in ("compare", "discard", "retry", "release"):
        assert office.nobody.client.post(where, {"do": do}).status_code == 403
        assert Client().post(where, {"do": do}).status_code in {302, 401}
    assert Report.objects.get().state == State.RELEASED


def test_staff_make_it_again_and_compare(office: Office) -> None:
    """V-08."""
    report = office.released()
    page = office.maker.client.post(f"/berichte/{report.pk}/", {"do": "compare"}).content.decode()
    assert page.count("Byte für Byte gleich") == 3


def test_a_wrong_form_is_shown_again_with_what_is_wrong(office: Office) -> None:
    answer = office.maker.client.post("/berichte/neu/", {"kind": "council", "asks": "x" * 501})
    assert answer.status_code == 422
    assert "mehr als 500 Zeichen" in answer.content.decode()
    answer = office.maker.client.post(
        "/berichte/kalender/", {"kind": "grant", "months": "0", "next_due": "x"}
    )
    assert answer.status_code == 422
    assert not Report.objects.exists()


def test_the_calendar_is_settled_and_shown_to_everybody(office: Office) -> None:
    sent = {"kind": "council", "months": "6", "next_due": "2031-03-01"}
    assert office.maker.client.post("/berichte/kalender/", sent).status_code == 302
    assert "01.03.2031" in Client().get("/berichte/").content.decode()


def test_hostile_words_of_the_order_are_text_on_the_page(office: Office) -> None:
    asks = "\n".join(f"<script>alert(1)</script> {text[:300]}" for text in HOSTILE[:6] if "\x00" not in text)
    office.maker.client.post("/berichte/neu/", {"kind": "council", "asks": asks, "paper": "<b>1</b>"})
    report = Report.objects.get()
    services.produce_report(WORKER, report.pk)
    page = office.maker.client.get(f"/berichte/{report.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "<b>1</b>" not in page
    report.refresh_from_db()
    assert report.state == State.DRAFT


def test_a_sheet_is_there_for_every_reader(office: Office) -> None:
    code = next(iter(content_at().measures))
    answer = Client().get(f"/berichte/steckbriefe/{code}/pdf/")
    assert answer.content.startswith(b"%PDF")
    assert Client().get(f"/berichte/steckbriefe/{code}/docx/").content.startswith(b"PK")
    assert (
        f"/berichte/steckbriefe/{code}/pdf/"
        in Client().get(f"/strategie/massnahmen/{code}/").content.decode()
    )


@pytest.mark.parametrize("where", ["M-99.9.9/pdf", "x/pdf", "%00/pdf", "M-1.1.1/exe", "M-1.1.1/%00"])
def test_a_sheet_that_cannot_be_is_not_found(office: Office, where: str) -> None:
    assert Client().get(f"/berichte/steckbriefe/{where}/").status_code in {400, 404}


def test_sheets_are_paced(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "sheet_pace", Pace(burst=1, per_second=0.001))
    code = next(iter(content_at().measures))
    answers = [
        Client().get(f"/berichte/steckbriefe/{code}/pdf/", REMOTE_ADDR="203.0.113.9").status_code
        for _ in range(2)
    ]
    assert answers == [200, 429]


def test_the_feed_names_released_reports(office: Office) -> None:
    report = office.released()
    answer = Client().get("/berichte/feed.atom")
    assert answer["Content-Type"].startswith("application/atom+xml")
    assert f"/berichte/{report.pk}/" in answer.content.decode()
    assert "(Beispiel)" not in answer.content.decode()


def test_the_feed_says_which_report_is_an_example(office: Office) -> None:
    report = office.released()
    Report.objects.filter(pk=report.pk).update(is_example=True)
    assert "<title>Ratsbericht (Beispiel), " in Client().get("/berichte/feed.atom").content.decode()


def test_a_report_whose_snapshot_was_tampered_with_is_not_shown(office: Office) -> None:
    report = office.released()
    content = snapshots.encode(snapshot())
    from stadt.apps.reports.models import KeptSnapshot

    forged = KeptSnapshot.objects.create(digest="f" * 64, kind="council", content=content)
    Report.objects.filter(pk=report.pk).update(snapshot=forged)
    assert Client().get(f"/berichte/{report.pk}/").status_code == 404
    assert ReportFile.objects.count() == 3


@pytest.mark.parametrize("content", [b"", b"[1]", b'{"form": 2}'])
def test_a_snapshot_of_another_form_takes_no_other_report_from_the_list(
    office: Office, content: bytes
) -> None:
    from stadt.apps.reports.models import KeptSnapshot

    report, other = office.released(), office.released()
    strange = KeptSnapshot.objects.create(digest=snapshots.digest(content), kind="council", content=content)
    Report.objects.filter(pk=report.pk).update(snapshot=strange)
    assert Client().get(f"/berichte/{report.pk}/").status_code == 404
    shown = Client().get("/berichte/").content.decode()
    assert all(f"/berichte/{one.pk}/datei/pdf/" in shown for one in (report, other))


def test_the_list_costs_no_query_for_each_report(office: Office, django_assert_max_num_queries: Any) -> None:
    for _ in range(4):
        office.released()
    with django_assert_max_num_queries(1):
        assert all(queries.find_snapshot(report) for report in queries.list_released())


def test_who_releases_sees_what_waits(office: Office) -> None:
    report = office.draft()
    assert f"/berichte/{report.pk}/" in office.head.client.get("/berichte/").content.decode()
    for person in (office.maker, office.nobody):
        assert "Wartet auf Ihre Freigabe" not in person.client.get("/berichte/").content.decode()
    assert office.head.client.get("/berichte/werkstatt/").status_code == 403
    assert f"/berichte/{report.pk}/" in office.maker.client.get("/berichte/werkstatt/").content.decode()
