"""Words for the fields of items and their values, in the page's language."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from stadt.apps.strategy.record.content import (
    Dependency,
    Funding,
    IndicatorLink,
    Item,
    Partner,
    Period,
    PrintedIndicator,
    Spatial,
)
from stadt.apps.strategy.record.lifecycle import state_word

FIELDS: Final = {
    "title": _("Titel"),
    "name": _("Name"),
    "text": _("Text"),
    "section": _("Abschnitt"),
    "checks": _("Prüffragen"),
    "as_of": _("Stand des Dokuments"),
    "note": _("Hinweis"),
    "theme": _("Leitthema"),
    "field": _("Handlungsfeld"),
    "summary": _("Kurzfassung"),
    "period": _("Zeitraum"),
    "funding": _("Finanzierung"),
    "sdgs": _("Nachhaltigkeitsziele"),
    "main_sdg": _("wichtigstes Nachhaltigkeitsziel"),
    "dependencies": _("Abhängigkeiten"),
    "spatial": _("Raumbezug"),
    "challenges": _("Herausforderungen"),
    "indicators": _("Kennzahlen"),
    "owner": _("Zuständige Organisation"),
    "partners": _("Beteiligte"),
    "tags": _("Berührt"),
    "state": _("Stand"),
    "state_note": _("Hinweis zum Stand"),
    "software": _("Technische Grundlage"),
    "evaluate_on": _("Auswertung am"),
    "unit": _("Einheit"),
    "direction": _("gewünschte Richtung"),
    "kind": _("Art der Kennzahl"),
    "formula": _("Formel"),
    "standard": _("Norm"),
    "source": _("Quelle"),
    "is_active": _("in Kraft"),
    "repeats": _("wiederholt"),
    "priority": _("vorrangig"),
    "is_context": _("nur zur Einordnung"),
    "interval": _("Abstand der Erhebungen"),
    "expected_delay_days": _("üblicher Verzug in Tagen"),
    "chain": _("Stelle in der Wirkungskette"),
    "about": _("zu"),
    "slug": _("Adresse"),
    "is_summary": _("zusammengefasst"),
}
TAGS: Final = {
    "infrastructure": _("Infrastruktur"),
    "security": _("Sicherheit"),
    "data_protection": _("Datenschutz"),
    "personnel": _("Personal"),
}
KINDS: Final = {
    "head": _("Strategie"),
    "vision": _("Vision"),
    "goal": _("Ziel"),
    "principle": _("Prinzip"),
    "challenge": _("Herausforderung"),
    "theme": _("Leitthema"),
    "field": _("Handlungsfeld"),
    "measure": _("Maßnahme"),
    "indicator": _("Kennzahl"),
    "annotation": _("Anmerkung"),
}


def field_word(name: str) -> str:
    """What a field is called."""
    return gettext(FIELDS[name]) if name in FIELDS else name


def kind_word(kind: str) -> str:
    """What a kind of item is called."""
    return gettext(KINDS[kind]) if kind in KINDS else kind


def named(item: Item) -> str:
    """`M-2.1.3 „Intelligentes Abfallmanagement“`; an annotation by its code alone."""
    return f"{item.code} „{item.title}“" if kind_has_title(item) else item.code


def kind_has_title(item: Item) -> bool:
    return not item.code.startswith("A-") and bool(item.title)


def value_word(name: str, value: Any) -> str:
    """A field's value as a person reads it; what nobody set is „nicht festgelegt“."""
    if name == "state":
        return state_word(str(value))
    if name == "tags":
        value = tuple(gettext(TAGS[tag]) if tag in TAGS else tag for tag in value)
    word = _word(value)
    return word or gettext("nicht festgelegt")


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("ja") if value else gettext("nein")
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, int | Decimal):
        return number_format(value)
    if isinstance(value, Period | Spatial):
        return value.text or (", ".join(value.areas) if isinstance(value, Spatial) else "")
    if isinstance(value, Funding):
        return value.text or ", ".join(item.source or item.programme for item in value.items)
    if isinstance(value, Dependency | IndicatorLink):
        return value.code
    if isinstance(value, Partner):
        return value.organisation
    if isinstance(value, tuple | list):
        return ", ".join(_word(part) for part in value)
    return "" if value is None else str(value)


def title_of(item: Item) -> str:
    """Title or name."""
    return item.name if isinstance(item, PrintedIndicator) else item.title
