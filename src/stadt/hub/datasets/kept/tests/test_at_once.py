"""Several people at once: one of them wins, the others are told, readers see one whole state."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from stadt.core.errors import Conflict, NotFound, StadtError
from stadt.hub.datasets import queries
from stadt.hub.datasets.errors import Gone
from stadt.hub.datasets.kept import services
from stadt.hub.datasets.kept.tests.office import KEY, MORE_TREES, TREES, Office, kept_now
from stadt.hub.datasets.models import Delivery, Snapshot
from stadt.hub.datasets.rights import APPROVE

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], object]) -> list[StadtError | None]:
    """Do all of it at the same time, each on a connection of its own; what each was refused with."""
    refused: list[StadtError | None] = [None] * len(works)
    ready = threading.Barrier(len(works))

    def run(place: int, work: Callable[[], object]) -> None:
        ready.wait()
        try:
            work()
        except StadtError as error:
            refused[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def test_two_who_approve_at_once_make_one_snapshot(office: Office) -> None:
    from stadt.hub.datasets.kept.tests.office import person

    office.start()
    office.deliver()
    kept = services.submit_for_review(office.keeper, KEY, 1)
    approvers = [office.approver, person(201, office.organisation, APPROVE)]
    refused = at_once(*(lambda who=who: services.approve(who, KEY, kept.revision) for who in approvers))
    assert sorted(type(error).__name__ for error in refused) == ["Conflict", "NoneType"]
    assert Snapshot.objects.count() == 1


def test_two_who_change_the_same_card_at_once_are_not_mixed(office: Office) -> None:
    office.start()
    refused = at_once(
        lambda: services.change_card(office.keeper, KEY, 1, {"title": "Eins", "keywords": ["eins"]}),
        lambda: services.change_card(office.other_keeper, KEY, 1, {"title": "Zwei", "keywords": ["zwei"]}),
    )
    assert sorted(type(error).__name__ for error in refused) == ["Conflict", "NoneType"]
    assert (kept_now().title.lower(), kept_now().revision) == (kept_now().keywords[0], 2)


def test_two_files_that_come_at_once_both_have_a_number_and_one_is_open(office: Office) -> None:
    office.start()
    refused = at_once(
        lambda: services.receive_delivery(office.keeper, KEY, "a.csv", [TREES]),
        lambda: services.receive_delivery(office.other_keeper, KEY, "b.csv", [MORE_TREES]),
    )
    assert refused == [None, None]
    assert sorted(Delivery.objects.values_list("number", "state")) == [(1, "superseded"), (2, "received")]


def test_a_withdrawal_beside_an_approval_leaves_one_of_the_two(office: Office) -> None:
    office.publish()
    office.deliver(MORE_TREES)
    kept = services.submit_for_review(office.keeper, KEY, kept_now().revision)
    at_once(
        lambda: services.approve(office.approver, KEY, kept.revision),
        lambda: services.withdraw(office.other_keeper, KEY, "Falsch"),
    )
    assert kept_now().state == "withdrawn"
    assert queries.find_public(KEY) is None
    assert queries.find_latest(KEY) is None


def test_readers_see_a_whole_state_while_it_is_published_and_withdrawn(office: Office) -> None:
    office.publish()
    stop = threading.Event()
    seen: set[tuple[int, int]] = set()
    wrong: list[Exception] = []

    def read() -> None:
        try:
            while not stop.is_set():
                try:
                    snapshot = queries.get_snapshot(KEY)
                    [(count,)] = queries.read_rows(KEY, "SELECT count(*) FROM data", number=snapshot.number)
                    seen.add((snapshot.number, count))
                except (NotFound, Gone):
                    continue
        except Exception as error:  # noqa: BLE001 - whatever it is, the test tells it
            wrong.append(error)
        finally:
            connection.close()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for content in (MORE_TREES, TREES, MORE_TREES):
            office.deliver(content)
            office.review()
        services.withdraw(office.keeper, KEY, "Falsch")
        office.review()
    finally:
        stop.set()
        reader.join()
    assert wrong == []
    assert seen <= {(1, 2), (2, 3), (3, 2), (4, 3), (5, 3)}
    assert queries.get_snapshot(KEY).number == 5


def test_a_revision_that_is_not_the_last_is_refused(office: Office) -> None:
    office.start()
    office.deliver()
    with pytest.raises(Conflict):
        services.submit_for_review(office.keeper, KEY, 7)
