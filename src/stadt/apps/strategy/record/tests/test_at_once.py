"""Two decisions at once, and a process that dies inside one: never half of anything."""

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection, transaction

from stadt.apps.strategy.record import services, store
from stadt.apps.strategy.record.models import ChangeRequest, ItemVersion
from stadt.apps.strategy.record.queries import strategy_at
from stadt.apps.strategy.record.services import ChangeDraft
from stadt.core.errors import Conflict, StadtError
from stadt.core.people.actor import Actor

Person = Callable[..., Actor]
DAY = date(2027, 1, 1)


def submitted(officer: Actor, *drafts: ChangeDraft) -> ChangeRequest:
    request = services.open_change_request(officer, "Antrag", "Grund")
    for draft in drafts:
        services.put_change(officer, request.pk, draft)
    return services.submit(officer, request.pk)


@pytest.mark.django_db(transaction=True)
def test_of_two_approvals_at_once_one_counts(person: Person, imported: None) -> None:
    officer, boards = person("strategy.propose"), [person("strategy.approve"), person("strategy.approve")]
    code = next(iter(strategy_at().measures))
    request = submitted(officer, ChangeDraft("change_measure", code, {"title": "Neu"}))
    start, told = threading.Barrier(2), []

    def decide(board: Actor) -> None:
        try:
            start.wait(timeout=30)
            services.approve(board, request.pk, DAY, "Drucksache 1")
            told.append("approved")
        except StadtError as error:
            told.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(board,)) for board in boards]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(told) == [Conflict.__name__, "approved"]
    assert ItemVersion.objects.filter(code=code, change_request=request).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_dies_inside_an_approval_leaves_nothing(
    person: Person, imported: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer, board = person("strategy.propose"), person("strategy.approve")
    first, second = list(strategy_at().measures)[:2]
    request = submitted(
        officer,
        ChangeDraft("change_measure", first, {"title": "Eins"}),
        ChangeDraft("change_measure", second, {"title": "Zwei"}),
    )
    before, rewrite, done = strategy_at(DAY), store.rewrite, []

    def rewrite_and_die(*given: object) -> None:
        rewrite(*given)  # type: ignore[arg-type]
        done.append(given)
        if len(done) == 1:
            connection.connection.close()  # as when the process is killed: the server rolls back

    monkeypatch.setattr(store, "rewrite", rewrite_and_die)
    with pytest.raises(Exception, match=r"closed|connection"):
        services.approve(board, request.pk, DAY, "Drucksache 1")
    connection.close()

    assert len(done) == 1
    assert strategy_at(DAY) == before
    with transaction.atomic():
        assert ChangeRequest.objects.select_for_update().get(pk=request.pk).state == "submitted"
