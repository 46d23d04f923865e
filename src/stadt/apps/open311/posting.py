"""POST Service Request: a report from another program, taken by the same verb as the city's own pages."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_noop, ngettext

from stadt.apps.issues.public import LONGEST_TEXT, Offer, Report, owner_of, report_issue
from stadt.apps.open311.errors import KeyNeeded, WrongRequest, wrong
from stadt.apps.open311.parameters import degrees
from stadt.apps.open311.service_list import definition_of, get_service
from stadt.civic.cases.queries import Promise
from stadt.civic.files.services import take_files
from stadt.civic.forms.definition import Kind
from stadt.core.errors import FieldError, Invalid
from stadt.core.manifest import Permission
from stadt.core.people.actor import Actor
from stadt.core.tokens import find_actor
from stadt.hub.places.models import Spot, SpotKind
from stadt.hub.places.spot_queries import find_spots
from stadt.hub.places.spot_words import fold_words

WRITE = Permission("open311.write", gettext_noop("Meldungen über Open311 abgeben"))
MOST_MEDIA = 5
# What the verb calls a field → the parameter that brought it.
PARAMETERS = {"text": "description", "place": "lat, long", "photo": "media"}
PHOTO_NOT_TAKEN = "The address in media_url was not fetched; send the photo itself as multipart/form-data in the field media."


@dataclass(frozen=True, slots=True)
class Posted:
    """What was sent: single values, values of questions, and files. `idempotency` is the sender's own key, or empty."""

    parameters: Mapping[str, str]
    attributes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    media: Sequence[Any] = ()
    idempotency: str = ""


def writing_actor(parameters: Mapping[str, str], bearer: str, request_id: str) -> Actor:
    """The program behind `api_key` or the bearer's token, which may hand in reports.

    Raises:
        KeyNeeded: missing, unknown, expired, revoked, or without the right.
    """
    secret = bearer or parameters.get("api_key", "")
    if not secret:
        raise KeyNeeded("api_key is missing.")
    actor = find_actor(secret, request_id)
    if actor is None or not actor.can(WRITE):
        raise KeyNeeded("api_key is unknown, expired, or may not hand in requests.")
    return actor


def post_request(actor: Actor, posted: Posted) -> list[dict[str, Any]]:
    """Take a report. Nothing that was sent about a person comes back.

    Raises:
        UnknownThing: service_code.
        WrongRequest, Invalid, TooLarge: naming the parameter; then nothing was kept.
    """
    given = posted.parameters
    code = given.get("service_code", "")
    if not code:
        raise wrong("service_code", "was not provided.")
    offer = get_service(code)
    if len(given.get("description", "")) > LONGEST_TEXT:
        raise wrong("description", f"has at most {LONGEST_TEXT} characters.")
    if len(posted.media) > MOST_MEDIA:
        raise wrong("media", f"has at most {MOST_MEDIA} files.")
    lon, lat, address, asset = _place(given, needs_place=offer.category.needs_place)
    key = _key(actor, posted.idempotency)
    photos = (
        take_files(posted.media, accepts=("photo",), owner=owner_of(key), actor=actor, field="media")
        if posted.media
        else []
    )
    report = Report(
        key=key,
        category=offer.category.key,
        lon=lon,
        lat=lat,
        address=address,
        asset=asset,
        text=given.get("description", ""),
        answers=_answers(posted, offer),
        files=tuple(photo.pk for photo in photos),
        name=" ".join(part for part in (given.get("first_name"), given.get("last_name")) if part),
        email=given.get("email", ""),
        phone=given.get("phone", ""),
        source="open311",
    )
    try:
        receipt = report_issue(actor, report)
    except Invalid as error:
        fields = tuple(FieldError(_parameter(item.field), item.message) for item in error.fields)
        raise Invalid(error.detail, fields=fields) from error
    notices = [PHOTO_NOT_TAKEN] if given.get("media_url") else []
    if receipt.promise and not receipt.promise.is_example:  # a program would repeat it without the mark
        notices.insert(0, _promise(receipt.promise))
    return [
        {
            "service_request_id": receipt.reference,
            "service_notice": " ".join(notices) or None,
            "account_id": None,
        }
    ]


def _parameter(name: str) -> str:
    code = name.removeprefix("answers.")
    return PARAMETERS.get(name, name) if code == name else f"attribute[{code}]"


def _promise(promise: Promise) -> str:
    days = round(promise.median_working_days)
    return ngettext(
        "So etwas dauert meist einen Arbeitstag.", "So etwas dauert meist %(days)s Arbeitstage.", days
    ) % {"days": days}


def _place(given: Mapping[str, str], *, needs_place: bool) -> tuple[float | None, float | None, str, str]:
    """Longitude, latitude, address and site. Raises WrongRequest when all three ways to name a place are missing."""
    address = given.get("address_string", "")
    if point := degrees(given):
        return *point, address, ""
    if address_id := given.get("address_id", ""):
        known = Spot.objects.filter(external_id=address_id[:200]).exclude(kind=SpotKind.STREET)
        if len(spots := list(known[:2])) != 1:  # each source has its own ids
            raise wrong("address_id", "was not found." if not spots else "names more than one place.")
        [spot] = spots
        return spot.lon, spot.lat, spot.name, "" if spot.kind == SpotKind.ADDRESS else spot.name
    if address:
        return _located(address)
    if needs_place:
        raise WrongRequest("A location is needed: lat and long, or address_string, or address_id.")
    return None, None, "", ""


def _located(address: str) -> tuple[float, float, str, str]:
    """Only an address that is meant without doubt is one: all its words must be found whole.

    Raises:
        WrongRequest: when it is not.
    """
    wanted = set(fold_words(address).split())
    found = next(iter(find_spots(address, 1)), None)
    if found is None or found.kind not in {SpotKind.ADDRESS, SpotKind.STOP, SpotKind.SITE}:
        raise wrong("address_string", "was not found; send lat and long.")
    words = f"{found.name} {found.postcode} {found.town} {found.district} {found.quarter}"
    if not wanted <= set(fold_words(words).split()):
        raise wrong("address_string", "was not found; send lat and long.")
    return found.lon, found.lat, found.name, found.asset


def _key(actor: Actor, idempotency: str) -> str:
    """The same sender's same key is the same report; without one each is new."""
    if not idempotency:
        return f"open311-{secrets.token_urlsafe(24)}"
    if not 16 <= len(idempotency) <= 64:
        raise wrong("Idempotency-Key", "has 16 to 64 characters.")
    return f"open311-{actor.identifier[:40]}-{idempotency}"


def _answers(posted: Posted, offer: Offer) -> dict[str, Any]:
    """Questions that the service has; several values only where several may be chosen. Unknown codes are passed over."""
    definition = definition_of(offer)
    if definition is None:
        return {}
    answers: dict[str, Any] = {}
    for code, values in posted.attributes.items():
        one = definition.by_key.get(code)
        if one is None:
            continue
        answers[code] = list(values) if one.kind is Kind.CHOICES else values[-1]
    return answers
