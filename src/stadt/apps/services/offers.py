"""What residents can ask of the city today: the case types with a door, in words of the reader's language."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from stadt.civic.cases.catalogue import CaseType, Category
from stadt.civic.cases.versions import list_types
from stadt.core.errors import NotFound
from stadt.core.german import german_sort_key
from stadt.core.manifest import Hit


@dataclass(frozen=True, slots=True)
class Offer:
    """A service as its card shows it, in the reader's language; `needs`, `costs` and `takes` may be empty."""

    key: str
    url: str
    title: str
    description: str
    plain: str
    group: str
    costs: str
    needs: str
    takes: str
    words: str


@dataclass(frozen=True, slots=True)
class OfferGroup:
    """Services that belong together."""

    title: str
    offers: Sequence[Offer]


def language() -> str:
    """The reader's language as the data name it: two letters."""
    return (get_language() or "de")[:2]


def list_offers() -> list[Offer]:
    """What is offered today, in the order of the groups' and services' titles."""
    today = timezone.localdate()
    found = [one for one in list_types() if one.is_offered(today) and is_open(one)]
    offers = [offer for one in found if (offer := _offer(one))]
    return sorted(offers, key=lambda offer: (german_sort_key(offer.group), german_sort_key(offer.title)))


def grouped(offers: Iterable[Offer]) -> list[OfferGroup]:
    """Offers that are in order, by group."""
    return [OfferGroup(title, tuple(found)) for title, found in groupby(offers, lambda offer: offer.group)]


def is_open(one: CaseType) -> bool:
    """Whether anything can be chosen: a type with categories needs one that is offered today."""
    return not one.categories or bool(open_categories(one))


def open_categories(one: CaseType) -> list[Category]:
    """The categories that can be chosen today, in the type's order."""
    today = timezone.localdate()
    return [category for category in one.categories if category.is_offered(today) and not category.stops]


def get_service(slug: str) -> CaseType:
    """The type that is begun here under this word. Raises NotFound."""
    for one in list_types():
        if one.door == "dienste" and slug in {one.slug, one.key}:
            return one
    raise NotFound(gettext("Diesen Dienst gibt es nicht."))


def slug_of(one: CaseType) -> str:
    """The word in the service's addresses."""
    return one.slug or one.key


def matching(offers: Iterable[Offer], words: str) -> list[Offer]:
    """Offers in which every word occurs; those with the words in the title first. No words: all of them."""
    wanted = _flat(words).split()
    found = [offer for offer in offers if all(word in _flat(offer.words) for word in wanted)]
    return sorted(found, key=lambda offer: not all(word in _flat(offer.title) for word in wanted))


def find_services(words: str, limit: int) -> Iterator[Hit]:
    """The site search's source."""
    if not _flat(words):
        return
    for offer in matching(list_offers(), words)[:limit]:
        yield Hit(offer.title, offer.url, offer.description, gettext("Dienst"))


def _offer(one: CaseType) -> Offer | None:
    url = _address(one)
    if not url:
        return None
    texts = {
        name: one.translated(name, language())
        for name in ("title", "description", "group", "costs", "needs", "takes")
    }
    categories = [category.translated("title", language()) for category in open_categories(one)]
    words = " ".join([*texts.values(), one.plain, one.title, *one.words, *categories])
    return Offer(key=one.key, url=url, plain=one.plain, words=words, **texts)


def _address(one: CaseType) -> str:
    if one.door == "dienste":
        return reverse("services:service", args=[slug_of(one)])
    path = f"/{one.door}/neu/"  # another door is the first part of the address where such a case is begun
    try:
        resolve(path)
    except Resolver404:
        return ""
    return path


def _flat(text: str) -> str:
    return german_sort_key(text).split("\x01")[0]
