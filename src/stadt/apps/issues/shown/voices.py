"""How many voices for one report one network address may raise a day, though it throws its cookies away.

What is kept for it are digests with a secret that is deleted with the day, so nothing that leads to a person.
"""

import hashlib
import hmac
import secrets
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.apps.issues.shown.models import DaySecret, VoiceOfDay
from stadt.core.errors import TooMany
from stadt.hub.datasets.pacing import household_of

MOST_OF_A_LINE = 5
"""For one report, address and day: a family or a shared flat fits in, a script does not. Accounts are not counted."""
HOURS = 24


@transaction.atomic
def take_voice(report: str, address: str, who: str) -> None:
    """Count a voice for a report (any name of it that stays) from an address; the same voice again is no new one.

    Raises:
        TooMany: the address has raised as many for this report today as it may; nothing is kept then.
    """
    network = household_of(address)
    if not network or who.startswith("user:"):
        return
    today = timezone.localdate()
    secret = _secret_of(today)
    line = _digest(secret, f"line:{report}:".encode() + network)
    VoiceOfDay.objects.bulk_create(
        [VoiceOfDay(day=today, line=line, voice=_digest(secret, f"voice:{who}".encode()))],
        ignore_conflicts=True,
    )
    if VoiceOfDay.objects.filter(day=today, line=line).count() > MOST_OF_A_LINE:
        raise TooMany(
            gettext(
                "Von diesem Anschluss kamen heute schon mehrere Stimmen zu dieser Meldung. Morgen geht es wieder, oder angemeldet mit einem Konto."
            ),
            headers={"Retry-After": str(HOURS * 3600)},
        )


def forget_voices() -> int:
    """Delete what belongs to days that are over, secrets first. Gives how many rows."""
    today = timezone.localdate()
    gone = DaySecret.objects.exclude(day=today).delete()[0]
    return gone + VoiceOfDay.objects.exclude(day=today).delete()[0]


def _secret_of(today: date) -> bytes:
    kept = DaySecret.objects.filter(day=today).first()
    if kept is None:
        forget_voices()  # whoever comes first on a day, should the job be late
        DaySecret.objects.bulk_create(
            [DaySecret(day=today, secret=secrets.token_bytes(32))], ignore_conflicts=True
        )
        kept = DaySecret.objects.get(day=today)
    return bytes(kept.secret)


def _digest(secret: bytes, what: bytes) -> bytes:
    return hmac.digest(secret, what, hashlib.sha256)
