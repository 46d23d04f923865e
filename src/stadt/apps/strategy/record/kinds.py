"""The kinds of change as data: what each may touch, and what it needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext_noop as _

_TEXTS: Final = ("vision", "goal", "principle", "challenge", "theme", "field")
_MEASURE: Final = (
    "title",
    "summary",
    "funding",
    "sdgs",
    "main_sdg",
    "dependencies",
    "spatial",
    "challenges",
    "indicators",
    "owner",
    "partners",
    "tags",
    "software",
    "evaluate_on",
    "state_note",
)
_INDICATOR: Final = (
    "name",
    "unit",
    "direction",
    "kind",
    "formula",
    "standard",
    "source",
    "is_active",
    "repeats",
    "priority",
    "is_context",
    "interval",
    "expected_delay_days",
    "owner",
    "chain",
)


@dataclass(frozen=True, slots=True)
class ChangeKind:
    """One kind of change.

    Attributes:
        items: kinds of item it is about.
        fields: fields it may set.
        adds: it makes an item with a new code.
        needs_reason: it stands on its own with a reason of its own (added, struck, rescheduled).
    """

    key: str
    title: str
    items: tuple[str, ...]
    fields: tuple[str, ...]
    adds: bool = False
    needs_reason: bool = False


KINDS: Final[Mapping[str, ChangeKind]] = MappingProxyType(
    {
        kind.key: kind
        for kind in (
            ChangeKind(
                "add_measure",
                _("Maßnahme aufnehmen"),
                ("measure",),
                (*_MEASURE, "field", "period", "state"),
                adds=True,
                needs_reason=True,
            ),
            ChangeKind("change_measure", _("Maßnahme ändern"), ("measure",), _MEASURE),
            ChangeKind("reschedule", _("Maßnahme verschieben"), ("measure",), ("period",), needs_reason=True),
            ChangeKind("strike", _("Maßnahme streichen"), ("measure",), ("state",), needs_reason=True),
            ChangeKind("move_state", _("Stand fortschreiben"), ("measure",), ("state", "state_note")),
            ChangeKind(
                "add_indicator",
                _("Kennzahl aufnehmen"),
                ("indicator",),
                (*_INDICATOR, "field"),
                adds=True,
                needs_reason=True,
            ),
            ChangeKind("change_indicator", _("Kennzahl neu bestimmen"), ("indicator",), _INDICATOR),
            ChangeKind(
                "add_text",
                _("Text aufnehmen"),
                _TEXTS,
                ("title", "text", "section", "checks", "theme", "slug", "is_summary"),
                adds=True,
                needs_reason=True,
            ),
            ChangeKind(
                "change_text",
                _("Text ändern"),
                (*_TEXTS, "head", "annotation"),
                ("title", "text", "section", "checks", "as_of", "note", "source", "is_summary"),
            ),
            ChangeKind(
                "add_annotation",
                _("Anmerkung aufnehmen"),
                ("annotation",),
                ("about", "text", "source"),
                adds=True,
            ),
        )
    }
)
