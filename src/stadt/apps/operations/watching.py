"""Asks the watched checks, keeps when their answers turned, and tells the city's operators once by mail."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from stadt.apps.operations.models import CheckChange, CheckState
from stadt.core import city
from stadt.core.manifest import Check
from stadt.core.registry import registry
from stadt.core.runs import told as told_error

logger = logging.getLogger("stadt.operations")

EVERY = timedelta(minutes=5)
# The job comes a little early or late; a check of every five minutes is asked each time.
SLACK = timedelta(seconds=90)
LANGUAGES = ("de", "en")

Told = dict[str, str]


def watch() -> None:
    """Every five minutes: ask each watched check that is due, and tell when an answer turned."""
    now = timezone.now()
    last = dict(CheckState.objects.values_list("key", "checked_at"))
    for check in registry.watched_checks:
        asked = last.get(check.key)
        if asked is None or now - asked >= check.every - SLACK:
            note(check, ask(check), now)
    CheckState.objects.exclude(key__in=[check.key for check in registry.watched_checks]).filter(
        is_bad=True
    ).delete()


def ask(check: Check) -> Told:
    """What the check says in each language, empty when all is well; a check that fails itself says so."""
    answers = {}
    for language in LANGUAGES:
        with translation.override(language):
            try:
                answer = check.run()
            except Exception as error:
                logger.exception("check %s failed", check.key)
                answer = gettext("Die Prüfung selbst ist gescheitert: %(error)s") % {
                    "error": told_error(error)
                }
        if answer is None:
            return {}
        answers[language] = answer
    return answers


@transaction.atomic
def note(check: Check, told: Told, now: datetime) -> bool:
    """Keep the answer; True when it turned. Whoever comes second with the same news finds it noted."""
    CheckState.objects.bulk_create([CheckState(key=check.key, since=now)], ignore_conflicts=True)
    state = CheckState.objects.select_for_update().get(pk=check.key)
    is_bad, has_turned = bool(told), bool(told) != state.is_bad
    state.is_bad, state.told, state.checked_at = is_bad, told, now
    if has_turned:
        state.since, state.silenced_until, state.silenced_at = now, None, None
        CheckChange.objects.create(key=check.key, at=now, is_bad=is_bad, told=told)
        tell(check, told)
    state.save()
    return has_turned


def tell(check: Check, told: Mapping[str, str]) -> None:
    """Write to the address `contact.operations` of city.toml, if there is one. Called in the transaction that notes it."""
    to = city.current().contact.get("operations", "")
    if not to:
        return
    with translation.override(settings.LANGUAGE_CODE):
        title = gettext(check.title)
        if told:
            subject = gettext("Betrieb: %(title)s braucht Aufmerksamkeit") % {"title": title}
            said = told.get(settings.LANGUAGE_CODE, "")
        else:
            subject = gettext("Betrieb: %(title)s ist wieder in Ordnung") % {"title": title}
            said = gettext("Die Prüfung ist wieder gut ausgegangen. Es ist nichts zu tun.")
        where = gettext("Stand und nächste Schritte: %(url)s") % {"url": f"{settings.STADT.url}/betrieb/"}
    send_mail(subject, f"{said}\n\n{where}\n", None, [to])
