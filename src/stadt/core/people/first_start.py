"""The first administrator: whoever holds the link that `stadt up` printed, once, while nobody administers the city."""

from hmac import compare_digest
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.core.errors import NotFound
from stadt.core.people.actor import Actor
from stadt.core.people.models import User
from stadt.core.people.services import create_administrator
from stadt.core.people.services.accounts import administrators

SETUP_FILE = "setup"
LOCK = 0x5E7_0001  # of PostgreSQL's advisory locks: two that hold the link at once make one administrator


def has_administrator() -> bool:
    """Whether somebody administers the city for good."""
    return administrators().exists()


def is_last_administrator(user: User) -> bool:
    """Whether nobody else would be left who administers the city for good."""
    return administrators().filter(user=user).exists() and not administrators().exclude(user=user).exists()


def is_good(token: str) -> bool:
    """Whether this is the link of an installation that nobody administers."""
    try:
        known = _file().read_text("ascii").strip()
    except OSError:
        return False
    return bool(known) and compare_digest(known.encode(), token.encode()) and not has_administrator()


@transaction.atomic
def set_up(token: str, email: str, name: str, password: str) -> User:
    """Make the first administrator; the link is used up.

    Raises:
        NotFound: the link is wrong, used, or somebody administers the city already.
        Invalid: naming `email` or `password`.
        Conflict: an account with this address exists.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if not is_good(token):
        raise NotFound(gettext("Dieser Link gilt nicht mehr."))
    user = create_administrator(Actor.system("first-start"), email, password)
    user.name, user.last_login = name.strip(), timezone.now()
    user.save(update_fields=("name", "last_login"))
    transaction.on_commit(lambda: _file().unlink(missing_ok=True))
    return user


def _file() -> Path:
    return Path(settings.STADT.home) / "secrets" / SETUP_FILE
