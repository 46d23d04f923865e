"""Pages read public projections as a role that sees nothing else."""

from collections.abc import Iterator

import pytest
from django.db import Error, connection, transaction

from stadt.core.database.reading import close_readers, read_public
from stadt.core.people.models import Setting


@pytest.fixture
def readers() -> Iterator[None]:
    """The pool is closed before the test's database goes."""
    yield
    close_readers()


@pytest.mark.django_db(transaction=True)
def test_a_page_reads_as_the_reading_role_in_a_transaction_that_ends_after_five_seconds(
    readers: None,
) -> None:
    [row] = read_public(
        "SELECT current_user AS who, current_setting('transaction_read_only') AS only, current_setting('statement_timeout') AS most"
    )
    assert row == {"who": "stadt_read", "only": "on", "most": "5s"}


@pytest.mark.django_db(transaction=True)
def test_a_table_that_nobody_opened_is_refused_and_the_next_read_works(readers: None) -> None:
    with pytest.raises(Error, match="permission denied"):
        read_public("SELECT email FROM core_user")
    assert read_public("SELECT %s::int AS n", [3]) == [{"n": 3}]


@pytest.mark.django_db
def test_inside_a_transaction_what_was_just_written_is_seen_and_nothing_can_be_written() -> None:
    Setting.objects.create(key="half", value=1)
    assert read_public("SELECT key FROM core_setting WHERE key = %(key)s", {"key": "half"}) == [
        {"key": "half"}
    ]
    with transaction.atomic(), pytest.raises(Error, match="read-only"):
        read_public("DELETE FROM core_setting RETURNING key")
    assert Setting.objects.filter(key="half").exists()
    with connection.cursor() as cursor:  # the two settings ended with the read
        cursor.execute("SELECT current_setting('transaction_read_only')")
        assert cursor.fetchone() == ("off",)
        with pytest.raises(Error, match="does not exist"), transaction.atomic():  # and nothing is left open
            cursor.execute("RELEASE SAVEPOINT public_reading")
