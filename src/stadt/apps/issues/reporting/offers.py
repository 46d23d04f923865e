"""What can be reported today: the categories of the city's case types whose door is this app."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext

from stadt.civic.cases.catalogue import CaseType, Category
from stadt.civic.cases.versions import list_types
from stadt.core.errors import FieldError, Invalid
from stadt.core.german import german_sort_key

DOOR = "melden"


@dataclass(frozen=True, slots=True)
class Offer:
    """A category with the type it belongs to."""

    type: CaseType
    category: Category

    @property
    def key(self) -> str:
        return self.category.key

    def title(self, language: str = "de") -> str:
        """What it is called."""
        return self.category.translated("title", language)


@dataclass(frozen=True, slots=True)
class OfferGroup:
    """Offers that stand together."""

    title: str
    offers: tuple[Offer, ...]


def list_offers(on: date | None = None) -> list[Offer]:
    """What can be chosen on that day (today), in the order of the city's files. One query."""
    day = on or timezone.localdate()
    return [
        Offer(one, category)
        for one in list_types()
        if one.door == DOOR and one.is_offered(day)
        for category in one.categories
        if category.is_offered(day)
    ]


def find_offer(key: str, on: date | None = None) -> Offer | None:
    """The offer with this category's key, None when it cannot be chosen on that day."""
    return next((offer for offer in list_offers(on) if offer.key == key), None) if key else None


def get_offer(key: str) -> Offer:
    """The offer with this category's key.

    Raises:
        Invalid: naming `category`: there is none, it is closed for now, or it is no report but an emergency.
    """
    offer = find_offer(key)
    if offer is not None and not offer.category.stops:
        return offer
    if offer is not None:
        reason = offer.category.emergency
    elif any(category.key == key for one in list_types() if one.door == DOOR for category in one.categories):
        reason = gettext("Dazu kann zurzeit nichts gemeldet werden.")
    else:
        reason = gettext("Bitte wählen Sie, worum es geht.")
    raise Invalid(reason, fields=(FieldError("category", reason),))


def grouped(offers: Iterable[Offer], language: str = "de") -> list[OfferGroup]:
    """The offers by group, groups in the order of their first offer."""
    groups: dict[str, list[Offer]] = {}
    for offer in offers:
        groups.setdefault(offer.category.translated("group", language), []).append(offer)
    return [OfferGroup(title, tuple(found)) for title, found in groups.items()]


def suggest_offers(words: str, offers: Iterable[Offer], limit: int = 3) -> list[Offer]:
    """Offers whose title or synonyms occur in what somebody wrote, best first; none for words that fit nothing."""
    written = [word for word in _folded(words).split() if len(word) > 2]
    if not written:
        return []
    rated = [(_fit(written, offer), place, offer) for place, offer in enumerate(offers)]
    best = sorted((-rating, place, offer) for rating, place, offer in rated if rating)
    return [offer for _, _, offer in best[:limit]]


def _fit(written: list[str], offer: Offer) -> float:
    """Whole words count more than beginnings, long words more than short ones; compounds are found by their parts."""
    known = _folded(" ".join((offer.category.title, *offer.category.words))).split()
    total = 0.0
    for word in written:
        if word in known:
            total += 2 + len(word) / 20
        elif len(word) > 3 and any(
            part.startswith(word) or (len(part) > 3 and part in word) for part in known
        ):
            total += 1
    return total


def _folded(words: str) -> str:
    bare = german_sort_key(words[:500]).split("\x01")[0]
    return "".join(sign if sign.isalnum() else " " for sign in bare)
