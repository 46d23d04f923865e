"""What others may say about a report, and who is told what is new."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signing import TimestampSigner
from django.test import Client
from django.utils import timezone
from PIL import Image

from stadt.apps.issues.shown import listeners, subscribing, voices, votes
from stadt.apps.issues.shown.models import DaySecret, PublicIssue, VoiceOfDay
from stadt.apps.issues.shown.tests.reports import TYPE, keep
from stadt.apps.issues.shown.tests.test_projection import make_case
from stadt.civic.cases import events
from stadt.civic.cases.models import Case, Support
from stadt.civic.files.events import FileChanged
from stadt.civic.files.models import StoredFile
from stadt.civic.messages.models import Fact, Subscription
from stadt.civic.messages.services import confirm
from stadt.civic.messages.services.subscriptions import secret_of
from stadt.core.errors import Conflict, TooMany
from stadt.hub.datasets.pacing import Pace

pytestmark = pytest.mark.django_db


def sent(salt: str, **more: Any) -> dict[str, Any]:
    """A form as a person sends it: a minute after it was opened."""
    signer = TimestampSigner(salt=salt)
    stamp = signer.timestamp
    signer.timestamp = lambda: _base62(timezone.now() - timedelta(minutes=1))  # type: ignore[method-assign]
    signed = signer.sign("form")
    signer.timestamp = stamp  # type: ignore[method-assign]
    return {"started": signed, "website": "", **more}


def _base62(moment: Any) -> str:
    from django.core.signing import b62_encode

    return b62_encode(int(moment.timestamp()))


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What reached the cases."""
    calls: list[tuple[Any, ...]] = []
    monkeypatch.setattr(
        votes, "support_case", lambda _actor, case_id, kind, **more: calls.append((str(kind), case_id, more))
    )
    return calls


def report(face: str = "received") -> str:
    """The address of a published report that has its case."""
    case = make_case(1, state="dry" if face == "done" else "new", face=face)
    keep(case.pk, reference=case.reference, face=face)
    return f"/melden/{case.reference}/"


def test_me_too_counts_the_same_browser_as_the_same_person(
    client: Client, said: list[tuple[Any, ...]]
) -> None:
    address = report()
    for _ in range(2):
        answer = client.post(f"{address}ich-auch/", sent("issues.me_too"))
        assert (answer.status_code, answer["Location"]) == (302, address)
    Client().post(f"{address}ich-auch/", sent("issues.me_too"))
    assert said[0] == said[1]
    assert said[2] != said[0]
    assert said[0][2]["who"].startswith("browser:")


def test_who_throws_cookies_away_is_counted_some_times_a_day_and_not_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(votes, "votes_pace", Pace(burst=1000))
    case = make_case(1)
    keep(case.pk, reference=case.reference)
    address = f"/melden/{case.reference}/ich-auch/"

    def say(client: Client, network: str = "203.0.113.7") -> int:
        return client.post(address, sent("issues.me_too"), REMOTE_ADDR=network).status_code

    first = Client()
    codes = [say(first), *(say(Client()) for _ in range(30))]
    assert codes.count(302) == voices.MOST_OF_A_LINE
    assert set(codes[voices.MOST_OF_A_LINE :]) == {422}
    assert say(first) == 302  # the same browser said it before: nothing new
    assert say(Client(), "203.0.113.8") == 302
    assert (Support.objects.count(), Case.objects.get().weight) == (voices.MOST_OF_A_LINE + 1,) * 2


def test_what_voices_were_counted_with_is_gone_the_next_day(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(voices.MOST_OF_A_LINE):
        voices.take_voice("case:1", "203.0.113.7", f"browser:{number}")
    with pytest.raises(TooMany):
        voices.take_voice("case:1", "203.0.113.7", "browser:new")
    voices.take_voice("case:2", "203.0.113.7", "browser:new")
    voices.take_voice("case:1", "203.0.113.7", "user:1")  # an account counts once anyway
    old = {bytes(one.secret) for one in DaySecret.objects.all()}
    assert not any(b"203.0.113.7" in bytes(one.line) + bytes(one.voice) for one in VoiceOfDay.objects.all())
    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda: tomorrow)
    voices.take_voice("case:1", "203.0.113.7", "browser:new")
    assert list(VoiceOfDay.objects.values_list("day", flat=True)) == [tomorrow]
    assert not old & {bytes(one.secret) for one in DaySecret.objects.all()}


def test_a_report_whose_case_is_gone_takes_no_voice(client: Client) -> None:
    keep(987_654)
    assert client.post("/melden/987654-TEST/ich-auch/", sent("issues.me_too")).status_code == 404


def test_who_leaves_an_address_is_asked_by_mail_before_anything_is_sent(
    client: Client, said: list[Any]
) -> None:
    client.post(f"{report()}ich-auch/", sent("issues.me_too", email="a@example.org"))
    [found] = Subscription.objects.all()
    assert (found.kind, found.key, found.confirmed_at) == ("case", "issues.CASE-0001", None)


def test_nobody_says_anything_about_a_report_that_is_not_published(client: Client, said: list[Any]) -> None:
    for way in ("ich-auch", "nicht-erledigt"):
        assert client.post(f"/melden/HIDE-2345/{way}/", sent("issues.me_too")).status_code == 404
    assert said == []


@pytest.mark.parametrize("broken", [{"started": ""}, {"website": "x"}, {"started": "form:1:x"}])
def test_a_robot_counts_for_nothing(client: Client, said: list[Any], broken: dict[str, str]) -> None:
    keep(1)
    assert client.post("/melden/0001-TEST/ich-auch/", sent("issues.me_too") | broken).status_code == 422
    assert said == []


def test_a_form_of_another_site_is_refused(said: list[Any]) -> None:
    keep(1)
    client = Client(enforce_csrf_checks=True)
    assert client.post("/melden/0001-TEST/ich-auch/", sent("issues.me_too")).status_code == 403


def test_a_refusal_stands_beside_the_form(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: Any, **_more: Any) -> None:
        raise Conflict("Die Meldung ist schon erledigt.")

    monkeypatch.setattr(votes, "support_case", refuse)
    answer = client.post(f"{report()}ich-auch/", sent("issues.me_too"))
    assert answer.status_code == 422
    assert "Die Meldung ist schon erledigt." in answer.content.decode()


def test_each_face_offers_what_fits_it(client: Client) -> None:
    for number, face, words in (
        (1, "received", "Ich auch"),
        (2, "done", "Nicht erledigt"),
        (3, "not_possible", ""),
    ):
        keep(number, face=face)
        page = client.get(f"/melden/{number:04d}-TEST/").content.decode()
        assert ("ich-auch/" in page) == (words == "Ich auch")
        assert ("nicht-erledigt/" in page) == (words == "Nicht erledigt")


def test_not_fixed_takes_words_and_a_photo_that_nobody_sees_yet(client: Client, said: list[Any]) -> None:
    address = report("done")
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, "JPEG")
    photo = SimpleUploadedFile("x.jpg", picture.getvalue(), "image/jpeg")
    answer = client.post(
        f"{address}nicht-erledigt/", sent("issues.not_fixed", text="Noch nass.", photo=photo)
    )
    assert answer.status_code == 302
    [(kind, case_id, more)] = said
    assert (kind, more["text"]) == ("not_fixed", "Noch nass.")
    stored = StoredFile.objects.get(pk=more["photo_id"])
    assert (stored.subject, stored.role, stored.is_published) == (f"case:{case_id}", "answer", False)
    assert more["who"].split(":")[1] not in stored.owner  # who spoke is kept as a digest only


def test_what_is_no_photo_is_refused_and_nothing_is_kept(client: Client, said: list[Any]) -> None:
    address = report("done")
    photo = SimpleUploadedFile("x.jpg", b"<script>", "image/jpeg")
    answer = client.post(f"{address}nicht-erledigt/", sent("issues.not_fixed", text="x", photo=photo))
    assert answer.status_code == 422
    assert said == []
    assert not StoredFile.objects.exists()


def test_an_abo_for_a_topic_hears_of_new_reports_once(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listeners, "project", lambda _number: True)
    asked = sent("issues.subscribe", what="topic:issues.deep", email="a@example.org")
    assert client.post("/melden/abo/", asked).status_code == 302
    [found] = Subscription.objects.all()
    confirm(secret_of(found))
    keep(1)
    keep(2, category="wide")
    for number in (1, 1, 2):
        listeners.case_opened(events.CaseOpened(number))
    told = [telling.fact.title for telling in found.waiting.all()]
    assert told == ["Neue Meldung: Tiefe Pfütze"]


def test_the_page_of_a_topic_leads_to_its_abo(client: Client) -> None:
    page = client.get("/melden/abo/?kategorie=wide").content.decode()
    assert '<option value="topic:issues.wide" selected>' in page
    assert "private" not in page


def test_followers_hear_each_step_once_and_are_forgotten_with_the_report(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listeners, "project", lambda _number: True)
    keep(
        1,
        face="not_possible",
        reason="Privatgrund",
        history=[{"on": "2026-01-01", "face": "not_possible", "text": ""}],
    )
    for _ in range(2):
        listeners.case_moved(events.CaseMoved(1, 1, "refuse", "refused"))
    [fact] = Fact.objects.all()
    assert (fact.kind, fact.key, fact.text) == (subscribing.CASE, "issues.0001-TEST", "Privatgrund")
    listeners.case_anonymised(events.CaseAnonymised(1))
    assert not Fact.objects.exists()
    assert PublicIssue.objects.filter(pk=1).exists()  # the projection itself was held back here


def test_a_photo_that_was_released_is_shown_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    monkeypatch.setattr(listeners, "project", made.append)
    for subject in ("case:7", "draft:8", "case:x", ""):
        listeners.photo_changed(FileChanged(subject))
    assert made == [7]
    assert TYPE.door == "melden"
