"""What a subscription or question can be about: the whole strategy, a guiding theme, a measure or an indicator."""

from dataclasses import dataclass

from django.utils.translation import gettext

from stadt.apps.strategy import public as strategy

WHOLE = "S"


@dataclass(frozen=True, slots=True)
class Topic:
    """Code, name and page. The name is the city's printed German one, except of the whole."""

    code: str
    title: str
    url: str

    @property
    def heading(self) -> str:
        """The name with its number where people know it by that."""
        return self.title if self.code == WHOLE else f"{self.code} {self.title}"


def find_topic(code: str) -> Topic | None:
    """The topic with this code; for the empty code the whole strategy."""
    found = strategy.find_reference(code or WHOLE)
    if found is None:
        return None
    title = gettext("Die ganze Strategie") if found.code == WHOLE else found.title
    return Topic(found.code, title, found.url)


def list_themes() -> list[Topic]:
    """The guiding themes."""
    return [Topic(item.code, item.title, item.url) for item in strategy.list_themes()]


def codes_within(topic: str) -> list[str] | None:
    """Codes of all items whose news belong to a topic, itself included; None: all."""
    if topic == WHOLE:
        return None
    return [topic, *strategy.codes_below(topic)]


def owner_of(code: str) -> str:
    """Key of the organisation that answers for an item; empty where the strategy names none."""
    return strategy.owner_of(code)
