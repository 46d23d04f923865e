"""The pages of operations, and the banner, for those who may and those who may not."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from stadt.apps.operations.models import CheckState, Fact
from stadt.apps.operations.sampling import take_sample
from stadt.core import condition, runs
from stadt.core.condition import Condition, Level
from stadt.core.models import AuditEntry

MakeJob = Callable[..., int]
PAGES = ("", "aufgaben/", "pruefungen/", "post/", "datenbank/", "verlauf/")


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.fixture(autouse=True)
def healthy_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Worker and disks of the machine that runs the tests are nobody's business here."""
    monkeypatch.setattr(condition, "conditions", lambda: ())


@pytest.fixture
def failing(db: None) -> CheckState:
    """A check that has turned bad."""
    return CheckState.objects.create(
        key="operations.failed_jobs",
        is_bad=True,
        told={"de": "3 Aufgaben sind gescheitert.", "en": "3 jobs failed."},
        since=timezone.now() - timedelta(hours=2),
        checked_at=timezone.now(),
    )


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_in_an_empty_city_and_offers_nothing_to_who_may_only_look(
    watcher: Client, path: str
) -> None:
    text = text_of(watcher, f"/betrieb/{path}")
    assert 'method="post" action="/betrieb/' not in text


@pytest.mark.parametrize("path", PAGES)
def test_no_page_opens_for_others(outsider: Client, path: str) -> None:
    assert outsider.get(f"/betrieb/{path}").status_code == 403
    assert Client().get(f"/betrieb/{path}").status_code == 302


def test_the_overview_says_in_a_sentence_what_needs_a_person(operator: Client, failing: CheckState) -> None:
    text = text_of(operator, "/betrieb/")
    assert "3 Aufgaben sind gescheitert." in text
    assert 'name="key" value="operations.failed_jobs"' in text


def test_the_overview_speaks_english(operator: Client, failing: CheckState) -> None:
    operator.cookies["django_language"] = "en"
    assert "3 jobs failed." in text_of(operator, "/betrieb/")


def test_what_failed_is_shown_with_its_reason_and_without_its_arguments(
    operator: Client, make_job: MakeJob
) -> None:
    number = make_job("core.send_mail", "failed", to="anna@example.org")
    runs.note("core.send_mail", number, 4, timezone.now(), 0.2, OSError("refused by mail.example.org"))
    for path in ("aufgaben/", "post/"):
        text = text_of(operator, f"/betrieb/{path}")
        assert "OSError: refused by mail.example.org" in text
        assert "anna@" not in text
        assert f"/betrieb/aufgaben/{number}/wiederholen/" in text


def test_a_click_on_retry_puts_the_job_back_and_says_so(operator: Client, make_job: MakeJob) -> None:
    number = make_job("core.deliver_event", "failed")
    answer = operator.post(f"/betrieb/aufgaben/{number}/wiederholen/", follow=True)
    assert "wieder in der Warteschlange" in answer.content.decode()
    again = operator.post(f"/betrieb/aufgaben/{number}/wiederholen/", follow=True)
    assert "Jemand war schneller" in again.content.decode()
    assert AuditEntry.objects.filter(verb="retry_job").count() == 1


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("aufgaben/{job}/wiederholen/", {}),
        ("aufgaben/{job}/verwerfen/", {}),
        ("aufgaben/{job}/abbrechen/", {}),
        ("aufgaben/wiederholen/", {"task": "core.deliver_event"}),
        ("aufgaben/ausfuehren/", {"task": "core.seal_audit"}),
        ("pruefungen/stillen/", {"key": "operations.mail"}),
    ],
)
def test_a_forged_form_changes_nothing(
    watcher: Client, outsider: Client, make_job: MakeJob, path: str, form: dict[str, str]
) -> None:
    address = "/betrieb/" + path.format(job=make_job("core.deliver_event", "failed"))
    assert watcher.post(address, form).status_code == 403
    assert outsider.post(address, form).status_code == 403
    assert Client().post(address, form).status_code == 302
    assert Client(enforce_csrf_checks=True).post(address, form).status_code in {302, 403}
    assert not AuditEntry.objects.exists()


def test_after_an_action_on_mail_one_is_back_on_mail(operator: Client) -> None:
    answer = operator.post("/betrieb/aufgaben/wiederholen/", {"task": "core.send_mail", "from": "mail"})
    assert answer["Location"] == "/betrieb/post/"
    elsewhere = operator.post(
        "/betrieb/aufgaben/wiederholen/", {"task": "x", "from": "https://evil.example/"}
    )
    assert elsewhere["Location"] == "/betrieb/aufgaben/"


def test_the_banner_stands_on_every_page_for_those_who_watch(
    watcher: Client, outsider: Client, failing: CheckState
) -> None:
    for address in ("/", "/daten/", "/betrieb/aufgaben/"):
        text = text_of(watcher, address)
        assert "3 Aufgaben sind gescheitert." in text, address
    assert "3 Aufgaben sind gescheitert." not in text_of(outsider, "/")
    assert "3 Aufgaben sind gescheitert." not in text_of(Client(), "/")


def test_the_banner_is_silent_once_it_was_seen_and_the_overview_is_not(
    operator: Client, failing: CheckState
) -> None:
    operator.post("/betrieb/pruefungen/stillen/", {"key": failing.key})
    assert "3 Aufgaben sind gescheitert." not in text_of(operator, "/")
    overview = text_of(operator, "/betrieb/")
    assert "3 Aufgaben sind gescheitert." in overview
    assert "Gesehen; der Hinweis ist bis" in overview


def test_a_wrong_check_is_not_found(operator: Client) -> None:
    assert operator.post("/betrieb/pruefungen/stillen/", {"key": "no.such"}).status_code == 404


def test_the_database_page_shows_tables_and_statements_of_the_sample(operator: Client) -> None:
    take_sample(timezone.now())
    Fact.objects.filter(key="statements").update(
        value=[{"text": "SELECT $1", "calls": 3, "mean_ms": 1.5, "share": 0.25, "rows": 3}]
    )
    text = text_of(operator, "/betrieb/datenbank/")
    assert "SELECT $1" in text
    assert "25,0" in text


def test_a_server_that_does_not_count_statements_is_said_to(operator: Client) -> None:
    Fact.objects.create(key="statements", at=timezone.now(), value=None)
    assert "zählt Abfragen nicht" in text_of(operator, "/betrieb/datenbank/")


@pytest.mark.parametrize("period", ["tag", "woche", "monat", "quartal", "<script>"])
def test_trends_open_for_every_period(operator: Client, period: str) -> None:
    for minutes in (0, 5, 10):
        take_sample(timezone.now() - timedelta(minutes=minutes))
    text = text_of(operator, f"/betrieb/verlauf/?zeitraum={period}")
    assert "Freier Platz auf dem Datenträger der Stadt" in text
    assert "<script>" not in text.split("<main")[1]


def test_the_overview_asks_the_database_a_bounded_number_of_questions(
    operator: Client, make_job: MakeJob, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for _ in range(20):
        make_job("core.deliver_event", "failed")
    take_sample(timezone.now())
    operator.get("/betrieb/")
    with django_assert_max_num_queries(30):  # type: ignore[attr-defined]
        operator.get("/betrieb/")


def test_a_dead_worker_stands_in_the_banner_though_nobody_could_note_it(
    watcher: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = Condition("worker", "Hintergrundarbeit", Level.FAILED, "Kein Worker.", "Starten.", timezone.now())
    monkeypatch.setattr(condition, "conditions", lambda: (dead,))
    assert "Hintergrundarbeit: Kein Worker. Starten." in text_of(watcher, "/")


def test_a_dead_worker_that_was_seen_is_loud_again_when_it_dies_again(
    operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dead(since: datetime) -> tuple[Condition, ...]:
        return (Condition("worker", "Hintergrundarbeit", Level.FAILED, "Kein Worker.", "", since),)

    first, second = timezone.now() - timedelta(minutes=1), timezone.now() + timedelta(hours=1)
    monkeypatch.setattr(condition, "conditions", lambda: dead(first))
    operator.post("/betrieb/pruefungen/stillen/", {"key": "operations.worker"})
    assert "Kein Worker." not in text_of(operator, "/")
    monkeypatch.setattr(condition, "conditions", lambda: dead(second))
    assert "Kein Worker." in text_of(operator, "/")


def test_backups_that_nobody_switched_on_are_not_called_in_order(watcher: Client) -> None:
    assert "nicht eingeschaltet; STADT_BACKUP nennt den Ordner dafür" in text_of(watcher, "/betrieb/")
