"""Has words looked up by their index, always."""

import contextlib
from collections.abc import Iterator

from django.db import connection, transaction

# The words of an entry lie aside from its row, and the planner does not reckon what it costs to fetch them: for a word of
# many entries it would rather look at every one, a hundred times slower (measured: 160 ms for 12,000 entries).
OFF = "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off"
ON = "SET LOCAL enable_seqscan = on; SET LOCAL enable_indexscan = on"


@contextlib.contextmanager
def by_words(*, needed: bool = True) -> Iterator[None]:
    """Statements inside find words by the index of words; without need nothing is changed."""
    if not needed:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(OFF)
        yield
        with connection.cursor() as cursor:
            cursor.execute(ON)


@contextlib.contextmanager
def in_order() -> Iterator[None]:
    """Statements inside `by_words` that go through entries in the order of an index nevertheless."""
    with connection.cursor() as cursor:
        cursor.execute(ON)
        yield
        cursor.execute(OFF)
