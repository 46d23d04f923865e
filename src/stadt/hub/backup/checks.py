"""What the doctor and the operations page ask about backups, and the job that makes them."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext

from stadt.core.errors import StadtError
from stadt.core.people.actor import Actor
from stadt.core.people.models import Setting
from stadt.hub.backup.services import FAILED, LAST, make_scheduled

logger = logging.getLogger("stadt.backup")

LONGEST_WITHOUT = timedelta(days=2)
FIRST_HOUR = 1  # local; what is published and thinned out at night comes later


class Quiet:
    """A progress for the worker's log: nothing."""

    def step(self, text: str) -> None:
        """Nothing."""

    def tick(self, text: str) -> None:
        """Nothing."""


def make_nightly() -> None:
    """Every hour: make the day's backup if it is due; a failure is remembered and tried again in an hour."""
    environment = settings.STADT
    last = _find(LAST)
    if environment.backup is None or not is_due(_moment(last), timezone.now()):
        return
    try:
        make_scheduled(Actor.system("job:backup.make_nightly"), environment, Quiet())
    except StadtError as error:
        logger.error("no backup: %s", error.detail)


def is_due(last: datetime | None, now: datetime) -> bool:
    """Whether a backup is to be made: the first at once, then one on each local day, after midnight."""
    if last is None:
        return True
    local = timezone.localtime(now)
    return timezone.localtime(last).date() < local.date() and local.hour >= FIRST_HOUR


def check_recent() -> str | None:
    """What is wrong with the last backup, where backups are switched on."""
    if settings.STADT.backup is None:
        return None
    last, failed = _find(LAST), _find(FAILED)
    reason = f" {failed['reason']}" if failed else ""
    at = _moment(last)
    if at is None:
        return gettext("Es gibt noch keine Sicherung.") + reason
    if timezone.now() - at > LONGEST_WITHOUT:
        day = timezone.localtime(at)
        return gettext("Die letzte Sicherung ist vom %(day)s.") % {"day": f"{day:%d.%m.%Y %H:%M}"} + reason
    if last and last.get("gaps"):
        return gettext(
            "In der letzten Sicherung fehlen Teile der Ablage (%(count)d): stadt check-lake nennt sie."
        ) % {"count": last["gaps"]}
    return None


def read_age() -> Iterable[tuple[Mapping[str, str], float]]:
    """Metric: seconds since the moment of the last backup; nothing before the first."""
    at = _moment(_find(LAST))
    if at is not None:
        yield {}, (timezone.now() - at).total_seconds()


def _find(key: str) -> dict[str, Any] | None:
    found = Setting.objects.filter(key=key).first()
    return found.value if found and isinstance(found.value, dict) else None


def _moment(remembered: dict[str, Any] | None) -> datetime | None:
    return datetime.fromisoformat(remembered["at"]) if remembered else None
