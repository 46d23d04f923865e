"""A check that turns is noted and told once; one that is seen is silent until the morning, or until it turns again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from stadt.apps.operations import checks, findings, services, watching
from stadt.apps.operations.models import CheckChange, CheckState, Sample
from stadt.core import city
from stadt.core.errors import NotFound
from stadt.core.manifest import Check, Manifest
from stadt.core.models import AuditEntry
from stadt.core.people.actor import Actor
from stadt.core.registry import registry

KEY = "bins.full"
NOW = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)


@dataclass
class Bin:
    """What the test's check looks at."""

    said: str | None = None
    asked: int = 0

    def look(self) -> str | None:
        self.asked += 1
        if self.said == "broken":
            raise RuntimeError("no bin of anna@example.org")
        return self.said


@pytest.fixture
def bin_(db: None) -> Iterator[Bin]:
    """A bin that is watched, in a city whose operators have an address."""
    found = Bin()
    check = Check(KEY, "Tonne", found.look, watched=True)
    registry.add(label="bins", name="bins", title="", uses=(), manifest=Manifest(doctor=(check,)))
    city.current().contact["operations"] = "betrieb@example.org"
    yield found
    del registry.apps["bins"]
    del city.current().contact["operations"]


def look(bin_: Bin, now: datetime) -> bool:
    check = next(check for check in registry.watched_checks if check.key == KEY)
    return watching.note(check, watching.ask(check), now)


def finding() -> findings.Finding:
    return next(one for one in findings.all_findings() if one.key == KEY)


def test_a_check_that_turns_is_noted_and_told_once(bin_: Bin) -> None:
    bin_.said = "Die Tonne ist voll: leeren."
    turned = [look(bin_, NOW + timedelta(minutes=minutes)) for minutes in (0, 5, 10)]
    assert turned == [True, False, False]
    assert [(change.is_bad, change.at) for change in CheckChange.objects.all()] == [(True, NOW)]
    assert [message.to for message in mail.outbox] == [["betrieb@example.org"]]
    assert mail.outbox[0].subject == "Betrieb: Tonne braucht Aufmerksamkeit"
    assert "Die Tonne ist voll: leeren." in mail.outbox[0].body


def test_that_all_is_well_again_is_told_too(bin_: Bin) -> None:
    for said in ("voll", "voll", None, None):
        bin_.said = said
        look(bin_, NOW)
    assert [change.is_bad for change in CheckChange.objects.order_by("id")] == [True, False]
    assert [message.subject for message in mail.outbox] == [
        "Betrieb: Tonne braucht Aufmerksamkeit",
        "Betrieb: Tonne ist wieder in Ordnung",
    ]


def test_a_check_that_is_well_from_the_beginning_is_told_to_nobody(bin_: Bin) -> None:
    look(bin_, NOW)
    assert (mail.outbox, list(CheckChange.objects.all())) == ([], [])


def test_without_an_address_it_is_noted_and_no_mail_is_written(bin_: Bin) -> None:
    city.current().contact["operations"] = ""
    bin_.said = "voll"
    assert look(bin_, NOW) is True
    assert mail.outbox == []


def test_the_state_keeps_since_when_it_is_so_and_the_newest_words(bin_: Bin) -> None:
    bin_.said = "halb voll"
    look(bin_, NOW)
    bin_.said = "ganz voll"
    look(bin_, NOW + timedelta(minutes=5))
    state = CheckState.objects.get(pk=KEY)
    assert (state.since, state.told["de"]) == (NOW, "ganz voll")
    assert state.checked_at == NOW + timedelta(minutes=5)


def test_a_check_that_fails_itself_is_bad_and_tells_nobodys_name(bin_: Bin) -> None:
    bin_.said = "broken"
    look(bin_, NOW)
    assert (
        CheckState.objects.get(pk=KEY).told["de"]
        == "Die Prüfung selbst ist gescheitert: RuntimeError: no bin of …@…"
    )


def test_the_job_asks_a_check_as_often_as_it_wants(bin_: Bin, monkeypatch: pytest.MonkeyPatch) -> None:
    watching.watch()
    watching.watch()
    assert bin_.asked == 1
    CheckState.objects.filter(pk=KEY).update(checked_at=timezone.now() - timedelta(minutes=5))
    watching.watch()
    assert bin_.asked == 2


def test_a_seen_check_is_silent_until_the_morning(bin_: Bin, actor: Actor) -> None:
    bin_.said = "voll"
    look(bin_, timezone.now())
    assert finding().is_loud
    until = services.silence_check(actor, KEY)
    assert timezone.localtime(until).hour == 7
    assert (finding().is_bad, finding().is_loud) == (True, False)
    CheckState.objects.filter(pk=KEY).update(silenced_until=timezone.now() - timedelta(seconds=1))
    assert finding().is_loud


def test_what_turns_bad_again_is_loud_again(bin_: Bin, actor: Actor) -> None:
    for said in ("voll", None, "voll"):
        bin_.said = said
        look(bin_, timezone.now())
        if said is None:
            continue
        assert finding().is_loud
        services.silence_check(actor, KEY)


def test_silencing_twice_is_one_row_in_the_audit(bin_: Bin, actor: Actor) -> None:
    for _ in range(2):
        services.silence_check(actor, KEY)
    assert list(AuditEntry.objects.values_list("verb", "subject")) == [("silence_check", f"check:{KEY}")]


def test_a_check_that_nobody_declares_cannot_be_silenced(db: None, actor: Actor) -> None:
    with pytest.raises(NotFound):
        services.silence_check(actor, "no.such_check")


def test_the_morning_is_seven_o_clock_even_when_the_clocks_change() -> None:
    assert services.next_morning(datetime(2026, 10, 24, 12, tzinfo=UTC)) == datetime(
        2026, 10, 25, 6, tzinfo=UTC
    )
    assert services.next_morning(datetime(2026, 11, 24, 22, 30, tzinfo=UTC)) == datetime(
        2026, 11, 25, 6, tzinfo=UTC
    )
    assert services.next_morning(datetime(2026, 11, 24, 23, 30, tzinfo=UTC)) == datetime(
        2026, 11, 26, 6, tzinfo=UTC
    )


def test_failed_jobs_and_mail_have_a_check_each(make_job: object) -> None:
    make_job("core.deliver_event", "failed")  # type: ignore[operator]
    make_job("core.send_mail", "failed")  # type: ignore[operator]
    assert "core.deliver_event" in (checks.check_failed_jobs() or "")
    assert "core.send_mail" not in (checks.check_failed_jobs() or "")
    assert (checks.check_mail() or "").startswith("1 E-Mail ließ")


def test_a_job_that_waits_too_long_is_told(make_job: object) -> None:
    make_job("core.deliver_event", age=timedelta(minutes=5))  # type: ignore[operator]
    assert checks.check_queue() is None
    make_job("core.deliver_event", age=timedelta(minutes=40))  # type: ignore[operator]
    assert "40 Minuten" in (checks.check_queue() or "")


def test_the_tables_of_this_version_need_no_migration(db: None) -> None:
    assert checks.check_migrations() is None


def add_sample(days_ago: float, database: int, free: int) -> None:
    at = NOW - timedelta(days=days_ago)
    Sample.objects.create(
        at=at,
        database_bytes=database,
        disk_free=free,
        disk_total=100,
        readings=0,
        jobs_waiting=0,
        jobs_failed=0,
    )


@pytest.mark.parametrize(
    ("samples", "days"),
    [
        ([], None),
        ([(0, 100, 50)], None),
        ([(0.5, 50, 50), (0, 100, 50)], None),
        ([(2, 100, 50), (0, 100, 50)], None),
        ([(2, 80, 50), (0, 100, 100)], 10),
        ([(40, 0, 500), (5, 50, 50), (0, 100, 35)], 3),
    ],
)
def test_days_of_room_follow_the_growth_of_the_last_week(
    db: None, samples: list[tuple[float, int, int]], days: int | None
) -> None:
    for sample in samples:
        add_sample(*sample)
    assert checks.days_of_room() == days
