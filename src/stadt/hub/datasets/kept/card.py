"""The card of a kept dataset: what may stand in each field, what must stand there before a review, what readers see."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext

from stadt.core.errors import FieldError, Invalid
from stadt.core.outbound import is_public
from stadt.core.unseen import UNSEEN
from stadt.hub.datasets.declaration import HighValue, Licence, Theme
from stadt.hub.datasets.kept.states import AccessClass, Kind
from stadt.hub.datasets.models import KeptDataset

LONGEST_TITLE, LONGEST_TEXT, LONGEST_ADDRESS = 200, 10_000, 1000
MOST_KEYWORDS, LONGEST_KEYWORD = 30, 80
FREQUENCIES = frozenset(
    [
        "TRIENNIAL",
        "BIENNIAL",
        "ANNUAL",
        "ANNUAL_2",
        "ANNUAL_3",
        "QUARTERLY",
        "MONTHLY",
        "MONTHLY_2",
        "MONTHLY_3",
        "WEEKLY",
        "WEEKLY_2",
        "WEEKLY_3",
        "BIWEEKLY",
        "BIMONTHLY",
        "DAILY",
        "DAILY_2",
        "HOURLY",
        "BIHOURLY",
        "TRIHOURLY",
        "UPDATE_CONT",
        "CONT",
        "IRREG",
        "NEVER",
        "NOT_PLANNED",
        "OTHER",
        "UNKNOWN",
        "QUINQUENNIAL",
        "DECENNIAL",
        "BIDECENNIAL",
        "TRIDECENNIAL",
        "QUADRENNIAL",
        "AS_NEEDED",
    ]
)
"""Codes of the EU authority table frequency."""
SAMPLE = re.compile(r"[a-z0-9-]{1,60}/[a-z0-9-]{1,59}\Z")
SPATIAL = re.compile(r"([0-9]{2,12}|[a-z0-9][a-z0-9-]{0,99})\Z")
FORMAT = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._+-]{0,29}\Z")

NEEDED = ("title", "description", "theme", "licence")
"""What stands on every card before somebody checks it."""


class _Wrong(ValueError):
    """What is wrong with a field, for whoever filled it in."""


def read_card(given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a card as the table keeps them.

    Raises:
        Invalid: naming every field that is unknown or cannot be taken.
    """
    found: dict[str, Any] = {}
    wrong: list[FieldError] = []
    for name, value in given.items():
        reader = FIELDS.get(name)
        try:
            if reader is None:
                raise _Wrong(gettext("gehört nicht zu den Angaben eines Datensatzes"))
            found[name] = reader(value)
        except _Wrong as error:
            wrong.append(FieldError(str(name)[:60], str(error)))
    if wrong:
        raise Invalid(gettext("Die Angaben können so nicht übernommen werden."), fields=tuple(wrong))
    return found


def require_order(kept: KeptDataset) -> None:
    """Raises Invalid when the time it is about ends before it begins."""
    if kept.temporal_start and kept.temporal_end and kept.temporal_end < kept.temporal_start:
        message = gettext("liegt vor dem Beginn")
        raise Invalid(
            gettext("Der Zeitraum endet, bevor er beginnt."), fields=(FieldError("temporal_end", message),)
        )


def require_complete(kept: KeptDataset) -> None:
    """Raises Invalid, naming the fields that are still empty, unless the card can be checked by somebody.

    What is about persons is refused here: nobody can approve it.
    """
    missing = [name for name in NEEDED if not getattr(kept, name).strip()]
    if kept.kind == Kind.LINK and not kept.link_url:
        missing.append("link_url")
    if missing:
        raise Invalid(
            gettext("Vor der Prüfung fehlen noch Angaben."),
            fields=tuple(FieldError(name, gettext("fehlt")) for name in missing),
        )
    require_publishable(kept)


def require_publishable(kept: KeptDataset) -> None:
    """Raises Invalid for what is about persons."""
    if kept.access == AccessClass.PERSONAL:
        raise Invalid(
            gettext("Personenbezogene Daten werden nicht veröffentlicht, auch nicht intern."),
            fields=(FieldError("access", gettext("ist personenbezogen")),),
        )


def live_of(kept: KeptDataset, columns: Iterable[Mapping[str, str]]) -> dict[str, Any]:
    """The card and columns as they are approved now: what readers see from then on, as JSON."""
    card = {name: getattr(kept, name) for name in SHOWN}
    for name in ("temporal_start", "temporal_end"):
        card[name] = card[name].isoformat() if card[name] else ""
    return {**card, "columns": list(columns)}


def take_live(kept: KeptDataset) -> None:
    """Put the approved card back in place of the one that is worked on."""
    for name in SHOWN:
        setattr(kept, name, kept.live[name])
    kept.temporal_start, kept.temporal_end = (
        date.fromisoformat(kept.live[name]) if kept.live[name] else None
        for name in ("temporal_start", "temporal_end")
    )
    kept.access, kept.columns = kept.live_access, kept.live["columns"]


def _line(longest: int) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        text = _shown(value, longest)
        if "\n" in text or "\r" in text:
            raise _Wrong(gettext("hat mehrere Zeilen"))
        return text

    return read


def _shown(value: Any, longest: int) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _Wrong(gettext("ist kein Text"))
    text = value.strip()
    if UNSEEN.search(text):
        raise _Wrong(gettext("enthält unsichtbare Zeichen"))
    if len(text) > longest:
        raise _Wrong(gettext("ist länger als %(most)s Zeichen") % {"most": longest})
    return text


def _keywords(value: Any) -> list[str]:
    if not isinstance(value, list | tuple):
        raise _Wrong(gettext("ist keine Liste von Wörtern"))
    words = list(dict.fromkeys(word for word in map(_line(LONGEST_KEYWORD), value) if word))
    if len(words) > MOST_KEYWORDS:
        raise _Wrong(gettext("hat mehr als %(most)s Wörter") % {"most": MOST_KEYWORDS})
    return words


def _one_of(known: Iterable[str], *, may_be_empty: bool = True) -> Callable[[Any], str]:
    allowed = frozenset(str(name) for name in known)

    def read(value: Any) -> str:
        if value in (None, "") and may_be_empty:
            return ""
        if not isinstance(value, str) or value not in allowed:
            raise _Wrong(gettext("ist keiner der erlaubten Werte"))
        return str(value)

    return read


def _shaped(pattern: re.Pattern[str], example: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        text = _line(LONGEST_TITLE)(value)
        if text and not pattern.match(text):
            raise _Wrong(gettext("hat nicht die Form „%(example)s“") % {"example": example})
        return text

    return read


def _day(value: Any) -> date | None:
    if value in (None, ""):
        return None
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise _Wrong(gettext("ist kein Datum wie 2026-01-31")) from None


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Wrong(gettext("ist weder wahr noch falsch"))
    return value


def _email(value: Any) -> str:
    text = _line(254)(value)
    if text:
        try:
            validate_email(text)
        except ValidationError:
            raise _Wrong(gettext("ist keine E-Mail-Adresse")) from None
    return text


def _address(value: Any) -> str:
    """An address on the public internet, as far as it can be known without asking anybody."""
    text = _line(LONGEST_ADDRESS)(value)
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise _Wrong(gettext("ist keine Adresse wie https://beispiel.de/daten.csv")) from None
    if parts.scheme not in {"http", "https"} or not host or any(char.isspace() for char in text):
        raise _Wrong(gettext("ist keine Adresse wie https://beispiel.de/daten.csv"))
    if parts.username is not None or parts.password is not None:
        raise _Wrong(gettext("enthält Zugangsdaten"))
    if not _may_be_public(host):
        raise _Wrong(gettext("liegt in einem internen Netz"))
    return text


def _may_be_public(host: str) -> bool:
    try:
        return is_public(host)
    except ValueError:  # a name: which network it lies in is seen when it is asked
        name = host.rstrip(".").lower()
        last = name.rpartition(".")[2]
        return (
            "." in name
            and last not in {"local", "localhost", "internal", "lan", "intern"}
            and not last.isdigit()
        )


FIELDS: Mapping[str, Callable[[Any], Any]] = {
    "kind": _one_of(Kind.values, may_be_empty=False),
    "access": _one_of(AccessClass.values, may_be_empty=False),
    "title": _line(LONGEST_TITLE),
    "description": lambda value: _shown(value, LONGEST_TEXT),
    "keywords": _keywords,
    "theme": _one_of(theme.name for theme in Theme),
    "licence": _one_of(licence.name for licence in Licence),
    "publisher": _line(LONGEST_TITLE),
    "contact": _email,
    "frequency": _one_of(FREQUENCIES),
    "temporal_start": _day,
    "temporal_end": _day,
    "spatial": _shaped(SPATIAL, "01001000"),
    "high_value": _one_of(item.name for item in HighValue),
    "sample": _shaped(SAMPLE, "abfallwirtschaft/container"),
    "link_url": _address,
    "link_format": _shaped(FORMAT, "CSV"),
    "is_simulated": _truth,
}
SHOWN = tuple(name for name in FIELDS if name != "access")
