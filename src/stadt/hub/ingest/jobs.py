"""Background work of the intake: reading messages again, and forgetting what need not be kept."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from stadt.hub.ingest.models import MessageKey, Refusal, Source
from stadt.hub.ingest.replaying import run_replay

KEEP_KEYS = timedelta(days=400)
"""So long a message that comes again is known; networks keep messages for days to weeks."""
KEEP_REFUSALS = timedelta(days=30)
ROWS_AT_ONCE = 20_000


def replay(*, replay_id: int) -> None:
    """Read kept messages again; see `request_replay`."""
    run_replay(replay_id)


def forget() -> None:
    """Delete messages older than their source keeps them, old message keys and old refusals, part after part."""
    now = timezone.now()
    for source in Source.objects.all():
        _forget_frames(source.pk, now - timedelta(days=source.keep_frames_days))
    MessageKey.objects.filter(accepted_at__lt=now - KEEP_KEYS).delete()
    Refusal.objects.filter(last_at__lt=now - KEEP_REFUSALS).delete()


def _forget_frames(source_id: int, before: datetime) -> None:
    deleted = ROWS_AT_ONCE
    while deleted == ROWS_AT_ONCE:
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM ingest_rawframe WHERE id IN (SELECT f.id FROM ingest_rawframe f"
                " JOIN ingest_device d ON d.id = f.device_id"
                " WHERE d.source_id = %s AND f.received_at < %s LIMIT %s)",
                (source_id, before, ROWS_AT_ONCE),
            )
            deleted = cursor.rowcount
