"""What is kept beside the readings, set-wise: message keys, messages, health of devices, counters, refusals."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from stadt.hub.ingest.mapping import Decoded
from stadt.hub.ingest.tts import Uplink

MOST_REFUSALS = 500
"""Different refusals kept of one source; what comes beyond is counted together."""

FRAME_COLUMNS = (
    "device_id", "key", "received_at", "time", "f_port", "f_cnt", "payload", "decoded", "simulated", "revision",
    "readings", "notes",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Frame:
    """A message of a known device with what its profile (in this revision) made of it."""

    device_id: int
    revision: int
    uplink: Uplink
    decoded: Decoded


def digest_of(key: str) -> bytes:
    """The 128 bits under which a message is remembered."""
    return hashlib.blake2b(key.encode(), digest_size=16).digest()


def remember_messages(source_id: int, digests: Collection[bytes]) -> set[bytes]:
    """Remember messages by digest; returns those that were new. Waits for a transaction that brings the same one."""
    # One text: arrays of bytes are slow to write. Sorted, so that two writers cannot wait for each other.
    listed = ",".join(digest.hex() for digest in sorted(digests))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ingest_messagekey (source_id, digest)"
            " SELECT %s, decode(digest, 'hex') FROM unnest(string_to_array(%s, ',')) AS new(digest)"
            " ON CONFLICT DO NOTHING RETURNING digest",
            (source_id, listed),
        )
        return {bytes(row[0]) for row in cursor.fetchall()}


def keep_frames(frames: Iterable[Frame]) -> None:
    """Keep messages for a later reading, in the order given."""
    rows = (_frame_row(frame) for frame in frames)
    columns = ", ".join(FRAME_COLUMNS)
    with connection.cursor() as cursor, cursor.copy(f"COPY ingest_rawframe ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _frame_row(frame: Frame) -> tuple[Any, ...]:
    uplink = frame.uplink
    return (
        frame.device_id, uplink.key, uplink.received_at, uplink.time, uplink.f_port, uplink.f_cnt, uplink.payload,
        None if uplink.decoded is None else Jsonb(uplink.decoded), uplink.simulated, frame.revision,
        len(frame.decoded.values), Jsonb([[note.field, note.code] for note in frame.decoded.notes]),
    )  # fmt: skip


def note_health(newest: Mapping[int, tuple[Uplink, float | None]]) -> None:
    """Write each device's health as its newest message (with its battery in per cent) told it; older ones change nothing."""
    rows = sorted(newest.items())
    uplinks = [uplink for _, (uplink, _) in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ingest_device AS d SET last_seen_at = n.seen, last_count = n.f_cnt, rssi = n.rssi, snr = n.snr,"
            " gateways = n.gateways, battery = coalesce(n.battery, d.battery),"
            " dev_eui = coalesce(nullif(n.eui, ''), d.dev_eui)"
            " FROM unnest(%s::bigint[], %s::timestamptz[], %s::bigint[], %s::float8[], %s::float8[], %s::int[],"
            " %s::float8[], %s::text[]) AS n(id, seen, f_cnt, rssi, snr, gateways, battery, eui)"
            " WHERE d.id = n.id AND (d.last_seen_at IS NULL OR d.last_seen_at <= n.seen)",
            (
                [number for number, _ in rows],
                [uplink.received_at for uplink in uplinks],
                [uplink.f_cnt for uplink in uplinks],
                [uplink.rssi for uplink in uplinks],
                [uplink.snr for uplink in uplinks],
                [min(uplink.gateways, 32767) for uplink in uplinks],
                [battery for _, (_, battery) in rows],
                [uplink.dev_eui for uplink in uplinks],
            ),
        )


def count_messages(
    source_id: int, *, messages: int, duplicates: int, readings: int, newest: datetime
) -> None:
    """Add to a source's counters."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ingest_sourcestate SET messages = messages + %s, duplicates = duplicates + %s,"
            " readings = readings + %s, last_message_at = greatest(last_message_at, %s) WHERE source_id = %s",
            (messages, duplicates, readings, newest, source_id),
        )


def count_refusals(source_id: int, refusals: Sequence[tuple[str, str, str]]) -> None:
    """Count refused messages as (device id, code, field); ids and codes only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ingest_refusal WHERE source_id = %s", (source_id,))
        [(known,)] = cursor.fetchall()
        for device_id, code, field in sorted(refusals):
            about = (device_id, code, field[:200]) if known < MOST_REFUSALS else ("", code, "")
            cursor.execute(
                "INSERT INTO ingest_refusal (source_id, device_id, code, field, count, first_at, last_at)"
                " VALUES (%s, %s, %s, %s, 1, now(), now()) ON CONFLICT (source_id, device_id, code, field)"
                " DO UPDATE SET count = ingest_refusal.count + 1, last_at = excluded.last_at",
                (source_id, *about),
            )
        cursor.execute(
            "UPDATE ingest_sourcestate SET refused = refused + %s WHERE source_id = %s",
            (len(refusals), source_id),
        )
