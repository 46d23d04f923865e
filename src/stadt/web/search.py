"""The site search: asks every source the registry offers and groups what they find."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import Error as DatabaseError
from django.utils.translation import gettext

from stadt.core.errors import StadtError
from stadt.core.manifest import Hit, SearchSource
from stadt.core.registry import registry

logger = logging.getLogger(__name__)

MAX_LENGTH = 200
HITS_PER_SOURCE = 20


@dataclass(frozen=True)
class HitGroup:
    """What one source found; `has_failed` when it could not be asked."""

    key: str
    title: str
    hits: Sequence[Hit]
    has_more: bool = False
    has_failed: bool = False


def clean_words(text: str) -> str:
    """Return the words as one line of at most 200 characters, without control characters."""
    printable = "".join(character if character.isprintable() else " " for character in text[: MAX_LENGTH * 4])
    return " ".join(printable.split())[:MAX_LENGTH].strip()


def search(words: str) -> list[HitGroup]:
    """Return a group for each source that found something or failed; nothing for empty words."""
    if not words:
        return []
    groups = [_ask(source, words) for source in registry.search_sources]
    return [group for group in groups if group.hits or group.has_failed]


def _ask(source: SearchSource, words: str) -> HitGroup:
    title = gettext(source.title)
    try:
        hits = list(source.find(words, HITS_PER_SOURCE + 1))
    except (StadtError, DatabaseError) as error:
        logger.warning("Search source %s failed: %s", source.key, error)
        return HitGroup(source.key, title, (), has_failed=True)
    return HitGroup(source.key, title, hits[:HITS_PER_SOURCE], has_more=len(hits) > HITS_PER_SOURCE)
