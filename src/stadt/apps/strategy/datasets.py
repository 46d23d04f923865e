"""The strategy as open data: measures, indicators and their values, as everybody sees them on the pages."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from stadt.apps.strategy.links import own_keys
from stadt.apps.strategy.record.content import Content
from stadt.apps.strategy.record.queries import strategy_at
from stadt.apps.strategy.words.measures import UNKNOWN
from stadt.hub.datasets.declaration import (
    Boolean,
    Column,
    Dataset,
    Date,
    Integer,
    Licence,
    Number,
    Text,
    Theme,
    Time,
)
from stadt.hub.indicators import queries
from stadt.hub.indicators.states import ValueState

HISTORY = 5_000
KEYWORDS = (_("Strategie"), _("Maßnahmen"), _("Kennzahlen"), _("Smart City"))


def _headings(field: str, known: Content) -> dict[str, str]:
    found = known.fields.get(field)
    theme = known.themes.get(found.theme) if found else None
    return {
        "theme": theme.code if theme else "",
        "theme_title": theme.title if theme else "",
        "field": field,
        "field_title": found.title if found else "",
    }


def _measures() -> Iterator[dict[str, Any]]:
    known = strategy_at()
    for item in known.measures.values():
        period, spatial = item.period, item.spatial
        yield {
            "code": item.code,
            "title": item.title,
            **_headings(item.field, known),
            "state": item.state or UNKNOWN,
            "state_note": item.state_note,
            "owner": item.owner or None,
            "period_text": period.text,
            "period_start": period.start,
            "period_end": period.end,
            "period_precision": period.precision or None,
            "period_edtf": period.edtf or None,
            "is_ongoing": period.is_ongoing,
            "is_undated": period.is_undated,
            "funding_text": item.funding.text,
            "funding_is_open": item.funding.is_open,
            "funding_classes": _listed(found.source_class for found in item.funding.items),
            "sdgs": " ".join(str(goal) for goal in item.sdgs),
            "indicators": " ".join(item.indicator_codes),
            "depends_on": " ".join(found.code for found in item.dependencies),
            "spatial_types": " ".join(spatial.types),
            "spatial_level": spatial.level or None,
            "spatial_areas": " ".join(spatial.areas),
            "spatial_text": spatial.text,
            "url": settings.STADT.url + reverse("strategy:measure", args=[item.code]),
        }


def _listed(words: Any) -> str:
    return " ".join(dict.fromkeys(word for word in words if word))


MEASURES = Dataset(
    key="strategy.measures",
    title=_("Maßnahmen der Strategie"),
    description=_(
        "Alle Maßnahmen der Strategie mit Stand, Zeitraum, Finanzierung, Nachhaltigkeitszielen, Kennzahlen und Raumbezug. Was die Strategie nicht sagt, ist leer; Raumbezug und Kennzahlen sind Lesarten dieses Projekts, soweit die Stadt nichts festgelegt hat."
    ),
    rows=_measures,
    columns=(
        Column("code", Text, _("Nummer")),
        Column("title", Text, _("Titel"), description=_("wie gedruckt")),
        Column("theme", Text, _("Leitthema, Nummer")),
        Column("theme_title", Text, _("Leitthema")),
        Column("field", Text, _("Handlungsfeld, Nummer")),
        Column("field_title", Text, _("Handlungsfeld")),
        Column("state", Text, _("Stand"), description=_("„unknown“: nicht fortgeschrieben")),
        Column("state_note", Text, _("Worauf der Stand beruht")),
        Column("owner", Text, _("Zuständige Stelle, Kürzel"), description=_("leer: nicht festgelegt")),
        Column("period_text", Text, _("Zeitraum wie gedruckt")),
        Column("period_start", Date, _("Beginn"), description=_("erster Tag; leer: offen oder unbekannt")),
        Column("period_end", Date, _("Ende"), description=_("letzter Tag; leer: offen oder unbekannt")),
        Column("period_precision", Text, _("Genauigkeit des Zeitraums"), description="year, quarter, month, day"),
        Column("period_edtf", Text, _("Zeitraum nach ISO 8601-2")),
        Column("is_ongoing", Boolean, _("laufend")),
        Column("is_undated", Boolean, _("ohne Datum")),
        Column("funding_text", Text, _("Finanzierung wie gedruckt")),
        Column("funding_is_open", Boolean, _("Geld noch zu finden")),
        Column("funding_classes", Text, _("Arten der Finanzierung"), description=_("durch Leerzeichen getrennt")),
        Column("sdgs", Text, _("Nachhaltigkeitsziele"), description=_("Nummern, durch Leerzeichen getrennt")),
        Column("indicators", Text, _("Kennzahlen"), description=_("Nummern, durch Leerzeichen getrennt")),
        Column("depends_on", Text, _("hängt ab von"), description=_("Nummern, durch Leerzeichen getrennt")),
        Column("spatial_types", Text, _("Art des Raumbezugs"), description="virtual, sectoral, physical"),
        Column("spatial_level", Text, _("Ebene des Raumbezugs"), description=_("leer: nicht festgelegt")),
        Column("spatial_areas", Text, _("Gebiete"), description=_("Schlüssel, durch Leerzeichen getrennt")),
        Column("spatial_text", Text, _("Raumbezug im Text"), description=_("Lesehilfe dieses Projekts, englisch")),
        Column("url", Text, _("Seite der Maßnahme")),
    ),
    theme=Theme.GOVE,
    licence=Licence.DL_DE_BY_2,
    refresh=timedelta(hours=6),
    order="code",
    keywords=KEYWORDS,
)  # fmt: skip


def _indicators() -> Iterator[dict[str, Any]]:
    known = strategy_at()
    for item in known.indicators.values():
        yield {
            "code": item.code,
            "name": item.name,
            **_headings(item.field, known),
            "unit": item.unit,
            "direction": item.direction,
            "kind": item.kind,
            "formula": item.formula,
            "standard": item.standard,
            "source": item.source,
            "is_active": item.is_active,
            "repeats": item.repeats or None,
            "is_priority": item.priority,
            "is_context": item.is_context,
            "owner": item.owner or None,
            "own_keys": " ".join(own_keys(item.code)),
            "url": settings.STADT.url + reverse("strategy:indicator", args=[item.code]),
        }


INDICATORS = Dataset(
    key="strategy.indicators",
    title=_("Kennzahlen der Strategie"),
    description=_(
        "Alle Kennzahlen der Strategie. Gedruckt ist nur der Name; Einheit, Richtung, Formel und Quelle sind Vorschläge dieses Projekts und liegen auf Englisch vor."
    ),
    rows=_indicators,
    columns=(
        Column("code", Text, _("Nummer")),
        Column("name", Text, _("Name"), description=_("wie gedruckt")),
        Column("theme", Text, _("Leitthema, Nummer")),
        Column("theme_title", Text, _("Leitthema")),
        Column("field", Text, _("Handlungsfeld, Nummer")),
        Column("field_title", Text, _("Handlungsfeld")),
        Column("unit", Text, _("Einheit")),
        Column("direction", Text, _("Richtung"), description="higher better, lower better, neutral"),
        Column("kind", Text, _("Art"), description="share, rate, count, index, ratio, duration"),
        Column("formula", Text, _("Formel")),
        Column("standard", Text, _("Entsprechung in Standards")),
        Column("source", Text, _("Woher ein Wert kommen kann")),
        Column("is_active", Boolean, _("aktiv")),
        Column("repeats", Text, _("wiederholt"), description=_("Nummer der Kennzahl, die diese Zeile wiederholt")),
        Column("is_priority", Boolean, _("vorrangig")),
        Column("is_context", Boolean, _("Umfeld, das die Stadt nicht steuert")),
        Column("owner", Text, _("Zuständige Stelle, Kürzel"), description=_("leer: nicht festgelegt")),
        Column("own_keys", Text, _("Zahlen der Plattform"), description=_("Schlüssel, durch Leerzeichen getrennt")),
        Column("url", Text, _("Seite der Kennzahl")),
    ),
    theme=Theme.GOVE,
    licence=Licence.DL_DE_BY_2,
    refresh=timedelta(hours=6),
    order="code",
    keywords=KEYWORDS,
)  # fmt: skip


def _values() -> Iterator[dict[str, Any]]:
    """Values of periods that are over, so that a row is told once; a corrected one replaces what stood there."""
    for item in strategy_at().indicators.values():
        for key in own_keys(item.code) if item.is_active else ():
            for value in queries.history(key, HISTORY):
                if not value.is_final:
                    continue
                is_told = value.state is not ValueState.SUPPRESSED
                yield {
                    "id": f"{item.code} {key} {value.period_start:%Y-%m-%dT%H:%M:%SZ}",
                    "code": item.code,
                    "key": key,
                    "period": str(value.period),
                    "period_start": value.period_start,
                    "period_end": value.period_end,
                    "value": value.value if is_told else None,
                    "numerator": value.numerator if is_told else None,
                    "denominator": value.denominator if is_told else None,
                    "interval_low": value.interval_low if is_told else None,
                    "interval_high": value.interval_high if is_told else None,
                    "interval_level": value.interval_level if is_told else None,
                    "state": str(value.state),
                    "quality": str(value.quality),
                    "quality_class": str(value.quality_class),
                    "definition_version": value.version,
                    "revision": value.revision,
                    "simulated": value.simulated,
                }


VALUES = Dataset(
    key="strategy.values",
    title=_("Werte der Kennzahlen der Strategie"),
    description=_(
        "Werte abgeschlossener Zeiträume mit Zähler, Nenner, Bereich und Güte. Simulierte Werte sind gekennzeichnet und zählen nicht als Stand der Stadt. Fehlt ein Wert, steht der Grund in der Spalte „state“, nie eine Null."
    ),
    rows=_values,
    columns=(
        Column("id", Text, _("Kennung der Zeile")),
        Column("code", Text, _("Kennzahl, Nummer")),
        Column("key", Text, _("Zahl der Plattform, Schlüssel")),
        Column("period", Text, _("Art des Zeitraums")),
        Column("period_start", Time, _("Beginn des Zeitraums")),
        Column("period_end", Time, _("Ende des Zeitraums")),
        Column("value", Number, _("Wert"), description=_("in der Einheit der Zahl; leer: kein Wert")),
        Column("numerator", Number, _("Zähler")),
        Column("denominator", Number, _("Nenner")),
        Column("interval_low", Number, _("untere Grenze")),
        Column("interval_high", Number, _("obere Grenze")),
        Column("interval_level", Number, _("Sicherheit des Bereichs"), description=_("zwischen 0 und 1")),
        Column("state", Text, _("Zustand des Werts")),
        Column("quality", Text, _("Endgültigkeit")),
        Column("quality_class", Text, _("Güteklasse nach U4SSC")),
        Column("definition_version", Integer, _("Fassung der Definition")),
        Column("revision", Integer, _("Wievielte Fassung des Werts")),
        Column("simulated", Boolean, _("simuliert")),
    ),
    theme=Theme.GOVE,
    licence=Licence.DL_DE_BY_2,
    refresh=timedelta(hours=6),
    simulated="simulated",
    order="id",
    keywords=KEYWORDS,
)  # fmt: skip

ALL = (MEASURES, INDICATORS, VALUES)
