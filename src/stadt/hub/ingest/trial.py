"""Tries rows of a profile on a payload somebody pasted, without storing anything."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from stadt.hub.ingest.mapping import Note, Rule, Value, ValueKind, decode
from stadt.hub.ingest.presentation import note_text, shown_value
from stadt.hub.ingest.services import RowDraft
from stadt.hub.ingest.units import symbol_of

LONGEST_PAYLOAD = 64 * 1024


@dataclass(frozen=True, slots=True)
class TrialRow:
    """What would be stored for one row."""

    name: str
    key: str
    value: Value
    unit: str

    @property
    def shown(self) -> str:
        """The value as people read it."""
        return shown_value(self.value, self.unit)


@dataclass(frozen=True, slots=True)
class Trial:
    """What rows make of a payload, or why the payload cannot be read."""

    rows: tuple[TrialRow, ...] = ()
    notes: tuple[Note, ...] = ()
    error: str = ""

    @property
    def shown_notes(self) -> list[str]:
        """What would be left out, as people read it."""
        return [note_text(note.field, note.code) for note in self.notes]


def try_payload(drafts: Sequence[RowDraft], text: str) -> Trial:
    """Read a decoded payload, or a whole uplink message of The Things Stack, as the rows would."""
    if not text.strip():
        return Trial(error=_("Fügen Sie einen dekodierten Inhalt oder eine ganze Nachricht als JSON ein."))
    if len(text) > LONGEST_PAYLOAD:
        return Trial(error=_("Der Inhalt ist zu lang."))
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Trial(error=_("Das ist kein JSON: %(reason)s") % {"reason": error})
    if isinstance(document, dict) and isinstance(document.get("uplink_message"), dict):
        document = document["uplink_message"].get("decoded_payload")
    if not isinstance(document, dict):
        return Trial(error=_("In der Nachricht steht kein dekodierter Inhalt (decoded_payload)."))
    decoded = decode([_rule(draft) for draft in drafts], document)
    rows = (
        TrialRow(draft.name, draft.key, decoded.values[draft.key], symbol_of(draft.unit_code))
        for draft in drafts
        if draft.key in decoded.values
    )
    return Trial(tuple(rows), decoded.notes)


def _rule(draft: RowDraft) -> Rule:
    kind = ValueKind(draft.observation_type)
    path = tuple(draft.path.split("."))
    return Rule(draft.key, path, kind, draft.factor, draft.offset, draft.minimum, draft.maximum)
