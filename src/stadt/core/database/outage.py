"""Whether the database is known to be away: asked by every way to it, so that nobody waits for what does not answer."""

from psycopg import OperationalError


class DatabaseAway(OperationalError):
    """The database was found not to answer a moment ago, so it is not asked again now."""


class _Known:
    is_away = False


def set_away(is_away: bool) -> None:
    """Told by the watch of `stadt.core.condition` after each look."""
    _Known.is_away = is_away


def is_away() -> bool:
    """True while the last look found no database. False in processes that do not watch."""
    return _Known.is_away


def refuse_if_away() -> None:
    """Raises DatabaseAway instead of letting the caller wait for a connection."""
    if _Known.is_away:
        raise DatabaseAway("the database does not answer")
