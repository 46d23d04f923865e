"""German words for the texts of the strategy's tables that exist in English only: `strategy/german.toml` of the city."""

from functools import lru_cache
from pathlib import Path

from stadt.core.city import current

FILE = "strategy/german.toml"


def find_german(text: str) -> str | None:
    """What a text of the tables is called in German; None where the city has no words for it."""
    return words_of(current().folder).get(text)


@lru_cache(maxsize=4)
def words_of(folder: Path) -> dict[str, str]:
    """English text → German text of the city in a folder, over all tables of its file."""
    tables = current().read_toml(FILE)
    return {english: german for table in tables.values() for english, german in table.items()}
