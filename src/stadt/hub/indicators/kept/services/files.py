"""Writes of files of figures: taken as they are, understood by one, confirmed as a whole by another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.core.audit import record
from stadt.core.errors import Conflict, FieldError, Invalid, TooLarge
from stadt.core.people.actor import Actor
from stadt.hub.datasets.kept.files import name_of
from stadt.hub.datasets.kept.who import who_is
from stadt.hub.indicators.kept import means, storing
from stadt.hub.indicators.kept.drafts import refuse, text_error
from stadt.hub.indicators.kept.entering import (
    current_value,
    decide_confirmed,
    drafted,
    file_entries,
    require_other_eyes,
    require_person,
    save_entry,
)
from stadt.hub.indicators.kept.figures import figure_of
from stadt.hub.indicators.kept.finding import find_for, get_file
from stadt.hub.indicators.kept.mapping import FileMapping, Row, cells_of, read_mapping, rows_of
from stadt.hub.indicators.kept.rights import CONFIRM, ENTER
from stadt.hub.indicators.models import Entry, FigureFile, IndicatorValue, KeptIndicator
from stadt.hub.indicators.states import Decision, FileState

LARGEST_BYTES = 5 * 1024**2
OPEN = (FileState.RECEIVED, FileState.PROPOSED)


@dataclass(frozen=True, slots=True)
class Understood:
    """What a file says with a mapping: entries that would be made (not saved), rows that cannot be taken, and how many
    say what is stored already."""

    entries: list[Entry]
    refused: list[Row]
    unchanged: int


def take_file(actor: Actor, key: str, filename: str, chunks: Iterable[bytes], source: str = "") -> FigureFile:
    """Keep a delivered file as it came, with its SHA-256; nothing of it is a figure yet.

    Args:
        source: where it was got, in words, such as the register and the day.

    Raises:
        SignInNeeded, Forbidden: unless the actor may enter for the indicator's organisation.
        TooLarge, Invalid: above five megabytes, or empty; nothing is left of it.
    """
    kept = find_for(actor, key, ENTER)
    if error := text_error("source", source, 300, needed=False):
        refuse([error])
    content = bytearray()
    for chunk in chunks:
        content += chunk
        if len(content) > LARGEST_BYTES:
            words = gettext("Die Datei ist größer als %(most)s MB.") % {"most": LARGEST_BYTES >> 20}
            raise TooLarge(words, fields=(FieldError("file", gettext("ist zu groß")),))
    if not content:
        raise Invalid(gettext("Die Datei ist leer."), fields=(FieldError("file", gettext("ist leer")),))
    with transaction.atomic():
        kept = KeptIndicator.objects.select_for_update().get(pk=kept.pk)
        last = kept.files.order_by("-number").values_list("number", flat=True).first() or 0
        file = FigureFile.objects.create(
            kept=kept,
            number=last + 1,
            filename=name_of(filename),
            content=bytes(content),
            sha256=hashlib.sha256(content).hexdigest(),
            size_bytes=len(content),
            source=source.strip(),
            received_by=who_is(actor),
        )
        record(
            actor,
            "take_file",
            f"figure_file:{file.pk}",
            {"key": key, "sha256": file.sha256, "size": file.size_bytes},
        )
    return file


def understand(actor: Actor, file: FigureFile, mapping: FileMapping) -> Understood:
    """What a mapping would make of the file; writes nothing. Raises Invalid, Unreadable."""
    simulated = file.kept.is_example
    entries, refused, unchanged = [], [], 0
    for row in rows_of(cells_of(file, mapping.sheet), mapping, simulated=simulated):
        if row.draft is None:
            refused.append(row)
            continue
        try:
            entry = drafted(actor, file.kept, row.draft)
        except Invalid as wrong:
            refused.append(Row(row.number, None, wrong.fields or (FieldError("value", wrong.detail),)))
            continue
        entry.file, entry.cited = file, {"sheet": mapping.sheet, "row": row.number}
        found = current_value(entry)
        if found is not None and _says_the_same(entry, found):
            unchanged += 1
            continue
        if found is not None:
            entry.revises = found
            entry.reason = gettext("Die Datei %(number)s nennt einen anderen Wert.") % {"number": file.number}
        entries.append(entry)
    return Understood(entries, refused, unchanged)


@transaction.atomic
def map_file(actor: Actor, file_id: int, plain: Mapping[str, Any]) -> FigureFile:
    """Say how the file is read: its rows wait as entries, and the mapping is kept for the next file.

    Raises:
        Invalid: naming the field; the rows when one cannot be taken, or none says anything new.
        Conflict: the file was decided upon, or one of its figures waits already.
    """
    file = get_file(actor, file_id)
    actor.require(ENTER, file.kept.organisation_id)
    mapping = read_mapping(plain)
    FigureFile.objects.select_for_update().defer("content").get(pk=file_id)
    file = get_file(actor, file_id)
    _require_open(file)
    file.entries.filter(decision=Decision.ENTERED).delete()
    made = understand(actor, file, mapping)
    if made.refused:
        fields = tuple(
            FieldError(f"row[{row.number}].{error.field}", error.message)
            for row in made.refused[:20]
            for error in row.errors
        )
        raise Invalid(gettext("Einige Zeilen lassen sich nicht übernehmen."), fields=fields)
    if not made.entries:
        raise Invalid(
            gettext("Die Datei nennt keinen neuen Wert."),
            fields=(FieldError("file", gettext("sagt nichts Neues")),),
        )
    for entry in made.entries:
        save_entry(entry)
    file.mapping, file.state, file.kept.mapping = mapping.as_json(), FileState.PROPOSED, mapping.as_json()
    file.save(update_fields=("mapping", "state"))
    file.kept.save(update_fields=("mapping",))
    record(actor, "map_file", f"figure_file:{file_id}", {"key": file.kept.key, "entries": len(made.entries)})
    return file


@transaction.atomic
def confirm_file(actor: Actor, file_id: int, answer: str = "") -> list[IndicatorValue]:
    """Make every waiting figure of a file a value, all or none.

    Raises:
        NotFound, Forbidden, Conflict, Invalid: as `confirm_value`.
    """
    file = _locked(actor, file_id)
    entries = file_entries(file)
    require_other_eyes(actor, file.kept, file.received_by, *(entry.entered_by for entry in entries))
    if file.state != FileState.PROPOSED:
        raise Conflict(
            gettext("Über diese Datei wurde schon entschieden, oder sie ist noch nicht zugeordnet.")
        )
    rows = [decide_confirmed(actor, entry, answer if entry.findings else "") for entry in entries]
    means.make_means_of_all(storing.hide_seconds(rows))
    _decide(actor, file, FileState.CONFIRMED, answer)
    record(actor, "confirm_file", f"figure_file:{file_id}", {"key": file.kept.key, "values": len(rows)})
    return rows


@transaction.atomic
def refuse_file(actor: Actor, file_id: int, reason: str) -> FigureFile:
    """Refuse a file with all its figures, or take back one's own.

    Raises:
        NotFound, Forbidden, Conflict, Invalid: as `refuse_value`.
    """
    file = _locked(actor, file_id)
    if file.received_by != who_is(actor):
        actor.require(CONFIRM, file.kept.organisation_id)
        require_person(actor)
    if error := text_error("reason", reason, 1000, needed=True):
        refuse([error])
    _require_open(file)
    now = {"decided_by": who_is(actor), "decided_at": timezone.now(), "decision_note": reason.strip()}
    file.entries.filter(decision=Decision.ENTERED).update(decision=Decision.REFUSED, **now)
    _decide(actor, file, FileState.REFUSED, reason)
    record(actor, "refuse_file", f"figure_file:{file_id}", {"key": file.kept.key})
    return file


def _says_the_same(entry: Entry, found: IndicatorValue) -> bool:
    definition = storing.definition_for(entry.kept.key, entry.version)
    old = found.entry
    if old is not None:
        names = ("value", "numerator", "denominator", "deviation", "state", "note")
        return all(getattr(entry, name) == getattr(old, name) for name in names)
    return figure_of(definition, storing.numbers_of(entry)).value == found.value


def _locked(actor: Actor, file_id: int) -> FigureFile:
    get_file(actor, file_id)
    FigureFile.objects.select_for_update().defer("content").get(pk=file_id)
    return get_file(actor, file_id)


def _require_open(file: FigureFile) -> None:
    if file.state not in OPEN:
        raise Conflict(gettext("Über diese Datei wurde schon entschieden."))


def _decide(actor: Actor, file: FigureFile, state: FileState, note: str) -> None:
    file.state, file.decided_by, file.decided_at = state, who_is(actor), timezone.now()
    file.decision_note = note.strip()
    file.save(update_fields=("state", "decided_by", "decided_at", "decision_note"))
