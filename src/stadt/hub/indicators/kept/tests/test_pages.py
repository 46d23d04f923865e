"""The workshop's pages and the interface: enter, deliver, confirm, revise, and what the public sees of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from stadt.core.manifest import Permission
from stadt.core.people.actor import Actor
from stadt.core.people.models import Membership, Organisation, Role, User
from stadt.core.tokens import issue_token
from stadt.hub.indicators import queries
from stadt.hub.indicators.kept import services
from stadt.hub.indicators.kept.rights import CONFIRM, DEFINE, ENTER
from stadt.hub.indicators.kept.tests.office import SHARE, Office
from stadt.hub.indicators.models import Entry, FigureFile, KeptIndicator
from stadt.hub.indicators.services import COMPUTE
from stadt.hub.places.models import Place

pytestmark = pytest.mark.django_db
KEY, PEOPLE = "city.deaths", 259_645
WORKSHOP = "/kennzahlen/werkstatt/"
CSV = b"Jahr;erneuerbar;gesamt\n2022;12;48\n2023;15;50\n"


def client_with(organisation: Organisation, name: str, *permissions: Any) -> Client:
    user = User.objects.create_user(email=f"{name}@example.org", name=f"Frau {name.title()}")
    role = Role.objects.create(key=name, title=name, permissions=[item.key for item in permissions])
    Membership.objects.create(user=user, organisation=organisation, role=role)
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


class Town:
    """The office with people who sign in."""

    def __init__(self) -> None:
        self.office = Office()
        self.definer = client_with(self.office.organisation, "definer", DEFINE)
        self.enterer = client_with(self.office.organisation, "enterer", ENTER)
        self.confirmer = client_with(self.office.organisation, "confirmer", CONFIRM)
        self.both = client_with(self.office.organisation, "both", ENTER, CONFIRM)
        self.public = Client()


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content[:300]
    return answer.content.decode()


def send(client: Client, address: str, **fields: Any) -> Any:
    return client.post(address, fields)


def test_a_figure_goes_from_the_form_over_the_second_person_to_the_public_page(town: Town) -> None:
    town.office.define(code="K4.1-04")
    answer = send(
        town.enterer,
        f"{WORKSHOP}{KEY}/",
        period="2024",
        state="value",
        numerator="3",
        denominator="259.645",
        quality_class="measured",
        note="",
    )
    assert answer.status_code == 302
    assert "Zurücknehmen" in page(town.enterer, f"{WORKSHOP}{KEY}/")
    assert "noch keinen Wert" in page(town.public, f"/kennzahlen/{KEY}/")
    inbox = page(town.confirmer, f"{WORKSHOP}bestaetigen/")
    entry = Entry.objects.get()
    assert f"/kennzahlen/werkstatt/bestaetigen/{entry.pk}/" in inbox
    assert "Frau Enterer" in page(town.confirmer, f"{WORKSHOP}bestaetigen/{entry.pk}/")
    assert (
        send(town.confirmer, f"{WORKSHOP}bestaetigen/{entry.pk}/", confirm="1", answer="").status_code == 302
    )
    shown = page(town.public, f"/kennzahlen/{KEY}/")
    assert "1,16" in shown
    assert "Poisson" in shown
    assert "Statistik" in shown
    assert "Frau" not in shown
    inside = page(town.confirmer, f"/kennzahlen/{KEY}/")
    assert "Frau Enterer" in inside
    assert "Frau Confirmer" in inside
    assert "Verkehrstote" in page(town.public, "/kennzahlen/?suche=verkehrstote&art=gefuehrt&status=mit")
    assert "Verkehrstote" not in page(town.public, "/kennzahlen/?suche=verkehrstote&art=berechnet")


def test_the_one_who_entered_sees_no_button_and_a_forged_form_is_refused(town: Town) -> None:
    town.office.define()
    send(
        town.both,
        f"{WORKSHOP}{KEY}/",
        period="2024",
        state="value",
        numerator="3",
        denominator="259645",
        quality_class="measured",
    )
    entry = Entry.objects.get()
    assert 'name="confirm"' not in page(town.both, f"{WORKSHOP}bestaetigen/{entry.pk}/")
    answer = send(town.both, f"{WORKSHOP}bestaetigen/{entry.pk}/", confirm="1")
    assert answer.status_code == 200
    assert "jemand anderes" in answer.content.decode()
    assert queries.history(KEY) == []


def test_a_refusal_without_a_reason_says_so_beside_its_field(town: Town) -> None:
    town.office.define()
    entry = town.office.enter(numerator=3, denominator=259_645)
    shown = send(town.confirmer, f"{WORKSHOP}bestaetigen/{entry.pk}/", refuse="1", answer="")
    assert shown.context["form"].errors == {"answer": ["fehlt"]}


def test_forged_fields_change_nothing(town: Town) -> None:
    town.office.define()
    answer = send(
        town.enterer, f"{WORKSHOP}{KEY}/", period="2024", state="value", numerator="3", denominator="259645", quality_class="best",
        decision="confirmed", entered_by="user:1", kept="99", place="bezirk-1", series="heat",
    )  # fmt: skip
    assert answer.status_code == 200
    assert not Entry.objects.exists()
    answer = send(
        town.enterer,
        f"{WORKSHOP}{KEY}/",
        period="2024\x00",
        state="value",
        numerator="3\x00",
        denominator="1",
        quality_class="measured",
    )
    assert answer.status_code == 200
    assert not Entry.objects.exists()


def test_a_refused_field_is_named_beside_it(town: Town) -> None:
    town.office.define()
    answer = send(
        town.enterer,
        f"{WORKSHOP}{KEY}/",
        period="2150",
        state="value",
        numerator="viel",
        denominator="1",
        quality_class="measured",
    )
    assert "Bitte eine Zahl" in answer.content.decode()
    answer = send(
        town.enterer,
        f"{WORKSHOP}{KEY}/",
        period="2150",
        state="value",
        numerator="3",
        denominator="1",
        quality_class="measured",
    )
    assert "liegt in der Zukunft" in answer.content.decode()


def test_one_takes_an_entry_back(town: Town) -> None:
    town.office.define()
    send(
        town.enterer,
        f"{WORKSHOP}{KEY}/",
        period="2024",
        state="value",
        numerator="3",
        denominator="259645",
        quality_class="measured",
    )
    entry = Entry.objects.get()
    assert send(town.enterer, f"{WORKSHOP}zuruecknehmen/{entry.pk}/").status_code == 302
    entry.refresh_from_db()
    assert entry.decision == "refused"
    assert town.enterer.get(f"{WORKSHOP}zuruecknehmen/{entry.pk}/").status_code == 405


def test_an_indicator_is_defined_and_gets_a_new_version(town: Town) -> None:
    assert "city.k4_1_04" in page(town.definer, f"{WORKSHOP}neu/?nummer=K4.1-04")
    fields = {
        "organisation": town.office.organisation.pk, "key": "city.trees", "code": "K2.2-01", "title": "Straßenbäume", "description": "So viele.",
        "unit": "1", "formula": "gezählt", "source": "Baumkataster", "period": "year", "valid_from": "2020-01-01", "series": "new; Neue; 1", "interval": "", "mean_of": "",
    }  # fmt: skip
    wrong = send(town.definer, f"{WORKSHOP}neu/", **{**fields, "unit": "Bäume"})
    assert "ist keine Einheit nach UCUM" in wrong.content.decode()
    assert send(town.definer, f"{WORKSHOP}neu/", **fields).status_code == 302
    address = f"{WORKSHOP}fassung/city.trees/"
    assert "new; Neue; 1" in page(town.definer, address)
    changed = {
        **fields,
        "title": "Bäume",
        "reason": "Auch in Parks.",
        "is_break": "on",
        "valid_from": "2024-01-01",
    }
    assert send(town.definer, address, **changed).status_code == 302
    shown = page(town.public, "/kennzahlen/city.trees/")
    assert "Auch in Parks." in shown
    assert "Bruch" in shown
    assert KeptIndicator.objects.get().code == "K2.2-01"


def test_a_file_is_mapped_with_a_preview_and_confirmed_as_a_whole(town: Town) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    town.office.define(SHARE, "city.green")
    upload = SimpleUploadedFile("strom.csv", CSV)
    assert (
        send(
            town.enterer, f"{WORKSHOP}city.green/", deliver="1", file=upload, source="Stadtwerke"
        ).status_code
        == 302
    )
    file = FigureFile.objects.get()
    address = f"{WORKSHOP}datei/{file.pk}/"
    assert "erneuerbar" in page(town.enterer, address)
    mapping = {
        "header": "1",
        "sheet": "",
        "period": "Jahr",
        "numerator": "erneuerbar",
        "denominator": "gesamt",
        "decimal": ",",
        "quality_class": "measured",
    }
    preview = send(town.enterer, address, look="1", **mapping).content.decode()
    assert "Daraus werden 2 neue Werte" in preview
    assert not Entry.objects.exists()
    assert send(town.enterer, address, propose="1", **mapping).status_code == 302
    review = f"{WORKSHOP}bestaetigen/datei/{file.pk}/"
    assert "Zeile 2" in page(town.confirmer, review)
    assert send(town.confirmer, review, confirm="1", answer="").status_code == 302
    shown = page(town.public, "/kennzahlen/city.green/")
    assert file.sha256 in shown
    assert "Stadtwerke" in shown
    assert "strom.csv" not in shown
    assert "strom.csv" in page(town.enterer, "/kennzahlen/city.green/")
    assert 'value="Jahr" selected' in _mapped_again(town)


def _mapped_again(town: Town) -> str:
    from django.core.files.uploadedfile import SimpleUploadedFile

    send(
        town.enterer,
        f"{WORKSHOP}city.green/",
        deliver="1",
        file=SimpleUploadedFile("neu.csv", CSV),
        source="",
    )
    return page(town.enterer, f"{WORKSHOP}datei/{FigureFile.objects.latest('pk').pk}/")


def test_a_revision_shows_the_old_value_with_its_reason(town: Town) -> None:
    town.office.define()
    old = town.office.store(numerator=3, denominator=PEOPLE)
    address = f"{WORKSHOP}wert/{old.pk}/"
    assert 'value="3"' in page(town.enterer, address)
    fields = {
        "period": "2024",
        "state": "value",
        "numerator": "4",
        "denominator": "259645",
        "quality_class": "measured",
        "note": "",
    }
    assert (
        "fehlt" in send(town.enterer, address, **fields, reason=" ").content.decode()
        or Entry.objects.count() == 1
    )
    assert send(town.enterer, address, **fields, reason="Nachmeldung.").status_code == 302
    services.confirm_value(town.office.confirmer, Entry.objects.latest("pk").pk, "Geprüft.")
    shown = page(town.public, f"/kennzahlen/{KEY}/")
    assert "Dieser Wert ist eine Berichtigung" in shown
    assert "Nachmeldung." in shown
    before = page(town.public, f"/kennzahlen/{KEY}/?wert={old.pk}")
    assert "Dieser Wert wurde berichtigt" in before
    assert "1,16" in before
    for wrong in ("0", "-1", "9" * 40, "x", "\x00", "٣"):
        assert town.public.get(f"/kennzahlen/{KEY}/", {"wert": wrong}).status_code == 404


def test_the_threshold_is_for_the_city_only(town: Town, actor: Actor) -> None:
    answer = send(town.definer, f"{WORKSHOP}schwelle/", threshold="5", reason="Satzung")
    assert answer.status_code == 200
    assert "Dafür fehlt Ihnen das Recht" in answer.content.decode()


def token_of(town: Town, permission: Permission) -> str:
    later = timezone.now() + timedelta(days=1)
    actor = Actor.system("test")
    return issue_token(
        actor, "Maschine", (permission,), organisation=town.office.organisation, expires_at=later
    )[1]


def test_a_machine_enters_by_token_and_the_value_waits(town: Town) -> None:
    town.office.define()
    address = f"/api/v1/indicators/{KEY}/values"
    figure = {"period": "2024", "numerator": 3, "denominator": PEOPLE}

    def post(body: dict[str, Any], token: str = "") -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return town.public.post(address, body, content_type="application/json", headers=headers)

    assert post(figure).status_code == 401
    assert post(figure, token_of(town, COMPUTE)).status_code == 403
    token = token_of(town, ENTER)
    assert post({**figure, "unit": "kg"}, token).status_code == 422
    assert post({**figure, "decision": "confirmed"}, token).status_code == 422
    answer = post(figure, token)
    assert answer.status_code == 201, answer.content
    assert answer.json()["decision"] == "entered"
    assert town.public.get(address).json() == {"values": []}
    services.confirm_value(town.office.confirmer, answer.json()["id"])
    [value] = town.public.get(address).json()["values"]
    assert value["numerator"] == 3
    assert value["interval_method"] == "poisson"
    assert value["quality_class"] == "measured"


def test_provenance_names_the_file_and_nobody(town: Town) -> None:
    """Notes §6 row 6: PROV-O."""
    town.office.define()
    row = town.office.store(numerator=3, denominator=PEOPLE)
    answer = town.public.get(f"/api/v1/indicators/{KEY}/values/{row.pk}/provenance")
    assert answer["Content-Type"] == "application/ld+json"
    graph = {item["@id"]: item for item in answer.json()["@graph"]}
    [entity] = [item for item in graph.values() if "prov:wasGeneratedBy" in item]
    assert entity["prov:value"] == pytest.approx(row.value)
    activity = graph[entity["prov:wasGeneratedBy"]["@id"]]
    assert all(used["@id"] in graph for used in activity["prov:used"])
    assert {item["prov:agent"]["@id"] in graph for item in activity["prov:qualifiedAssociation"]} == {True}
    assert "user:" not in answer.content.decode()
    for wrong in ("0", "999999", "9" * 30):
        assert town.public.get(f"/api/v1/indicators/{KEY}/values/{wrong}").status_code in {404, 422}
    assert town.public.get(f"/api/v1/indicators/probe.other/values/{row.pk}").status_code == 404


def test_nothing_that_waits_or_was_hidden_leaves_by_a_public_address(town: Town) -> None:
    from dataclasses import replace

    from stadt.hub.indicators.kept.tests.office import AIDED

    town.office.define(replace(AIDED, title="Seltene Hilfe"), "city.aided")
    town.office.store("city.aided", value=2, note="")
    town.office.enter("city.aided", period="2023", value=77777)
    addresses = (
        "/kennzahlen/city.aided/",
        "/kennzahlen/",
        "/api/v1/indicators",
        "/api/v1/indicators/city.aided",
        "/api/v1/indicators/city.aided/values",
    )
    for address in addresses:
        shown = page(town.public, address)
        assert "77777" not in shown
        assert "77.777" not in shown
    latest = town.public.get("/api/v1/indicators/city.aided").json()["latest"]
    assert (latest["value"], latest["numerator"], latest["state"]) == (None, None, "suppressed")
    assert Place.objects.count() == 0


def test_the_pages_are_empty_with_words(town: Town) -> None:
    assert "Noch keine Kennzahl zu führen" in page(town.enterer, WORKSHOP)
    assert "Kein Wert wartet" in page(town.confirmer, f"{WORKSHOP}bestaetigen/")
