"""The services of the city as Open311 tells them: what can be reported, and which questions belong to it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone

from stadt.apps.issues.public import Offer, list_offers
from stadt.apps.open311.errors import UnknownThing
from stadt.civic.cases.catalogue import Category
from stadt.civic.cases.models import CaseTypeVersion
from stadt.civic.forms.definition import FieldDefinition, FormDefinition, Kind
from stadt.civic.forms.models import FormVersion
from stadt.civic.forms.queries import get_definition

# Kinds of questions that the standard has a datatype for; others (places, files, people) cannot be asked for by it.
DATATYPES: Mapping[Kind, str] = {
    Kind.TEXT: "string",
    Kind.EMAIL: "string",
    Kind.PHONE: "string",
    Kind.LONG_TEXT: "text",
    Kind.NUMBER: "number",
    Kind.AMOUNT: "number",
    Kind.DATE: "datetime",
    Kind.CHOICE: "singlevaluelist",
    Kind.CHOICES: "multivaluelist",
    Kind.YES_NO: "singlevaluelist",
    Kind.CONSENT: "singlevaluelist",
    Kind.INFO: "text",
}
YES_NO = (("true", "ja"), ("false", "nein"))
HINTS = {
    Kind.DATE: "JJJJ-MM-TT",
    Kind.EMAIL: "E-Mail-Adresse",
    Kind.PHONE: "Telefonnummer",
}


def code_of(category: Category) -> str:
    """The service_code: the one the city gave, else the category's key."""
    return category.code or category.key


def offers() -> dict[str, Offer]:
    """What can be handed in, by service_code. Categories that only tell whom to call cannot."""
    return {code_of(offer.category): offer for offer in list_offers() if not offer.category.stops}


def get_service(code: str) -> Offer:
    """The service with this code. Raises UnknownThing."""
    found = offers().get(code)
    if found is None:
        raise UnknownThing("service_code was not found.")
    return found


def service_list() -> list[dict[str, Any]]:
    """GET Service List."""
    return [
        {
            "service_code": code,
            "service_name": offer.category.title,
            "description": offer.category.description,
            "metadata": bool(_fields(offer)),
            "type": "realtime",
            "keywords": ", ".join(word.replace(",", " ") for word in offer.category.words),
            "group": offer.category.group,
        }
        for code, offer in offers().items()
    ]


def service_definition(code: str) -> dict[str, Any]:
    """GET Service Definition. Raises UnknownThing."""
    offer = get_service(code)
    return {
        "service_code": code,
        "attributes": [_attribute(order, one) for order, one in enumerate(_fields(offer), start=1)],
    }


def last_change() -> datetime:
    """When the city last kept a changed case type or form, in the city's time."""
    kept = [model.objects.aggregate(last=Max("kept_at"))["last"] for model in (CaseTypeVersion, FormVersion)]
    return timezone.localtime(max([moment for moment in kept if moment], default=timezone.now()))


def definition_of(offer: Offer) -> FormDefinition | None:
    """The questions of a service, None when it has none."""
    return get_definition(offer.category.form) if offer.category.form else None


def _fields(offer: Offer) -> list[FieldDefinition]:
    definition = definition_of(offer)
    if definition is None:
        return []
    return [one for one in definition.fields() if one.kind in DATATYPES and not one.computed]


def _attribute(order: int, one: FieldDefinition) -> dict[str, Any]:
    attribute: dict[str, Any] = {
        "variable": one.is_answered,
        "code": one.key,
        "datatype": DATATYPES[one.kind],
        # A question that only comes up after certain answers cannot be required from everybody.
        "required": one.required is True and not one.visible,
        "datatype_description": one.hint or HINTS.get(one.kind, ""),
        "order": order,
        "description": one.title or one.text,
    }
    if values := _values(one):
        attribute["values"] = values
    return attribute


def _values(one: FieldDefinition) -> list[dict[str, str]]:
    if one.kind in {Kind.YES_NO, Kind.CONSENT}:
        return [{"key": key, "name": name} for key, name in YES_NO]
    # Choosing one that stops the form (an emergency) cannot be handed in, so it is not offered either.
    return [{"key": choice.value, "name": choice.title} for choice in one.choices if not choice.disables]
