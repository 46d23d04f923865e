"""From a service to a draft, and from the sent form to a case: who applies, where it is, which files belong to it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
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

APPLICANT = "applicant"
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


def is_in_time(one: CaseType, category: str) -> bool:
    """Whether a form that was begun with this category can be sent today; a category that was taken away cannot."""
    today, found = timezone.localdate(), one.find_category(category)
    if found is None:
        return one.is_offered(today) and not category
    return one.is_offered(today) and found.is_offered(today) and not found.stops


def require_in_time(one: CaseType, category: str) -> None:
    """Raises Conflict when the service's or the category's time is over, or has not begun."""
    if not is_in_time(one, category):
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


def parties_of(
    definition: FormDefinition, answers: Mapping[str, Any], actor: Actor, prefilled: Collection[str] = ()
) -> list[PartyData]:
    """Who stands in the case, who can be reached first: of each role the first person and the first ways to reach them.

    Fields say by `party` whom they are about; without it, it is the applicant. The account belongs to the party whose
    answers came from it, else to the applicant.

    Args:
        prefilled: keys of the answers that were taken from the account.
    """
    roles = dict.fromkeys([APPLICANT, *(field.party for field in definition.fields() if field.party)])
    found = {
        role: _party_of(
            [field for field in definition.fields() if (field.party or APPLICANT) == role], answers
        )
        for role in roles
    }
    own = next(
        (field.party for field in definition.fields() if field.key in prefilled and field.party), APPLICANT
    )
    standing = [
        replace(party, role=_role(role, party), user_id=actor.user_id if role == own else None)
        for role, party in found.items()
        if role == APPLICANT or party.name or party.email
    ]
    return sorted(standing, key=lambda party: not (party.email or party.user_id))


def _role(role: str, party: PartyData) -> str:
    return "reporter" if role == APPLICANT and not party.name else role


def _party_of(fields: Sequence[FieldDefinition], answers: Mapping[str, Any]) -> PartyData:
    person = _first(fields, answers, Kind.PERSON) or {}
    organisation = _first(fields, answers, Kind.ORGANISATION) or {}
    email = _first(fields, answers, Kind.EMAIL) or person.get("email") or organisation.get("email") or ""
    asked = [answers.get(field.key) is True for field in fields if field.for_mail]
    return PartyData(
        name=" ".join(filter(None, (person.get("given_name"), person.get("family_name"))))
        or organisation.get("name", ""),
        email=email,
        phone=_first(fields, answers, Kind.PHONE) or person.get("phone") or organisation.get("phone") or "",
        wants_mail=bool(email) and (not asked or any(asked)),
        consents=tuple(
            field.key for field, answer in _answered(fields, answers, Kind.CONSENT) if answer is True
        ),
    )


def spot_of(definition: FormDefinition, answers: Mapping[str, Any]) -> Spot | None:
    """Where it is: the first place, else a point inside the first area that was drawn or chosen."""
    fields = list(definition.fields())
    if place := _first(fields, answers, Kind.PLACE):
        return Spot(lon=place["lon"], lat=place["lat"], address=place.get("address", ""))
    area = _first(fields, answers, Kind.AREA)
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
    fields = list(definition.fields())
    return [number for kind in FILE_KINDS for _, ids in _answered(fields, answers, kind) for number in ids]


def _first(fields: Iterable[FieldDefinition], answers: Mapping[str, Any], kind: Kind) -> Any:
    return next((answer for _, answer in _answered(fields, answers, kind)), None)


def _answered(
    fields: Iterable[FieldDefinition], answers: Mapping[str, Any], kind: Kind
) -> Iterator[tuple[FieldDefinition, Any]]:
    for field in fields:
        if field.kind is kind and answers.get(field.key):
            yield field, answers[field.key]
