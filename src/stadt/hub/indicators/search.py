"""Finds indicators by the words of their title and description."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext

from stadt.core.german import german_sort_key
from stadt.core.manifest import Hit, SearchSource
from stadt.hub.indicators import queries


def find(words: str, limit: int) -> Iterator[Hit]:
    """Indicators that contain all words; those with a word in the title come first."""
    wanted = german_sort_key(words).split("\x01")[0].split()
    found = []
    for indicator in queries.list_definitions():
        title, text = gettext(indicator.title), gettext(indicator.description)
        head, body = (german_sort_key(part).split("\x01")[0] for part in (title, f"{title} {text}"))
        if wanted and all(word in body for word in wanted):
            found.append((not any(word in head for word in wanted), head, indicator.key, title, text))
    for _later, _head, key, title, text in sorted(found)[:limit]:
        yield Hit(title, reverse("indicators:explain", kwargs={"key": key}), text, gettext("Kennzahl"))


SOURCE = SearchSource("indicators", "Kennzahlen", find)
