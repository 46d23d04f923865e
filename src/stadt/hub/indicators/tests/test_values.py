"""Values: stored with what they came from, computed again to the same number, never zero for nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.utils import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from stadt.core.errors import Conflict, Forbidden, NotFound, SignInNeeded
from stadt.core.people.actor import Actor
from stadt.hub.datasets.services import publish_now, purge_snapshot
from stadt.hub.indicators import queries, services
from stadt.hub.indicators.declaration import Figure, Indicator, Period, PeriodKind, Quality
from stadt.hub.indicators.jobs import compute_all, compute_over_dataset
from stadt.hub.indicators.models import IndicatorValue
from stadt.hub.indicators.tests.conftest import FULL_SHARE, NO_CONTAINERS, Probe

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")
KEY = FULL_SHARE.key


def test_a_value_knows_its_numbers_its_snapshot_and_its_formula(probe: Probe, actor: Actor) -> None:
    snapshot = publish_now(actor, "probe.containers")
    assert snapshot is not None
    value = services.compute_now(actor, KEY)
    assert value.value == pytest.approx(100 / 3)
    assert (value.numerator, value.denominator) == (1, 3)
    assert value.quality is Quality.PROVISIONAL
    assert not value.simulated
    [cited] = value.inputs
    assert (cited["dataset"], cited["number"], cited["content_hash"]) == (
        "probe.containers",
        1,
        snapshot.content_hash,
    )
    assert value.version == 1


def test_computing_an_old_value_again_gives_the_stored_value(probe: Probe, actor: Actor) -> None:
    publish_now(actor, "probe.containers")
    value = services.compute_now(actor, KEY)
    probe.rows.append({"id": "9", "fill": 99.0})
    publish_now(actor, "probe.containers")
    again = services.recompute(value.id)
    assert (again.value, again.numerator, again.denominator) == (
        value.value,
        value.numerator,
        value.denominator,
    )
    assert services.compute_now(actor, KEY).value == 50.0


def test_a_cited_snapshot_cannot_be_purged_until_the_value_cites_another(probe: Probe, actor: Actor) -> None:
    publish_now(actor, "probe.containers")
    services.compute_now(actor, KEY)
    probe.rows.pop()
    publish_now(actor, "probe.containers")
    with pytest.raises(Conflict):
        purge_snapshot(actor, "probe.containers", 1)
    services.compute_now(actor, KEY)
    purge_snapshot(actor, "probe.containers", 1)


def test_simulated_rows_make_a_simulated_value(probe: Probe, actor: Actor) -> None:
    probe.rows[0]["is_simulated"] = True
    publish_now(actor, "probe.containers")
    assert services.compute_now(actor, KEY).simulated


def test_no_snapshot_and_nothing_to_divide_by_are_no_value_with_a_reason(probe: Probe, actor: Actor) -> None:
    value = services.compute_now(actor, KEY)
    assert value.value is None
    assert "probe.containers" in value.reason
    publish_now(actor, "probe.containers")
    probe.rows.clear()
    publish_now(actor, "probe.containers")
    value = services.compute_now(actor, KEY)
    assert value.value is None
    assert value.reason == NO_CONTAINERS


def test_not_a_number_is_no_value(probe: Probe, actor: Actor) -> None:
    probe.declare(replace(FULL_SHARE, compute=lambda period, place, sources: Figure(float("nan"))))
    value = services.compute_now(actor, KEY)
    assert value.value is None
    assert value.reason


def test_a_value_is_replaced_while_its_period_runs_and_frozen_after(probe: Probe, actor: Actor) -> None:
    publish_now(actor, "probe.containers")
    yesterday = services.present_period(FULL_SHARE).before()
    first = services.compute_for(
        actor, FULL_SHARE, replace(yesterday, as_of=yesterday.end - timedelta(hours=3))
    )
    assert first.quality is Quality.PROVISIONAL
    probe.rows.pop()
    publish_now(actor, "probe.containers")
    [closed] = services.close_periods(actor, FULL_SHARE)
    assert (closed.id, closed.value, closed.quality) == (first.id, 50.0, Quality.FINAL)
    probe.rows.pop()
    publish_now(actor, "probe.containers")
    assert services.close_periods(actor, FULL_SHARE) == []
    assert services.compute_for(actor, FULL_SHARE, yesterday).value == 50.0


def test_missing_periods_are_computed_once(probe: Probe, actor: Actor) -> None:
    publish_now(actor, "probe.containers")
    indicator = replace(FULL_SHARE, backfill=3)
    assert len(services.close_periods(actor, indicator)) == 3
    assert services.close_periods(actor, indicator) == []
    services.compute_now(actor, KEY)
    values = queries.history(KEY)
    assert [value.period_start for value in values] == sorted(value.period_start for value in values)
    assert len(values) == 4
    assert queries.latest_values([KEY])[KEY].id == values[-1].id


def test_a_query_is_kept_with_its_result(probe: Probe, actor: Actor) -> None:
    def count(period: Period, place: Any, sources: Any) -> Figure:
        [(number, moment, share)] = sources.query(
            "Zählung",
            "SELECT count(*), %s::timestamptz, 0.5::numeric FROM indicators_indicatorvalue",
            period.as_of,
        )
        assert moment == period.as_of
        return Figure(number + float(share))

    indicator = replace(FULL_SHARE, compute=count)
    probe.declare(indicator)
    value = services.compute_now(actor, KEY)
    assert value.value == 0.5
    assert services.recompute(value.id).value == 0.5


def test_a_query_cannot_write(probe: Probe, actor: Actor) -> None:
    def write(period: Period, place: Any, sources: Any) -> Figure:
        return Figure(len(sources.query("Schreiben", "DELETE FROM datasets_snapshot RETURNING 1")))

    publish_now(actor, "probe.containers")
    probe.declare(replace(FULL_SHARE, compute=write))
    with pytest.raises(DatabaseError, match="read-only"):
        services.compute_now(actor, KEY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), current_setting('transaction_read_only') FROM datasets_snapshot")
        assert cursor.fetchone() == (1, "off")


def test_another_version_of_the_formula_does_not_recompute_old_values(probe: Probe, actor: Actor) -> None:
    publish_now(actor, "probe.containers")
    value = services.compute_now(actor, KEY)
    probe.declare(replace(FULL_SHARE, version=2))
    with pytest.raises(NotFound, match="Fassung 1"):
        services.recompute(value.id)


def test_strangers_may_not_compute(probe: Probe) -> None:
    with pytest.raises((Forbidden, SignInNeeded)):
        services.compute_now(Actor.anonymous(), KEY)


def test_a_publication_computes_the_indicators_that_cite_or_await_the_dataset(
    probe: Probe, actor: Actor
) -> None:
    from stadt.hub.datasets.events import SnapshotPublished

    services.compute_now(actor, KEY)
    publish_now(actor, "probe.containers")
    compute_over_dataset(SnapshotPublished("probe.containers", 1))
    assert queries.latest_values([KEY])[KEY].value == pytest.approx(100 / 3)


def test_a_publication_computes_what_was_never_computed_and_nothing_else(probe: Probe, actor: Actor) -> None:
    publish_now(actor, "probe.containers")
    assert KEY in {indicator.key for indicator in services.indicators_over("probe.other")}
    services.compute_now(actor, KEY)
    assert KEY not in {indicator.key for indicator in services.indicators_over("probe.other")}
    assert KEY in {indicator.key for indicator in services.indicators_over("probe.containers")}


def test_a_broken_formula_stops_no_other(
    probe: Probe, actor: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(period: Period, place: Any, sources: Any) -> Figure:
        raise RuntimeError("broken")

    probe.declare(replace(FULL_SHARE, key="probe.broken", compute=fail))
    compute_all()
    assert "probe.broken could not be computed" in caplog.text
    assert not IndicatorValue.objects.filter(key="probe.broken").exists()


@given(
    st.sampled_from(list(PeriodKind)),
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_periods_follow_one_another_without_gap(kind: PeriodKind, moment: datetime) -> None:
    period = Period.containing(kind, moment, BERLIN)
    assert period.start <= moment < period.end
    before = period.before()
    assert before.end.astimezone(UTC) == period.start.astimezone(UTC)
    assert before.is_over
    assert Period.containing(kind, period.end, BERLIN).start == period.end


def test_a_day_with_the_clock_put_back_has_25_hours() -> None:
    period = Period.containing(PeriodKind.DAY, datetime(2026, 10, 25, 12, tzinfo=UTC), BERLIN)
    assert (period.end.astimezone(UTC) - period.start.astimezone(UTC)) == timedelta(hours=25)


def test_shares_are_in_percent_and_need_a_denominator() -> None:
    assert Figure.share(1, 4, reason=NO_CONTAINERS).value == 25.0
    assert Figure.share(0, 0, reason=NO_CONTAINERS).value is None


def test_indicators_without_words_are_refused_at_start(probe: Probe) -> None:
    from stadt.hub.indicators.checks import problems

    broken: Indicator = replace(FULL_SHARE, formula="")
    probe.declare(broken)
    assert list(problems()) == ["Kennzahl „probe.full_share“: formula fehlt."]
