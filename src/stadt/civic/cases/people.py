"""Checked input of people: texts, contact data and where something is."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext

from stadt.civic.cases.models import Case, Party, PartyRole
from stadt.core.city import current
from stadt.core.errors import FieldError, Invalid
from stadt.core.unseen import UNSEEN
from stadt.hub.places.models import PlaceKind
from stadt.hub.places.queries import find_city, find_place_at

LONGEST_TEXT = 5000
LONGEST_TITLE = 200
LONGEST_ADDRESS = 300
LONGEST_ASSET = 120


@dataclass(frozen=True, slots=True)
class Spot:
    """Where it is, WGS 84 degrees; `asset` is the thing of the city that is meant, such as a lamp's number."""

    lon: float | None = None
    lat: float | None = None
    address: str = ""
    asset: str = ""


@dataclass(frozen=True, slots=True)
class PartyData:
    """Somebody who stands in a case; without `email` and account there is no answer but by the link."""

    role: str = "reporter"
    name: str = ""
    email: str = ""
    phone: str = ""
    user_id: int | None = None
    wants_mail: bool = True
    language: str = ""
    consents: tuple[str, ...] = ()


def clean_text(text: str, field: str, *, needed: bool = False, longest: int = LONGEST_TEXT) -> str:
    """The text without outer spaces. Raises Invalid naming the field: missing, too long, or no text."""
    kept = text.replace("\r\n", "\n").strip()
    if needed and not kept:
        raise wrong(field, gettext("fehlt"))
    if len(kept) > longest:
        raise wrong(field, gettext("hat mehr als %(most)s Zeichen") % {"most": longest})
    if UNSEEN.search(kept):
        raise wrong(field, gettext("enthält Zeichen, die kein Text sind"))
    return kept


def one_line(text: str, field: str, longest: int) -> str:
    """The same for what has no lines; longer than `longest` is refused."""
    return " ".join(clean_text(text, field, longest=longest).split())


def put_place(case: Case, spot: Spot | None, *, is_needed: bool) -> None:
    """Set coordinates, address, district and quarter. Raises Invalid naming `place`."""
    spot = spot or Spot()
    address = one_line(spot.address, "place", LONGEST_ADDRESS)
    if is_needed and spot.lon is None and not address:
        raise wrong("place", gettext("fehlt"))
    if (spot.lon is None) != (spot.lat is None):
        raise wrong("place", gettext("braucht Länge und Breite"))
    case.address, case.asset = address, one_line(spot.asset, "place", LONGEST_ASSET)
    case.lon = case.lat = case.district_id = case.quarter_id = None
    if spot.lon is None or spot.lat is None:
        return
    lon, lat = spot.lon, spot.lat
    if not (math.isfinite(lon) and math.isfinite(lat)) or not _is_in_city(lon, lat):
        raise wrong("place", gettext("liegt nicht in %(city)s") % {"city": current().name})
    case.lon, case.lat = lon, lat
    district, quarter = find_place_at(lon, lat, PlaceKind.DISTRICT), find_place_at(lon, lat)
    case.district_id = district.id if district else None
    case.quarter_id = quarter.id if quarter else None


def make_party(case: Case, data: PartyData, language: str) -> Party:
    """Store somebody. Raises Invalid naming `role`, `name`, `email` or `phone`."""
    if data.role not in PartyRole.values:
        raise wrong("role", gettext("gibt es nicht"))
    party = Party(
        case=case,
        role=data.role,
        user_id=data.user_id,
        language=data.language or language,
        consents=list(data.consents),
    )
    put_contact(party, data)
    party.save()
    return party


def put_contact(party: Party, data: PartyData) -> None:
    """Set name, ways to reach somebody, and whether mails are wanted. Raises Invalid naming `name`, `email` or `phone`."""
    email = data.email.strip().lower()
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise wrong("email", gettext("ist keine E-Mail-Adresse")) from None
    party.name, party.phone = one_line(data.name, "name", 200), one_line(data.phone, "phone", 60)
    party.email = email
    party.wants_mail = data.wants_mail and bool(email or party.user_id)


def is_json(answers: Mapping[str, Any]) -> bool:
    """Whether the answers can be kept: no control characters, not deeper or larger than a form gives."""
    return _fits(answers, 0)


def wrong(field: str, reason: str) -> Invalid:
    return Invalid(gettext("Bitte prüfen Sie Ihre Angaben."), fields=(FieldError(field, reason),))


def _fits(value: Any, depth: int) -> bool:
    if isinstance(value, str):
        return "\x00" not in value
    if depth > 8 or (isinstance(value, float) and not math.isfinite(value)):
        return False
    if isinstance(value, Mapping):
        return all(
            isinstance(key, str) and _fits(key, depth) and _fits(item, depth + 1)
            for key, item in value.items()
        )
    if isinstance(value, Sequence):
        return all(_fits(item, depth + 1) for item in value)
    return value is None or isinstance(value, bool | int | float)


def _is_in_city(lon: float, lat: float) -> bool:
    if find_city() is not None:
        return find_place_at(lon, lat, PlaceKind.CITY) is not None
    west, south, east, north = current().bbox
    return west <= lon <= east and south <= lat <= north
