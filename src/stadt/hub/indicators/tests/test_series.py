"""Indicators of several series and breakdowns: stored apart, read apart, each computed again to the same number."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from stadt.core.people.actor import Actor
from stadt.hub.datasets.services import publish_now
from stadt.hub.indicators import dimensions, queries, services, wording
from stadt.hub.indicators.declaration import Figure, Method, Series
from stadt.hub.indicators.models import IndicatorValue
from stadt.hub.indicators.states import QualityClass, ValueState
from stadt.hub.indicators.statistics import wilson
from stadt.hub.indicators.tests.conftest import FULL_SHARE, Probe

pytestmark = pytest.mark.django_db
KEY = FULL_SHARE.key


def further(period: Any, place: Any, sources: Any) -> list[Figure]:
    [(total,)] = sources.ask("probe.containers", "SELECT count(*) FROM data")
    glass = Figure.missing("Glas wird nicht gemessen.", ValueState.NOT_APPLICABLE)
    return [
        Figure(float(total), series="count", note="Mit Reserve."),
        replace(glass, dimensions={"type": "glass"}),
    ]


def test_series_and_breakdowns_stand_side_by_side(probe: Probe, actor: Actor) -> None:
    probe.declare(replace(FULL_SHARE, further=further, series=(Series("count", "Anzahl", "1"),)))
    publish_now(actor, "probe.containers")
    main = services.compute_now(actor, KEY)
    [count] = queries.history(KEY, series="count")
    [glass] = queries.history(KEY, breakdown={"type": "glass"})
    assert (main.series, count.value, count.note) == ("", 3, "Mit Reserve.")
    assert (glass.value, glass.state, glass.reason) == (
        None,
        ValueState.NOT_APPLICABLE,
        "Glas wird nicht gemessen.",
    )
    assert "%" in wording.sentence(queries.definition_of(KEY), main)
    assert "%" not in wording.sentence(queries.definition_of(KEY), count), "told in its own unit"
    assert queries.latest_values([KEY])[KEY].id == main.id
    assert [services.recompute(item.id).value for item in (main, count, glass)] == [main.value, 3, None]
    services.compute_now(actor, KEY)
    assert IndicatorValue.objects.filter(key=KEY).count() == 3


def test_a_declared_method_gives_the_interval_and_recomputing_gives_it_again(
    probe: Probe, actor: Actor
) -> None:
    probe.declare(replace(FULL_SHARE, interval=Method.WILSON, quality_class=QualityClass.SURVEY))
    publish_now(actor, "probe.containers")
    value = services.compute_now(actor, KEY)
    assert value.interval == wilson(1, 3)
    assert value.quality_class is QualityClass.SURVEY
    assert queries.history(KEY)[0].interval == value.interval


def test_a_rate_is_told_per_so_many_and_a_zero_count_has_an_upper_bound(probe: Probe, actor: Actor) -> None:
    def deaths(period: Any, place: Any, sources: Any) -> Figure:
        return Figure(0.0, numerator=0, denominator=259_645)

    probe.declare(replace(FULL_SHARE, unit="1", compute=deaths, interval=Method.POISSON, per=100_000))
    value = services.compute_now(actor, KEY)
    assert value.interval is not None
    assert (value.interval.low, value.interval.high) == pytest.approx((0, 1.4207), rel=1e-3)


def test_a_share_of_a_complete_register_has_no_interval(probe: Probe, actor: Actor) -> None:
    publish_now(actor, "probe.containers")
    assert services.compute_now(actor, KEY).interval is None


def test_a_number_with_another_state_is_refused(probe: Probe, actor: Actor) -> None:
    probe.declare(
        replace(
            FULL_SHARE, compute=lambda period, place, sources: Figure(0.0, state=ValueState.NOT_COLLECTED)
        )
    )
    with pytest.raises(ValueError, match="contradicts"):
        services.compute_now(actor, KEY)


def test_the_database_keeps_no_zero_for_nothing(probe: Probe, actor: Actor) -> None:
    """M-03: missing is a state, never 0."""
    publish_now(actor, "probe.containers")
    services.compute_now(actor, KEY)
    for change in ({"state": "suppressed"}, {"value": None, "reason": "Fehlt."}):
        with pytest.raises(IntegrityError), transaction.atomic():
            IndicatorValue.objects.filter(key=KEY).update(**change)


def test_every_period_kind_is_computed_and_closed(probe: Probe, actor: Actor) -> None:
    from stadt.hub.indicators.periods import PeriodKind

    publish_now(actor, "probe.containers")
    for kind in PeriodKind:
        indicator = replace(FULL_SHARE, key=f"probe.{kind}", period=kind, backfill=1)
        probe.declare(indicator)
        [closed] = services.close_periods(actor, indicator)
        running = services.compute_now(actor, indicator.key)
        assert closed.is_final
        assert closed.period_end == running.period_start
        assert running.period_end - running.period_start > timedelta(hours=22)


def test_breakdowns_are_written_in_one_way_only() -> None:
    text = dimensions.written({"type": "E-Bike", "age": "18 bis 24"})
    assert text == "age=18 bis 24;type=E-Bike"
    assert dimensions.read(text) == {"type": "E-Bike", "age": "18 bis 24"}
    for wrong in ({"Type": "x"}, {"type": ""}, {"type": "a;b"}, {"type": "a=b"}, {"type": "\x00"}):
        with pytest.raises(ValueError, match="breakdown"):
            dimensions.written(wrong)
