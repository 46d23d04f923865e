"""V-05: change requests from the first line to the decision."""

from collections.abc import Callable
from datetime import date

import pytest

from stadt.apps.strategy.record import services
from stadt.apps.strategy.record.models import ChangeRequest
from stadt.apps.strategy.record.queries import history_of, strategy_at
from stadt.apps.strategy.record.services import ChangeDraft
from stadt.core.errors import Forbidden
from stadt.core.people.actor import Actor

Person = Callable[..., Actor]
DAY = date(2027, 1, 1)

pytestmark = pytest.mark.usefixtures("imported")


def first_measure() -> str:
    return next(iter(strategy_at().measures))


def request_of(officer: Actor, *drafts: ChangeDraft) -> ChangeRequest:
    request = services.open_change_request(officer, "Fortschreibung", "Der Stand hat sich geändert.")
    for draft in drafts:
        services.put_change(officer, request.pk, draft)
    return services.submit(officer, request.pk)


def test_what_is_approved_is_true_from_the_day_decided_on(person: Person) -> None:
    officer, board = person("strategy.propose"), person("strategy.approve", "strategy.see_internal")
    code = first_measure()
    before = strategy_at().measures[code]

    request = request_of(officer, ChangeDraft("change_measure", code, {"title": "Neuer Titel"}))
    services.approve(board, request.pk, DAY, "Drucksache 20-26/1")

    assert strategy_at(DAY).measures[code].title == "Neuer Titel"
    assert strategy_at(date(2026, 12, 31)).measures[code] == before
    assert strategy_at(edition="1.0").measures[code] == before
    assert [version.item.title for version in history_of(code)] == [before.title, "Neuer Titel"]


def test_who_worked_on_a_request_does_not_decide_on_it(person: Person) -> None:
    officer = person("strategy.propose", "strategy.approve", "strategy.see_internal")
    request = request_of(officer, ChangeDraft("change_measure", first_measure(), {"title": "Neu"}))

    with pytest.raises(Forbidden):
        services.approve(officer, request.pk, DAY, "Drucksache 1")
