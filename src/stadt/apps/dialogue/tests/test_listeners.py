"""What becomes news, when, and what does not."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from stadt.apps.dialogue import details, listeners, queries, wording
from stadt.apps.dialogue.models import News
from stadt.apps.dialogue.services import subscriptions
from stadt.apps.governance import public as governance
from stadt.apps.governance.events import DecisionTaken
from stadt.apps.reports.events import ReportReleased
from stadt.apps.strategy import public as strategy
from stadt.apps.strategy.events import EditionAdopted, MeasureRescheduled, MeasureStruck, StrategyChanged
from stadt.core.people.actor import Actor
from stadt.hub.indicators import queries as figures
from stadt.hub.indicators.declaration import PeriodKind, Quality
from stadt.hub.indicators.events import FigureRevised, FigureStored
from stadt.hub.indicators.queries import Value

pytestmark = pytest.mark.django_db
KEY = "catalogue.published_datasets"
START = datetime(2026, 3, 2, 23, tzinfo=UTC)


def value(start: datetime, number: float | None = 5.0, as_of: datetime | None = None) -> Value:
    end = start + timedelta(days=1)
    return Value(
        id=1, key=KEY, value=number, numerator=None, denominator=None, quality=Quality.FINAL, simulated=True,
        period=PeriodKind.DAY, period_start=start, period_end=end, as_of=as_of or end, computed_at=end, place_id=None,
        version=1, release="test", reason_text="", reason_values={}, inputs=[], sample=[],
    )  # fmt: skip


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch, measure: str) -> Any:
    """Call it with a value: it is stored, and its figure measures the measure's first indicator."""
    code = strategy.codes_below(measure)[0]
    reference = strategy.Reference(code, "Titel", "/strategie/")
    monkeypatch.setattr(strategy, "list_indicators_of_key", lambda key: [reference] if key == KEY else [])

    def store(one: Value, key: str = KEY) -> None:
        monkeypatch.setattr(figures, "history", lambda *_arguments: [one])
        listeners.figure_stored(FigureStored(key, "day", one.period_start))

    return store


def test_of_daily_values_one_a_week_is_news(stored: Any) -> None:
    for day in range(10):
        stored(value(START + timedelta(days=day)))
    assert [item.key for item in News.objects.order_by("key")] == [
        f"value:{KEY}:2026-10",
        f"value:{KEY}:2026-11",
    ]
    assert all(item.is_simulated for item in News.objects.all())


def test_no_value_and_a_running_period_are_no_news(stored: Any) -> None:
    stored(value(START, number=None))
    stored(value(START, as_of=START))
    stored(value(START), key="waste.monitored_share")
    assert not News.objects.exists()


def test_a_corrected_value_is_news_each_time(stored: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "find_value", lambda number: value(START))
    for number in (1, 1, 2):
        listeners.figure_revised(FigureRevised(KEY, number, 1.0, 5.0))
    assert News.objects.count() == 2
    assert "von 1 auf 5 berichtigt" in wording.sentence(News.objects.first())  # type: ignore[arg-type]


def test_a_correction_tells_no_number_that_is_kept_secret_now(
    stored: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "find_value", lambda number: value(START, number=None))
    listeners.figure_revised(FigureRevised(KEY, 1, 1.0, None))
    told = News.objects.get()
    assert (told.facts, wording.sentence(told)) == ({}, "Ein veröffentlichter Wert wurde berichtigt.")


def changed(code: str, kind: str = "changed", count: int = 1) -> Any:
    """What a change request changed, as the strategy tells it."""
    one = SimpleNamespace(
        code=code, kind=kind, detail="Titel jetzt „B“, vorher „A“.", sentence=f"Geändert: {code}."
    )
    return SimpleNamespace(changes=[one] * count, count_line="1 geändert")


def test_a_decided_change_is_told_once_with_what_changed_and_an_import_never(
    measure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strategy, "changed_by", lambda number: changed(measure))
    monkeypatch.setattr(strategy, "adopted_with", lambda name: changed(measure))
    listeners.strategy_changed(StrategyChanged((measure,), None))
    for _ in range(2):
        listeners.strategy_changed(StrategyChanged((measure,), 7))
        listeners.measure_struck(MeasureStruck(measure))
        listeners.edition_adopted(EditionAdopted("2.0"))
    assert {item.kind for item in News.objects.all()} == {"change", "struck", "edition"}
    told = News.objects.get(kind="change")
    assert (told.codes, wording.sentence(told)) == ([measure], "Titel jetzt „B“, vorher „A“.")
    with override("en"):
        assert "1 geändert" in wording.sentence(News.objects.get(kind="edition"))
    News.objects.update(facts={})
    assert wording.sentence(News.objects.get(kind="change")), (
        "news from before details were kept still say something"
    )


def test_what_has_news_or_no_page_of_its_own_is_not_told_as_a_change_of_that_item(
    measure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strategy, "changed_by", lambda number: changed(measure, "struck"))
    listeners.strategy_changed(StrategyChanged((measure,), 7))
    assert not News.objects.exists()
    monkeypatch.setattr(strategy, "changed_by", lambda number: changed("A-1"))
    listeners.strategy_changed(StrategyChanged(("A-1",), 8))
    assert News.objects.get().codes == ["S"]


def test_a_change_without_a_page_of_its_own_waits_for_its_day_too(monkeypatch: pytest.MonkeyPatch) -> None:
    later = timezone.localdate() + timedelta(days=40)
    monkeypatch.setattr(strategy, "newest_since", lambda code: later if code == "A-1" else None)
    monkeypatch.setattr(strategy, "changed_by", lambda number: changed("A-1"))
    listeners.strategy_changed(StrategyChanged(("A-1",), 8))
    assert timezone.localdate(News.objects.get().happened_at) == later


def test_of_many_changes_the_first_are_told_and_the_rest_counted() -> None:
    two, many = changed("M-1", count=1).changes + changed("M-2").changes, changed("M-1", count=9).changes
    assert details.of_changes(two)["de"] == ["Geändert: M-1.", "Geändert: M-2."]
    assert details.of_changes([*many, *two])["de"][-1] == "Dazu 6 weitere."
    assert len(details.in_all_languages(lambda: ["Wort " * 500])["de"][0]) < 450


def test_what_is_decided_for_later_is_news_from_its_day_on(
    measure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = timezone.localdate() + timedelta(days=40)
    monkeypatch.setattr(strategy, "newest_since", lambda code: later)
    listeners.measure_rescheduled(MeasureRescheduled(measure))
    told = News.objects.get()
    assert timezone.localdate(told.happened_at) == later
    assert not told.is_due
    assert not queries.list_news("S").exists()
    News.objects.update(happened_at=timezone.now() - timedelta(minutes=1))
    subscriptions.send_news(Actor.system("test"))
    assert News.objects.get().is_due
    assert queries.list_news(measure).exists()


def test_an_item_that_was_never_recorded_is_true_now(measure: str) -> None:
    monday = date(2026, 3, 2)
    assert strategy.newest_since("M-99.9.9") is None
    assert monday < timezone.localdate(listeners._true_since("M-99.9.9"))


def test_a_decision_is_news_of_what_it_is_about(measure: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def decided(subjects: tuple[str, ...]) -> Any:
        return SimpleNamespace(subjects=subjects, title="Start", is_example=True)

    monkeypatch.setattr(
        governance, "find_decision", lambda number: decided((measure, "X")) if number < 9 else None
    )
    for number in (3, 3, 9):
        listeners.decision_taken(DecisionTaken(number))
    told = News.objects.get()
    assert (told.codes, told.is_simulated) == ([measure], True)
    assert told.path.endswith("/3/")
    monkeypatch.setattr(governance, "find_decision", lambda number: decided(()))
    listeners.decision_taken(DecisionTaken(4))
    assert News.objects.get(key="decision:4").codes == ["S"]


def test_a_released_report_is_news_once() -> None:
    for _ in range(2):
        listeners.report_released(ReportReleased(5))
    assert (News.objects.get().kind, News.objects.get().is_simulated) == ("report", False)


def test_an_example_report_is_news_marked_as_simulated() -> None:
    listeners.report_released(ReportReleased(6, is_example=True))
    assert News.objects.get().is_simulated
