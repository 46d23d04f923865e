"""What belongs to a category at a place: warning, questions, reports already known, and what usually happens."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

from stadt.apps.issues.reporting import area
from stadt.apps.issues.reporting.draft import Draft
from stadt.apps.issues.reporting.duplicates import Likeness, find_likely
from stadt.apps.issues.reporting.offers import Offer
from stadt.apps.issues.reporting.services import promise_for
from stadt.civic.cases.queries import Promise
from stadt.civic.forms.definition import FormDefinition
from stadt.civic.forms.queries import get_definition


@dataclass(frozen=True, slots=True)
class Hints:
    """Everything the page says once it knows the category; `stops`: nothing can be sent, only the warning is shown."""

    offer: Offer
    title: str
    emergency: str
    phone: str
    stops: bool
    needs_place: bool
    form: FormDefinition | None
    likely: Sequence[Likeness]
    promise: Promise | None


def hints_for(offer: Offer, draft: Draft) -> Hints:
    """The hints of a category for what is written so far."""
    category = offer.category
    language = get_language() or "de"
    located = area.locate(draft.lon, draft.lat) if draft.lon is not None and draft.lat is not None else None
    district = located.district if located else None
    return Hints(
        offer=offer,
        title=offer.title(language),
        emergency=category.translated("emergency", language),
        phone=category.phone,
        stops=category.stops,
        needs_place=category.needs_place,
        form=get_definition(category.form) if category.form and not category.stops else None,
        likely=() if category.stops else find_likely(offer, draft.lon, draft.lat, draft.text, draft.asset),
        promise=None if category.stops else promise_for(offer, district.id if district else None),
    )
