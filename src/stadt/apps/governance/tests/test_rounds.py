"""Survey rounds: a key date, what is missing and from whom, frozen by a second person and kept for good (M-01, M-02)."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from stadt.apps.governance import frozen, public, strategy
from stadt.apps.governance.intervals import later
from stadt.apps.governance.kinds import RoundState
from stadt.apps.governance.models import SurveyRound
from stadt.apps.governance.queries import rounds as queries
from stadt.apps.governance.rights import RUN_ROUNDS
from stadt.apps.governance.services import rounds as services
from stadt.apps.strategy import public as teams
from stadt.core.errors import Conflict, Forbidden, Invalid
from stadt.core.people.actor import Actor
from stadt.core.people.models import Membership, Organisation, Role, User
from stadt.core.people.services import ensure_foundations
from stadt.hub.indicators.models import IndicatorValue

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("test")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
KEY_DATE = date(2026, 6, 30)


@pytest.fixture(autouse=True)
def city(settings: Any) -> None:
    ensure_foundations()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []


@pytest.fixture
def measured() -> str:
    """A printed indicator that the platform measures."""
    return next(one.code for one in strategy.list_indicators() if strategy.own_keys(one.code))


@pytest.fixture
def unmeasured() -> str:
    """A printed indicator without any source that some measure is to move."""
    moved = {code for measure in strategy.list_measures() for code in measure.indicator_codes}
    found = next(
        (
            one.code
            for one in strategy.list_indicators()
            if not strategy.own_keys(one.code) and one.code in moved
        ),
        None,
    )
    return found or pytest.skip("this city's strategy has no such indicator")


def person(name: str, *keys: str) -> User:
    user = User.objects.create_user(email=f"{name}@example.org", name=name)
    if keys:
        role = Role.objects.create(key=f"role-{name}", title=name, permissions=list(keys))
        Membership.objects.create(user=user, role=role, organisation=Organisation.objects.get(key="stadt"))
    return user


def store(code: str, end: date, value: float | None) -> IndicatorValue:
    """A value of the code's first key for the month that ends before a day."""
    start, stop = (
        datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (end - timedelta(days=30), end)
    )
    return IndicatorValue.objects.create(
        key=strategy.own_keys(code)[0], period="month", period_start=start, period_end=stop, as_of=stop,
        value=value, reason="" if value is not None else "Kein Wert", state="value" if value is not None else "not_available", quality="final", simulated=False,
        version=1, release="test", computed_at=stop,
    )  # fmt: skip


def frozen_round(codes: list[str]) -> SurveyRound:
    row = services.open_round(SYSTEM, KEY_DATE, "Erhebung", codes)
    services.complete_round(SYSTEM, row.pk)
    return services.freeze_round(SYSTEM, row.pk)


# -- running -------------------------------------------------------------------------------------------------------


def test_a_round_asks_for_the_priority_indicators_else_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """M-01: the printed strategy marks none as a priority, so all are asked for."""
    assert services.open_round(SYSTEM, KEY_DATE, "Alle").indicators == [
        one.code for one in strategy.list_indicators()
    ]
    first, *rest = strategy.list_indicators()
    marked = [msgspec.structs.replace(first, priority=True), *rest]
    monkeypatch.setattr(strategy, "list_indicators", lambda: marked)
    assert services.open_round(SYSTEM, date(2025, 6, 30), "Vorrang").indicators == [first.code]


def test_a_key_date_has_one_round(measured: str) -> None:
    services.open_round(SYSTEM, KEY_DATE, "Erste", [measured])
    with pytest.raises(Invalid) as refused:
        services.open_round(SYSTEM, KEY_DATE, "Zweite", [measured])
    assert refused.value.fields[0].field == "key_date"
    assert SurveyRound.objects.count() == 1


@pytest.mark.parametrize("codes", [["K0.0-00"], ["\x00"], ["x" * 5000]])
def test_a_round_for_what_no_indicator_is_refused(codes: list[str]) -> None:
    measure = strategy.list_measures()[0].code
    for wrong in (codes, [measure]):
        with pytest.raises(Invalid) as refused:
            services.open_round(SYSTEM, KEY_DATE, "Erhebung", wrong)
        assert refused.value.fields[0].field == "indicators"
    assert not SurveyRound.objects.exists()


def test_the_value_that_held_at_the_key_date_counts_and_no_later_one(measured: str) -> None:
    store(measured, date(2026, 6, 1), 1.0)
    store(measured, date(2026, 7, 1), 2.0)
    store(measured, date(2026, 8, 1), 3.0)
    [found] = queries.find_values([measured], KEY_DATE)
    assert [value.value for value in found.values] == [2.0]
    assert found.missing == ""


def test_what_is_missing_says_why(measured: str, unmeasured: str) -> None:
    """M-03: missing is a state, never 0."""
    assert queries.find_values([unmeasured], KEY_DATE)[0].missing == "Keine Quelle ist angeschlossen."
    assert "keinen Wert" in queries.find_values([measured], KEY_DATE)[0].missing
    store(measured, date(2026, 7, 1), None)
    assert queries.find_values([measured], KEY_DATE)[0].missing == "Kein Wert"


def test_those_who_answer_for_data_get_one_mail_a_day(unmeasured: str) -> None:
    measure = next(one for one in strategy.list_measures() if unmeasured in one.indicator_codes)
    anna = person("anna")
    teams.add_member(SYSTEM, measure.code, anna.pk, "data_contact", "stadt")
    row = services.open_round(SYSTEM, KEY_DATE, "Halbjahr", [unmeasured])
    assert services.remind(SYSTEM, row.pk) == 1
    [message] = mail.outbox
    assert message.to == ["anna@example.org"]
    assert unmeasured in message.body
    assert "Halbjahr" in message.subject
    with pytest.raises(Conflict):
        services.remind(SYSTEM, row.pk)
    SurveyRound.objects.update(reminded_at=timezone.now() - timedelta(days=1))
    assert services.remind(SYSTEM, row.pk) == 1


# -- freezing ------------------------------------------------------------------------------------------------------


def test_a_second_person_freezes(measured: str) -> None:
    """R-16."""
    one, two = (Actor.for_user(person(name, RUN_ROUNDS.key)) for name in ("one", "two"))
    row = services.open_round(one, KEY_DATE, "Erhebung", [measured])
    with pytest.raises(Conflict):
        services.freeze_round(two, row.pk)
    services.complete_round(one, row.pk)
    with pytest.raises(Forbidden):
        services.freeze_round(one, row.pk)
    services.reopen_round(two, row.pk)
    services.complete_round(one, row.pk)
    assert services.freeze_round(two, row.pk).state == RoundState.FROZEN
    for verb in (services.freeze_round, services.complete_round, services.reopen_round, services.remind):
        with pytest.raises(Conflict):
            verb(two, row.pk)


def test_a_round_before_its_key_date_is_not_completed(measured: str) -> None:
    row = services.open_round(SYSTEM, timezone.localdate() + timedelta(days=1), "Morgen", [measured])
    with pytest.raises(Conflict):
        services.complete_round(SYSTEM, row.pk)


def test_the_snapshot_stays_when_values_change(measured: str, unmeasured: str) -> None:
    """M-01: the frozen values are the base of the next period."""
    store(measured, date(2026, 7, 1), 2.0)
    row = frozen_round([measured, unmeasured])
    snapshot = public.round_snapshot(row.pk)
    assert snapshot is not None
    assert [value["value"] for value in snapshot.values_of(measured)] == [2.0]
    assert snapshot.values_of(unmeasured) == []
    assert next(one for one in snapshot.document["indicators"] if one["code"] == unmeasured)["missing"]
    assert frozen.is_intact(row.snapshot, snapshot.sha256)
    IndicatorValue.objects.update(value=99.0)
    assert public.round_snapshot(row.pk) == snapshot
    assert frozen.canonical(json.loads(row.snapshot)) == row.snapshot


def test_the_database_refuses_to_change_a_frozen_round(measured: str) -> None:
    row = frozen_round([measured])
    for change in (
        lambda: SurveyRound.objects.filter(pk=row.pk).update(snapshot="{}"),
        lambda: SurveyRound.objects.filter(pk=row.pk).update(state="open"),
        lambda: SurveyRound.objects.filter(pk=row.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    SurveyRound.objects.filter(pk=row.pk).update(frozen_by=None)


def test_only_frozen_rounds_are_told_and_examples_are_no_base(measured: str) -> None:
    row = services.open_round(SYSTEM, KEY_DATE, "Läuft", [measured])
    assert public.round_snapshot(row.pk) is None
    assert public.round_snapshot(0) is None
    assert public.latest_round() is None
    services.complete_round(SYSTEM, row.pk)
    services.freeze_round(SYSTEM, row.pk)
    found = public.latest_round()
    assert found is not None
    assert found.id == row.pk
    assert public.latest_round(before=KEY_DATE) is None


# -- overdue -------------------------------------------------------------------------------------------------------


def test_an_indicator_is_overdue_after_its_interval_and_delay(
    measured: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """M-02."""
    found = strategy.find_indicator(measured)
    assert found is not None
    slow = msgspec.structs.replace(found, interval="P1M", expected_delay_days=10)
    monkeypatch.setattr(strategy, "list_indicators", lambda: [slow])
    assert [one.last for one in queries.list_overdue(date(2026, 8, 1))] == [None]
    store(measured, date(2026, 7, 1), 2.0)
    assert queries.list_overdue(date(2026, 8, 9)) == []
    assert [one.code for one in queries.list_overdue(date(2026, 8, 10))] == [measured]
    monkeypatch.setattr(strategy, "list_indicators", lambda: [found])
    assert queries.list_overdue(date(2030, 1, 1)) == []


def test_the_values_of_all_surveyed_indicators_are_asked_for_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = [msgspec.structs.replace(one, interval="P1Y") for one in strategy.list_indicators()]
    monkeypatch.setattr(strategy, "list_indicators", lambda: known)
    asked: list[set[str]] = []

    def none_yet(keys: Iterable[str]) -> dict[str, Any]:
        asked.append(set(keys))
        return {}

    monkeypatch.setattr(queries, "latest_values", none_yet)
    assert len(queries.list_overdue()) == len(known)
    assert asked == [{key for one in known for key in strategy.own_keys(one.code)}]


@pytest.mark.parametrize(
    ("day", "duration", "wanted"),
    [
        (date(2026, 1, 31), "P1M", date(2026, 2, 28)),
        (date(2024, 2, 29), "P1Y", date(2025, 2, 28)),
        (date(2026, 1, 1), "P2W", date(2026, 1, 15)),
        (date(2026, 11, 15), "P3M", date(2027, 2, 15)),
        (date(2026, 1, 1), "P", None),
        (date(2026, 1, 1), "jährlich", None),
        (date(9998, 1, 1), "P99Y", None),
    ],
)
def test_durations_are_those_of_iso_8601(day: date, duration: str, wanted: date | None) -> None:
    assert later(day, duration) == wanted


@given(st.dates(max_value=date(9000, 1, 1)), st.integers(0, 99), st.integers(0, 999), st.integers(0, 9999))
def test_later_is_never_earlier(day: date, years: int, months: int, days: int) -> None:
    found = later(day, f"P{years}Y{months}M{days}D")
    assert found is not None
    assert found >= day


# -- pages ---------------------------------------------------------------------------------------------------------


def test_the_pages_run_a_round_from_its_beginning_to_its_snapshot(measured: str) -> None:
    one, two = Client(), Client()
    for client, name in ((one, "one"), (two, "two")):
        client.force_login(person(name, RUN_ROUNDS.key), BACKEND)
    store(measured, date(2026, 7, 1), 2.5)
    sent = {"title": "Halbjahr", "key_date": KEY_DATE.isoformat(), "indicators": measured}
    made = one.post("/gremien/erhebungen/", sent)
    assert made.status_code == 302
    assert one.post("/gremien/erhebungen/", sent).status_code == 422
    for do, client in (("complete", one), ("freeze", one), ("freeze", two), ("nonsense", two)):
        assert client.post(made["Location"], {"do": do}).status_code == 302
    page = two.get(made["Location"]).content.decode()
    assert "2,5" in page
    assert SurveyRound.objects.get().sha256 in page
    assert two.get(f"{made['Location']}?format=json").json()["format"] == queries.ROUND
