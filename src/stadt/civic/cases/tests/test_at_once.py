"""Two who change cases that belong together wait for each other, and never for ever."""

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction

from stadt.civic.cases import services
from stadt.civic.cases.models import Case
from stadt.core.database.reading import close_readers
from stadt.core.errors import StadtError
from stadt.core.people.actor import Actor

from .conftest import Town

SYSTEM = Actor.system("test")
LONGEST_WAIT = 20


@pytest.fixture(autouse=True)
def readers() -> Iterator[None]:
    """What listens to cases reads in a pool of its own, which would keep the database from going away."""
    yield
    close_readers()


class Beside:
    """Work on a connection of its own; `failed` is what it ended with."""

    def __init__(self, work: Callable[[], object]) -> None:
        self.failed: Exception | None = None
        self.backend = 0
        self._work = work
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            connection.ensure_connection()
            self.backend = connection.connection.info.backend_pid
            self._work()
        except (DatabaseError, StadtError) as error:
            self.failed = error
        finally:
            connection.close()

    def wait_until_it_waits(self) -> None:
        """Until it stands before a row that somebody else holds."""
        end = time.monotonic() + LONGEST_WAIT
        while time.monotonic() < end:
            with connection.cursor() as cursor:
                cursor.execute("SELECT cardinality(pg_blocking_pids(%s))", [self.backend])
                if cursor.fetchone() != (0,):
                    return
            time.sleep(0.01)
        pytest.fail("it never waited")

    def end(self) -> None:
        self._thread.join(LONGEST_WAIT)
        assert self.failed is None


@pytest.mark.django_db(transaction=True)
def test_whichever_of_two_is_first_both_end_well(town: Town) -> None:
    """Kept and duplicate in both orders of their ids, each time with somebody who holds the lower one and wants the other."""
    firm = town.firm.pk
    for turned in (False, True):
        low, high = town.open(), town.open()
        kept, duplicate = (low, high) if turned else (high, low)
        services.merge_cases(SYSTEM, kept.pk, [duplicate.pk])
        for verb in (
            partial(services.move_case, SYSTEM, kept.pk, "look"),
            partial(services.hand_to_contractor, SYSTEM, kept.pk, firm),
        ):
            with transaction.atomic():
                Case.objects.select_for_update().get(pk=low.pk)
                other = Beside(verb)
                other.wait_until_it_waits()
                Case.objects.select_for_update(nowait=True).get(pk=high.pk)
            other.end()
        third = town.open()
        with transaction.atomic():
            Case.objects.select_for_update().get(pk=low.pk)
            other = Beside(partial(services.merge_cases, SYSTEM, third.pk, [kept.pk]))
            other.wait_until_it_waits()
            services.unmerge(SYSTEM, duplicate.pk)
        other.end()
        ids = (kept.pk, duplicate.pk)
        assert dict(Case.objects.filter(pk__in=ids).values_list("pk", "duplicate_of")) == {
            kept.pk: third.pk, duplicate.pk: None,
        }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_case_that_is_merged_meanwhile_goes_along(town: Town) -> None:
    kept, duplicate = town.open(), town.open()
    with transaction.atomic():
        services.merge_cases(SYSTEM, kept.pk, [duplicate.pk])
        other = Beside(lambda: services.move_case(SYSTEM, kept.pk, "look"))
        other.wait_until_it_waits()
    other.end()
    assert set(Case.objects.values_list("state", flat=True)) == {"looking"}
