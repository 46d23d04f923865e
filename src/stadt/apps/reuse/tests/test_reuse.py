"""The register of applications and the requests for data: proposed by anybody, shown after somebody agreed."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.signing import TimestampSigner, b62_encode
from django.db import connection
from django.test import Client
from django.utils import timezone

from stadt.apps.reuse import demo, public, queries, services, views
from stadt.apps.reuse.models import Application, DataRequest
from stadt.apps.reuse.services import ApplicationDraft, RequestDraft
from stadt.apps.reuse.workflow import ApplicationState, RequestState
from stadt.core.errors import Conflict, Forbidden, Invalid, NotFound, SignInNeeded
from stadt.core.people.actor import Actor
from stadt.core.people.models import AuditEntry
from stadt.core.people.services import create_administrator
from stadt.hub.datasets.pacing import Pace
from stadt.web import open_forms

pytestmark = pytest.mark.django_db

SYSTEM, ANYBODY = Actor.system("test"), Actor.anonymous()
KEY = "catalogue.datasets"
APPLICATION = ApplicationDraft(
    "Durchatmen", "Zeigt die Luft.", "https://example.org/luft", "Verein", (KEY,), "a@example.org"
)
REQUEST = RequestDraft("Brunnen", "Wo gibt es <b>Trinkwasser</b>?", "b@example.org")


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch, settings: Any) -> list[Any]:
    """Mails are kept in memory; each test starts with a fresh pace."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    monkeypatch.setattr(views, "forms_pace", Pace(burst=5, per_second=0.001))
    mail.outbox = []
    return mail.outbox


@pytest.fixture
def editor(client: Client) -> Client:
    """A browser signed in as administrator."""
    client.force_login(create_administrator(SYSTEM, "chef@stadt.example", "Viele-Sensoren-3000"))
    return client


def form(**fields: str) -> dict[str, str]:
    """A form as a person sends it: some minutes after it was opened."""
    signer = TimestampSigner(salt="reuse.form")
    signer.timestamp = lambda: b62_encode(  # type: ignore[method-assign]
        int(timezone.now().timestamp()) - 120
    )
    return {"started": signer.sign("form"), **fields}


def proposal(**changes: str) -> dict[str, str]:
    return form(
        **{
            "name": "Durchatmen",
            "description": "Zeigt die Luft.",
            "url": "https://example.org/luft",
            **changes,
        }
    )


def secret_in(message: Any) -> str:
    found = re.search(r"/daten/adresse/([^/\s]+)/", message.body)
    assert found
    return found[1]


# -- from a proposal to the register -----------------------------------------------------------------------------


def test_a_proposal_is_seen_by_nobody_until_somebody_agrees(client: Client) -> None:
    assert client.post("/daten/anwendungen/neu/", proposal(datasets=KEY)).status_code == 302
    assert "Durchatmen" not in client.get("/daten/anwendungen/").content.decode()
    assert public.made_with(KEY) == []
    services.decide_application(SYSTEM, Application.objects.get().pk, ApplicationState.PUBLIC)
    page = client.get("/daten/anwendungen/").content.decode()
    assert "Durchatmen" in page
    assert f"/daten/{KEY}/" in page
    assert [item.name for item in public.made_with(KEY)] == ["Durchatmen"]


def test_the_address_is_never_shown_in_public(client: Client) -> None:
    made = services.propose_application(ANYBODY, APPLICATION)
    services.decide_application(SYSTEM, made.pk, ApplicationState.PUBLIC)
    assert "a@example.org" not in client.get("/daten/anwendungen/").content.decode()
    assert all("example" not in str(entry.changes) for entry in AuditEntry.objects.all())


def test_only_those_with_the_right_decide_and_each_step_once() -> None:
    made = services.propose_application(ANYBODY, APPLICATION)
    for stranger in (ANYBODY, Actor(kind="user", identifier="1")):
        with pytest.raises((SignInNeeded, Forbidden)):
            services.decide_application(stranger, made.pk, ApplicationState.PUBLIC)
        with pytest.raises((SignInNeeded, Forbidden)):
            queries.list_waiting(stranger)
    services.decide_application(SYSTEM, made.pk, ApplicationState.DECLINED)
    with pytest.raises(Conflict):
        services.decide_application(SYSTEM, made.pk, ApplicationState.PUBLIC)


def test_an_application_taken_out_is_gone_from_the_register(client: Client) -> None:
    made = services.propose_application(ANYBODY, APPLICATION)
    for state in (ApplicationState.PUBLIC, ApplicationState.WITHDRAWN):
        services.decide_application(SYSTEM, made.pk, state)
    assert "Durchatmen" not in client.get("/daten/anwendungen/").content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"description": "a\0b"}, "description"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "ftp://example.org/"}, "url"),
        ({"url": "https://stadt.de@elsewhere.example/"}, "url"),
        ({"name": "Luft\u202egpj"}, "name"),
        ({"name": "Luft\nBcc: x@example.org"}, "name"),
        ({"maker": "\x07"}, "maker"),
        ({"description": "\x1b[2J"}, "description"),
        ({"email": "nobody"}, "email"),
        ({"datasets": ("gibt.esnicht",)}, "datasets"),
        ({"datasets": (KEY,) * 21}, "datasets"),
    ],
)
def test_what_cannot_stand_in_the_register_is_refused_by_field(changes: dict[str, Any], field: str) -> None:
    values = {name: getattr(APPLICATION, name) for name in ApplicationDraft.__slots__}
    with pytest.raises(Invalid) as caught:
        services.propose_application(ANYBODY, ApplicationDraft(**{**values, **changes}))
    assert [error.field for error in caught.value.fields] == [field]
    assert not Application.objects.exists()


def test_the_figure_counts_what_stood_in_the_register_at_a_moment() -> None:
    def counted(moment: datetime) -> tuple[Any, ...]:
        with connection.cursor() as cursor:
            cursor.execute(public.REGISTERED, [moment, moment])
            return tuple(cursor.fetchone())

    first, second = (services.propose_application(ANYBODY, APPLICATION) for _two in range(2))
    before = timezone.now()
    services.decide_application(SYSTEM, first.pk, ApplicationState.PUBLIC)
    services.decide_application(SYSTEM, second.pk, ApplicationState.DECLINED)
    assert counted(before) == (0, False)
    assert counted(timezone.now()) == (1, False)
    services.decide_application(SYSTEM, first.pk, ApplicationState.WITHDRAWN)
    assert counted(timezone.now()) == (0, False)


# -- requests ----------------------------------------------------------------------------------------------------


def test_a_request_is_public_after_somebody_agreed_and_shows_the_answer(client: Client) -> None:
    asked = services.request_data(ANYBODY, REQUEST)
    assert "Brunnen" not in client.get("/daten/wuensche/").content.decode()
    services.decide_request(SYSTEM, asked.pk, RequestState.OPEN)
    page = client.get("/daten/wuensche/").content.decode()
    assert "&lt;b&gt;Trinkwasser" in page
    assert "b@example.org" not in page
    services.decide_request(SYSTEM, asked.pk, RequestState.FULFILLED, answer="Hier sind sie.", dataset=KEY)
    page = client.get("/daten/wuensche/").content.decode()
    assert "Hier sind sie." in page
    assert f"/daten/{KEY}/" in page
    assert queries.count_requests()["fulfilled"] == 1


@pytest.mark.parametrize(
    ("answer", "dataset", "field"),
    [("", "", "answer"), ("x" * 1501, "", "answer"), ("Hier.", "gibt.esnicht", "dataset")],
)
def test_an_answer_needs_words_and_a_dataset_that_everybody_sees(
    answer: str, dataset: str, field: str
) -> None:
    asked = services.request_data(ANYBODY, REQUEST)
    with pytest.raises(Invalid) as caught:
        services.decide_request(SYSTEM, asked.pk, RequestState.FULFILLED, answer=answer, dataset=dataset)
    assert [error.field for error in caught.value.fields] == [field]
    assert DataRequest.objects.get().state == RequestState.PROPOSED


# -- addresses ---------------------------------------------------------------------------------------------------


def test_an_answer_is_mailed_only_to_an_address_that_was_confirmed(client: Client, sent: list[Any]) -> None:
    first, second = (services.request_data(ANYBODY, REQUEST) for _two in range(2))
    link = f"/daten/adresse/{secret_in(sent[0])}/"
    assert "Adresse bestätigen" in client.get(link).content.decode()
    assert DataRequest.objects.get(pk=first.pk).email_confirmed_at is None, (
        "reading the link confirms nothing"
    )
    client.post(link)
    for asked in (first, second):
        services.decide_request(SYSTEM, asked.pk, RequestState.IMPOSSIBLE, answer="Leider nicht.")
    assert len(sent) == 3
    assert "Leider nicht." in sent[2].body


def test_whoever_has_the_link_deletes_the_address(client: Client, sent: list[Any]) -> None:
    services.propose_application(ANYBODY, APPLICATION)
    link = f"/daten/adresse/{secret_in(sent[0])}/"
    client.post(link, {"loeschen": "1"})
    assert Application.objects.get().email == ""
    assert client.get(link).status_code == 404
    with pytest.raises(NotFound):
        services.confirm_address(ANYBODY, secret_in(sent[0]))


def test_no_address_no_mail(sent: list[Any]) -> None:
    services.request_data(ANYBODY, RequestDraft("Brunnen", "Wo?"))
    assert sent == []


def test_what_is_not_needed_any_more_is_forgotten() -> None:
    kept = services.propose_application(ANYBODY, APPLICATION)
    declined = services.request_data(ANYBODY, REQUEST)
    services.decide_request(SYSTEM, declined.pk, RequestState.DECLINED)
    assert services.forget_due(SYSTEM) == 0
    Application.objects.update(told_at=timezone.now() - timedelta(days=8))
    DataRequest.objects.update(decided_at=timezone.now() - timedelta(days=31))
    assert services.forget_due(SYSTEM) == 2
    assert Application.objects.get(pk=kept.pk).email == ""
    assert not DataRequest.objects.exists()


# -- forms that nobody signs in for ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"website": "https://spam.example"}, "leer bleiben"),
        ({"started": TimestampSigner(salt="reuse.form").sign("form")}, "sehr schnell"),
        ({"started": "x"}, "noch einmal"),
        ({"started": ""}, "noch einmal"),
    ],
)
def test_robots_are_refused_with_a_sentence(client: Client, changes: dict[str, str], sentence: str) -> None:
    fresh = {"started": TimestampSigner(salt="reuse.form").sign("form")} if "started" in changes else {}
    sent = {**proposal(), **changes, **(fresh if sentence == "sehr schnell" else {})}
    answer = client.post("/daten/anwendungen/neu/", sent)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Application.objects.exists()


def test_what_was_typed_stays_and_can_be_sent_again(client: Client) -> None:
    answer = client.post("/daten/wuensche/neu/", form(title="Brunnen", text=""))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="Brunnen"' in page
    started = re.search(r'name="started" value="([^"]+)"', page)
    assert started
    again = {"started": started[1].replace("&amp;", "&"), "title": "Brunnen", "text": "Wo?"}
    assert client.post("/daten/wuensche/neu/", again).status_code == 302


def test_the_form_needs_the_token_of_its_own_page() -> None:
    browser = Client(enforce_csrf_checks=True)
    assert browser.post("/daten/anwendungen/neu/", proposal()).status_code == 403


def test_one_household_sends_a_few_forms_and_then_waits(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "forms_pace", Pace(burst=1, per_second=0.001))
    answers = [
        client.post("/daten/anwendungen/neu/", proposal(), headers={"x-forwarded-for": "203.0.113.5"})
        for _again in range(2)
    ]
    assert [answer.status_code for answer in answers] == [302, 429]
    assert Application.objects.count() == 1


def test_addresses_of_pages_name_datasets_too(client: Client) -> None:
    client.post("/daten/anwendungen/neu/", proposal(datasets=f"https://stadt.example/daten/{KEY}/\n{KEY}"))
    assert Application.objects.get().datasets == [KEY]


# -- pages of those who review -----------------------------------------------------------------------------------


def test_an_editor_decides_on_pages(editor: Client) -> None:
    made = services.propose_application(ANYBODY, APPLICATION)
    asked = services.request_data(ANYBODY, REQUEST)
    queue = editor.get("/daten/pruefen/").content.decode()
    assert "Durchatmen" in queue
    assert "Brunnen" in queue
    page = editor.get(f"/daten/pruefen/anwendung/{made.pk}/").content.decode()
    assert "a@example.org (nicht bestätigt)" in page
    assert editor.post(f"/daten/pruefen/anwendung/{made.pk}/", {"state": "public"}).status_code == 302
    assert editor.post(f"/daten/pruefen/wunsch/{asked.pk}/", {"state": "fulfilled"}).status_code == 422
    sent = {"state": "impossible", "answer": "Nein."}
    assert editor.post(f"/daten/pruefen/wunsch/{asked.pk}/", sent).status_code == 302
    assert editor.post(f"/daten/pruefen/wunsch/{asked.pk}/", {"state": "nonsense"}).status_code == 409
    assert Application.objects.get().state == "public"
    assert DataRequest.objects.get().answer == "Nein."


def test_strangers_do_not_see_the_queue(client: Client) -> None:
    assert client.get("/daten/pruefen/").status_code == 302
    assert client.get("/daten/pruefen/anwendung/1/").status_code == 302


def test_the_demo_fills_once_and_clears() -> None:
    for _twice in range(2):
        demo.fill(lambda _step: None)
    assert queries.list_registered().count() == 2
    assert all(item.is_simulated for item in queries.list_registered())
    demo.clear()
    assert queries.list_registered().count() == 0


def test_a_day_is_the_longest_a_form_stays_open(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_forms, "LONGEST_SECONDS", 60)
    answer = client.post("/daten/anwendungen/neu/", proposal())
    assert "einen Tag lang offen" in answer.content.decode()
