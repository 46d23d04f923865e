"""What this app asks the strategy, in one place."""

from stadt.apps.strategy.public import (
    Content,
    Measure,
    PrintedIndicator,
    add_member,
    codes_of,
    content_at,
    current_edition,
    data_contacts,
    find_indicator,
    find_measure,
    has_lead,
    is_member,
    is_one_silo,
    list_editions,
    list_indicators,
    list_measures,
    own_keys,
    partners_of,
    speaks_for,
    state_word,
)

__all__ = [
    "Content",
    "Measure",
    "PrintedIndicator",
    "add_member",
    "codes_of",
    "content_at",
    "current_edition",
    "data_contacts",
    "find_indicator",
    "find_measure",
    "has_code",
    "has_lead",
    "is_member",
    "is_one_silo",
    "editions",
    "list_indicators",
    "list_measures",
    "own_keys",
    "partners_of",
    "speaks_for",
    "state_word",
    "title_of",
]


def has_code(code: str) -> bool:
    """Whether the strategy has an item of this code today."""
    return content_at().find(code) is not None


def title_of(code: str) -> str:
    """The item's title, empty where there is none."""
    return str(getattr(content_at().find(code), "title", ""))


def editions() -> list[str]:
    """Names of the editions of the strategy that were adopted, the newest first."""
    return [edition.name for edition in list_editions()]
