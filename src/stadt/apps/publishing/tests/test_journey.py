"""From a file to a published dataset, page by page, as the office and its reviewer go."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from stadt.apps.publishing import quality
from stadt.apps.publishing.tests.files import csv_rows, titled_csv
from stadt.apps.publishing.tests.office import BACKEND, HOME, Office
from stadt.core.people.models import Organisation
from stadt.hub.datasets.kept.states import State
from stadt.hub.datasets.models import Delivery, KeptDataset
from stadt.hub.datasets.snapshots import find_latest
from stadt.hub.opendata.rules import RULES, Finding


def text(answer: object) -> str:
    return str(answer.content.decode())  # type: ignore[attr-defined]


def card(office: Office, **changed: object) -> dict[str, object]:
    kept = office.kept()
    given = {
        "title": kept.title,
        "description": "Zahl der Haushalte",
        "keywords": "Haushalte, Wohnen",
        "theme": "SOCI",
        "licence": "DL_DE_ZERO_2",
        "access": "public",
        "revision": kept.revision,
    }
    return {**given, **changed}


def test_a_file_begins_a_dataset_with_a_key_from_office_and_title(office: Office) -> None:
    answer = office.upload(csv_rows(), title="Haushalte nach Stadtteilen")
    kept = office.kept()
    assert kept.key == "statistik.haushalte-nach-stadtteilen"
    assert answer["Location"] == f"{HOME}{kept.key}/lieferungen/1/"


def test_the_own_organisation_is_chosen_before_those_below_it(office: Office) -> None:
    Organisation.objects.create(key="amt", name="Amt darunter", parent=office.organisation)
    page = text(office.keeper.client.get(f"{HOME}hochladen/"))
    assert f'<option value="{office.organisation.pk}" selected>' in page


def test_while_editing_the_card_tells_which_mandatory_rules_are_broken(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = f"{HOME}{office.draft().key}/angaben/"
    assert "Das nimmt GovData so nicht an" not in text(office.keeper.client.get(where))
    rule = next(rule for rule in RULES if rule.id == "dataset-title")
    monkeypatch.setattr(quality, "problems_of", lambda record: [Finding(rule, "https://s/dataset/x")])
    page = text(office.keeper.client.get(where))
    assert "Das nimmt GovData so nicht an" in page
    assert rule.sentence in page


def test_without_a_title_the_file_gives_it(office: Office) -> None:
    office.upload(csv_rows(), name="Haushalte_2025.csv")
    assert office.kept().title == "Haushalte 2025"


def test_a_second_dataset_of_that_title_gets_a_number(office: Office) -> None:
    for _ in range(2):
        office.upload(csv_rows(), title="Öffentliche Bäume")
    assert set(KeptDataset.objects.values_list("key", flat=True)) == {
        "statistik.oeffentliche-baeume",
        "statistik.oeffentliche-baeume-2",
    }


def test_a_refused_file_leaves_no_dataset(office: Office) -> None:
    answer = office.upload(b"")
    assert answer.status_code == 422
    assert "Die Datei ist leer." in text(answer)
    assert not KeptDataset.objects.exists()


def test_while_the_worker_reads_the_page_waits_and_asks_again(office: Office) -> None:
    where = office.upload(csv_rows())["Location"]
    page = office.keeper.client.get(where)
    assert "Die Datei wird gelesen" in text(page)
    assert office.keeper.client.get(where, headers={"HX-Request": "true"}).status_code == 204
    office.work()
    assert office.keeper.client.get(where, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_what_was_understood_is_shown_and_a_correction_is_kept_for_the_next_time(office: Office) -> None:
    kept = office.draft()
    where = f"{HOME}{kept.key}/lieferungen/1/"
    page = office.keeper.client.get(where)
    assert "So haben wir die Datei verstanden" in text(page)
    form = page.context["form"]
    at = next(item.column.at for item in form.columns if item.column.source == "Haushalte")
    sent = {
        name: value
        for name, value in form.initial.items()
        if value not in (None, False) and name in form.fields
    }
    office.keeper.client.post(where, {**sent, f"c{at}-title": "Zahl der Haushalte"})
    office.work()  # the file may be read once more: what a person said stays
    assert "Zahl der Haushalte" in str(office.kept().reading)
    again = office.keeper.client.get(where)
    assert next(item for item in again.context["form"].columns if item.column.at == at).is_corrected


def test_rows_above_and_below_the_table_are_shown_as_what_they_count(office: Office) -> None:
    office.draft(titled_csv())
    kept = office.kept()
    page = office.keeper.client.get(f"{HOME}{kept.key}/lieferungen/1/")
    kinds = {row.kind for row in page.context["file_rows"]}
    assert kinds == {"title", "header", "row", "footer"}


def test_a_file_that_is_no_table_says_why_and_takes_another(office: Office) -> None:
    where = office.upload(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", name="bild.png")["Location"]
    office_read(office)
    page = office.keeper.client.get(where)
    assert "Die Datei ließ sich nicht lesen" in text(page)
    assert page.context["problems"]
    assert "Andere Datei hochladen" in text(page)


def office_read(office: Office) -> None:
    from stadt.core.people.actor import Actor
    from stadt.hub.datasets.kept import services

    services.read_delivery(Actor.system("job:test"), Delivery.objects.latest("pk").pk)


def test_the_card_is_saved_and_leads_to_the_check(office: Office) -> None:
    kept = office.draft()
    answer = office.keeper.client.post(f"{HOME}{kept.key}/angaben/", card(office, weiter="1"))
    assert answer["Location"] == f"{HOME}{kept.key}/pruefen/"
    assert office.kept().keywords == ["Haushalte", "Wohnen"]


def test_a_mending_button_saves_what_was_typed_and_its_value(office: Office) -> None:
    kept = office.draft()
    sent = card(office, description="Neu getippt", keywords="", mend="keywords")
    office.keeper.client.post(f"{HOME}{kept.key}/angaben/", sent)
    assert office.kept().description == "Neu getippt"
    assert "Haushalte" in office.kept().keywords


def test_a_wrong_field_is_told_beside_it_and_nothing_is_saved(office: Office) -> None:
    kept = office.draft()
    sent = card(office, sample="Keine Form", description="Neu")
    answer = office.keeper.client.post(f"{HOME}{kept.key}/angaben/", sent)
    assert answer.status_code == 422
    assert answer.context["form"].errors["sample"]
    assert office.kept().description == ""


def test_two_at_once_see_both_versions_and_the_second_decides(office: Office) -> None:
    kept = office.draft()
    old = card(office, description="Fassung A")
    office.colleague.client.post(f"{HOME}{kept.key}/angaben/", card(office, description="Fassung B"))
    answer = office.keeper.client.post(f"{HOME}{kept.key}/angaben/", old)
    assert answer.status_code == 409
    assert "Fassung A" in text(answer)
    assert "Fassung B" in text(answer)
    assert office.kept().description == "Fassung B"
    again = {**old, "revision": answer.context["form"]["revision"].value()}
    assert office.keeper.client.post(f"{HOME}{kept.key}/angaben/", again).status_code == 302
    assert office.kept().description == "Fassung A"


def test_what_was_typed_when_the_session_was_over_is_there_after_signing_in(office: Office) -> None:
    kept = office.draft()
    where = f"{HOME}{kept.key}/angaben/"
    mark = office.keeper.client.get(where).context["kept_by"]
    late = Client()
    sent = card(office, description="Lange getippt", kept_by=mark)
    assert "/konto/login/" in late.post(where, sent)["Location"]
    late.force_login(office.keeper.user, BACKEND)
    page = late.get(where)
    assert "Ihre Eingaben sind noch da" in text(page)
    assert page.context["form"]["description"].value() == "Lange getippt"
    assert office.kept().description == ""


def test_what_is_missing_stops_the_hand_in_and_leads_to_the_field(office: Office) -> None:
    kept = office.draft()
    answer = office.keeper.client.post(f"{HOME}{kept.key}/pruefen/", {"revision": kept.revision})
    assert answer.status_code == 422
    assert f"{HOME}{kept.key}/angaben/#id_description" in text(answer)
    assert office.kept().state == State.DRAFT


def test_a_colleague_releases_what_was_handed_in_and_readers_see_it(office: Office) -> None:
    kept = office.described()
    office.keeper.client.post(f"{HOME}{kept.key}/pruefen/", {"revision": kept.revision})
    kept = office.kept()
    assert kept.state == State.REVIEW
    review = f"{HOME}freigaben/{kept.key}/"
    assert review in text(office.approver.client.get(f"{HOME}freigaben/"))
    office.approver.client.post(review, {"do": "approve", "revision": kept.revision})
    assert office.kept().state == State.PUBLISHED
    latest = find_latest(kept.key)
    assert latest is not None
    assert latest.row_count == 3


def test_given_back_with_a_reason_it_is_a_draft_that_says_why(office: Office) -> None:
    kept = office.in_review()
    review = f"{HOME}freigaben/{kept.key}/"
    assert office.approver.client.post(review, {"do": "return", "reason": ""}).status_code == 422
    office.approver.client.post(review, {"do": "return", "reason": "Bitte die Quelle nennen"})
    assert office.kept().state == State.DRAFT
    assert "Bitte die Quelle nennen" in text(office.keeper.client.get(f"{HOME}{kept.key}/"))
    assert "Bitte die Quelle nennen" in text(office.keeper.client.get(HOME))


def test_whoever_had_a_hand_in_it_cannot_release_it(office: Office) -> None:
    from stadt.core.people.models import Role
    from stadt.hub.datasets.rights import APPROVE, KEEP

    kept = office.in_review()
    Role.objects.filter(memberships__user=office.keeper.user).update(permissions=[KEEP.key, APPROVE.key])
    review = f"{HOME}freigaben/{kept.key}/"
    assert "Freigeben muss jemand anderes" in text(office.keeper.client.get(review))
    answer = office.keeper.client.post(review, {"do": "approve", "revision": kept.revision})
    assert answer.status_code == 403
    assert office.kept().state == State.REVIEW


def test_the_next_delivery_with_another_column_is_told_and_waits_for_a_word(office: Office) -> None:
    kept = office.published()
    where = f"{HOME}hochladen/{kept.key}/"
    assert "Wie beim letzten Mal" in text(office.keeper.client.get(where))
    file = SimpleUploadedFile("haushalte.csv", csv_rows(more="Personen"))
    place = office.keeper.client.post(where, {"file": file})["Location"]
    office.work()
    page = office.keeper.client.get(place)
    assert "Diese Lieferung hat andere Spalten als bisher" in text(page)
    assert "personen" in " ".join(page.context["drift"])
    assert "andere Spalten" in text(office.keeper.client.get(HOME))
    assert office.keeper.client.post(place, {"do": "accept"})["Location"] == f"{HOME}{kept.key}/angaben/"
    assert not Delivery.objects.latest("pk").has_open_drift


def test_a_published_dataset_is_withdrawn_with_a_reason(office: Office) -> None:
    kept = office.published()
    where = f"{HOME}{kept.key}/zurueckziehen/"
    assert office.keeper.client.post(where, {"reason": " "}).status_code == 422
    office.keeper.client.post(where, {"reason": "Die Zahlen waren falsch"})
    assert office.kept().state == State.WITHDRAWN
    assert office.keeper.client.get(f"/daten/{kept.key}/").status_code in {404, 410}


def test_a_draft_is_deleted_after_asking(office: Office) -> None:
    kept = office.draft()
    assert "für immer gelöscht" in text(office.keeper.client.get(f"{HOME}{kept.key}/loeschen/"))
    office.keeper.client.post(f"{HOME}{kept.key}/loeschen/")
    assert not KeptDataset.objects.exists()


def test_a_linked_dataset_needs_a_card_and_no_file(office: Office) -> None:
    sent = {"title": "Bodenrichtwerte", "link_url": "https://example.org/wms", "link_format": "WMS"}
    answer = office.keeper.client.post(f"{HOME}verweis/", {**sent, "organisation": office.organisation.pk})
    assert answer["Location"] == f"{HOME}statistik.bodenrichtwerte/angaben/"
    refused = office.keeper.client.post(
        f"{HOME}verweis/", {**sent, "link_url": "http://localhost/x", "organisation": office.organisation.pk}
    )
    assert refused.context["form"].errors["link_url"]


@pytest.mark.parametrize("accept", ["application/json"])
def test_the_script_of_the_form_is_told_where_to_go(office: Office, accept: str) -> None:
    data = {"file": SimpleUploadedFile("a.csv", csv_rows()), "organisation": office.organisation.pk}
    answer = office.keeper.client.post(f"{HOME}hochladen/", data, headers={"Accept": accept})
    assert answer.json() == {"url": f"{HOME}{office.kept().key}/lieferungen/1/"}
    refused = office.keeper.client.post(f"{HOME}hochladen/", {}, headers={"Accept": accept})
    assert refused.status_code == 422
    assert {item["field"] for item in refused.json()["errors"]} == {"file", "organisation"}
