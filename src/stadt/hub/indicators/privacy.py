"""Personal data of the indicators: who defined, entered, delivered, confirmed or refused something."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_noop as _

from stadt.core.people.models import User
from stadt.hub.datasets.kept.who import ERASED
from stadt.hub.indicators.models import DefinitionVersion, Entry, FigureFile, KeptIndicator, SmallCell

PERSONAL = {
    "KeptIndicator": ("created_by",),
    "DefinitionVersion": ("defined_by",),
    "Entry": ("entered_by", "decided_by"),
    "FigureFile": ("received_by", "decided_by"),
    "SmallCell": ("set_by",),
}
MODELS: dict[str, Any] = {
    model.__name__: model for model in (KeptIndicator, DefinitionVersion, Entry, FigureFile, SmallCell)
}

WORDS = {
    "definitions": _("Festgelegte Kennzahlen"),
    "figures": _("Werte von Kennzahlen"),
    "figure_files": _("Dateien mit Werten"),
    "thresholds": _("Schwellen der Geheimhaltung"),
    "threshold": _("Schwelle"),
    "key": _("Schlüssel"),
    "version": _("Fassung"),
    "at": _("am"),
    "filename": _("Dateiname"),
    "part": _("beteiligt"),
}


def export(user: User) -> dict[str, Any]:
    """Everything somebody had a part in; times are ISO 8601."""
    who = f"user:{user.pk}"
    return {
        "definitions": [
            {"key": row.kept.key, "version": row.number, "at": row.defined_at.isoformat()}
            for row in DefinitionVersion.objects.select_related("kept").filter(defined_by=who).order_by("pk")
        ],
        "figures": [
            {"key": row.kept.key, "at": row.entered_at.isoformat(), "part": _parts(row, "Entry", who)}
            for row in Entry.objects.select_related("kept").filter(_any("Entry", who)).order_by("pk")
        ],
        "figure_files": [
            {"key": row.kept.key, "filename": row.filename, "at": row.received_at.isoformat(), "part": _parts(row, "FigureFile", who)}
            for row in FigureFile.objects.defer("content").select_related("kept").filter(_any("FigureFile", who)).order_by("pk")
        ],
        "thresholds": [
            {"threshold": row.threshold, "at": row.set_at.isoformat()}
            for row in SmallCell.objects.filter(set_by=who).order_by("pk")
        ],
    }  # fmt: skip


def erase(user: User) -> None:
    """Figures belong to the city and stay; who it was is not known any more."""
    who = f"user:{user.pk}"
    for name, fields in PERSONAL.items():
        for field in fields:
            MODELS[name]._default_manager.filter(**{field: who}).update(**{field: ERASED})


def _any(name: str, who: str) -> Q:
    found = Q()
    for field in PERSONAL[name]:
        found |= Q(**{field: who})
    return found


def _parts(row: object, name: str, who: str) -> list[str]:
    return [field for field in PERSONAL[name] if getattr(row, field) == who]
