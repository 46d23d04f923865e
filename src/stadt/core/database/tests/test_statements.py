"""The city may read which statements cost most: its own, with placeholders for values."""

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from stadt.core.database.connection import parameters
from stadt.core.database.roles import Role
from stadt.core.database.statements import costliest_statements
from stadt.core.database.statistics import MAINTENANCE


@pytest.mark.django_db
def test_the_costliest_statements_come_first_and_carry_no_values() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM generate_series(1, 300000) AS secret_4711 WHERE secret_4711 <> 4712"
        )
    found = costliest_statements(500)
    assert found
    mine = next(statement for statement in found if "secret_4711" in statement.text)
    assert "4712" not in mine.text
    assert mine.calls >= 1
    assert mine.mean_ms > 0
    assert [one.share for one in found] == sorted((one.share for one in found), reverse=True)
    assert sum(one.share for one in found) <= 1.0001


@pytest.mark.django_db
def test_at_most_as_many_come_as_were_asked_for() -> None:
    assert len(costliest_statements(3) or ()) == 3


@pytest.mark.django_db
def test_statements_of_a_database_one_may_not_enter_are_not_shown() -> None:
    """The read-only role may not even ask; the city's role sees nothing of a database without the right to connect."""
    with psycopg.connect(**(parameters(settings.STADT, Role.APP) | {"dbname": MAINTENANCE})) as server:
        shown = server.execute("SELECT count(*) FROM public.stadt_statements('no_such_database')").fetchone()
        assert shown == (0,)
    with (
        psycopg.connect(**(parameters(settings.STADT, Role.READ) | {"dbname": MAINTENANCE})) as server,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        server.execute("SELECT count(*) FROM public.stadt_statements('stadt')")
