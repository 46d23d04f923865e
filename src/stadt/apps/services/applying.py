"""From a service to a draft, and from the sent form to a case: who applies, where it is, which files belong to it."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from shapely.geometry import shape

from stadt.apps.services.offers import open_categories
from stadt.civic.cases.catalogue import CaseType, Category
from stadt.civic.cases.services import PartyData, Spot
from stadt.civic.forms.definition import FILE_KINDS, FieldDefinition, FormDefinition, Kind
from stadt.civic.forms.prefill import Prefill
from stadt.core.errors import Conflict, FieldError, Invalid
from stadt.core.people.actor import Actor
from stadt.core.people.models import User
from stadt.hub.places.queries import find_area, outline_of

CATEGORY = "category"
"""The name under which forms and rules ask what the applicant chose before the form."""


def chosen_category(one: CaseType, key: str) -> Category | None:
    """The category that was chosen; None for a type without any.

    Raises:
        Invalid: naming `category`: nothing was chosen, or it is not offered today.
    """
    if not one.categories:
        return None
    found = next((category for category in open_categories(one) if category.key == key), None)
    if found is None:
        raise Invalid(
            gettext("Bitte wählen Sie aus, worum es geht."),
            fields=(FieldError(CATEGORY, gettext("Bitte wählen Sie")),),
        )
    return found


def require_offered(one: CaseType, category: Category | None) -> None:
    """Raises Conflict when the service's or the category's time is over, or has not begun."""
    today = timezone.localdate()
    if not one.is_offered(today) or (category is not None and not category.is_offered(today)):
        raise Conflict(gettext("Die Frist ist vorbei. Ihre Angaben können nicht mehr abgesendet werden."))


def prefill_of(actor: Actor) -> Prefill | None:
    """What a signed-in person's account knows; she cannot change it in the form. None for everybody else."""
    if actor.user_id is None:
        return None
    user = User.objects.filter(pk=actor.user_id, is_active=True).first()
    if user is None:
        return None
    values: dict[str, Any] = {"user.email": user.email}
    given, _, family = user.name.strip().rpartition(" ")
    if given and family:
        values["user.person"] = {"given_name": given, "family_name": family}
    return Prefill(values)


def party_of(definition: FormDefinition, answers: Mapping[str, Any], actor: Actor) -> PartyData:
    """Who applies: the first person and the first ways to reach somebody that the form asked for."""
    person = _first(definition, answers, Kind.PERSON) or {}
    organisation = _first(definition, answers, Kind.ORGANISATION) or {}
    name = " ".join(filter(None, (person.get("given_name"), person.get("family_name"))))
    email = _first(definition, answers, Kind.EMAIL) or person.get("email") or organisation.get("email") or ""
    phone = _first(definition, answers, Kind.PHONE) or person.get("phone") or organisation.get("phone") or ""
    return PartyData(
        role="applicant" if name or organisation else "reporter",
        name=name or organisation.get("name", ""),
        email=email,
        phone=phone,
        user_id=actor.user_id,
        wants_mail=bool(email),
        consents=tuple(
            field.key for field, answer in _answered(definition, answers, Kind.CONSENT) if answer is True
        ),
    )


def spot_of(definition: FormDefinition, answers: Mapping[str, Any]) -> Spot | None:
    """Where it is: the first place, else a point inside the first area that was drawn or chosen."""
    if place := _first(definition, answers, Kind.PLACE):
        return Spot(lon=place["lon"], lat=place["lat"], address=place.get("address", ""))
    area = _first(definition, answers, Kind.AREA)
    if not area:
        return None
    if area.get("geometry"):
        inside = shape(area["geometry"]).representative_point()
    else:
        found = next((known for key in area.get("areas", ()) if (known := find_area(key))), None)
        if found is None:
            return None
        inside = outline_of(found).representative_point()
    return Spot(lon=round(inside.x, 6), lat=round(inside.y, 6))


def files_of_answers(definition: FormDefinition, answers: Mapping[str, Any]) -> list[int]:
    """Ids of all files that were sent with the form."""
    return [
        number for kind in FILE_KINDS for _, ids in _answered(definition, answers, kind) for number in ids
    ]


def _first(definition: FormDefinition, answers: Mapping[str, Any], kind: Kind) -> Any:
    return next((answer for _, answer in _answered(definition, answers, kind)), None)


def _answered(
    definition: FormDefinition, answers: Mapping[str, Any], kind: Kind
) -> Iterator[tuple[FieldDefinition, Any]]:
    for field in definition.fields():
        if field.kind is kind and answers.get(field.key):
            yield field, answers[field.key]
