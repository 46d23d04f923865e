"""Finds measures and indicators by code and words, for the site search and the lists."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from django.urls import reverse
from django.utils.translation import gettext

from stadt.apps.strategy.document import Measure, PrintedIndicator, strategy
from stadt.core.german import german_sort_key
from stadt.core.manifest import Hit

T = TypeVar("T", Measure, PrintedIndicator)


def plain(text: str) -> str:
    """The text without case, umlauts and punctuation, as it is compared."""
    return german_sort_key(text).split("\x01")[0]


def matches(words: str, *texts: str) -> bool:
    """Whether every word occurs in one of the texts; no words match everything."""
    heap = f" {' '.join(plain(text) for text in texts)}"
    return all(word in heap for word in plain(words).split())


def find_measures(words: str, limit: int) -> Iterator[Hit]:
    """Measures by code, title and field; those with the words in the title first."""
    for measure in _best(strategy().measures.values(), words)[:limit]:
        yield Hit(
            measure.title,
            reverse("strategy:measure", args=[measure.code]),
            f"{measure.code} · {measure.field}",
            gettext("Maßnahme"),
        )


def find_indicators(words: str, limit: int) -> Iterator[Hit]:
    """Printed indicators by code and name."""
    for indicator in _best(strategy().active_indicators, words)[:limit]:
        yield Hit(
            name_of(indicator),
            reverse("strategy:indicator", args=[indicator.code]),
            f"{indicator.code} · {indicator.field}",
            gettext("Kennzahl der Strategie"),
        )


def name_of(item: Measure | PrintedIndicator) -> str:
    """The printed title of a measure or name of an indicator."""
    return item.title if isinstance(item, Measure) else item.name


def _best(items: Iterable[T], words: str) -> list[T]:
    if not plain(words):
        return []
    found = [item for item in items if matches(words, item.code, name_of(item), item.field)]
    return sorted(found, key=lambda item: not matches(words, item.code, name_of(item)))
