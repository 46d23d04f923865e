"""What exactly changed, in the words of every language, as it is kept with a piece of news."""

from collections.abc import Callable, Sequence

from django.conf import settings
from django.utils.translation import gettext, ngettext, override

from stadt.apps.strategy.public import Difference, ItemChange

MOST_CHANGES = 5
LONGEST = 400

Said = dict[str, list[str]]


def in_all_languages(tell: Callable[[], Sequence[str]]) -> Said:
    """What `tell` says in each language of the city's pages, each sentence cut at a readable length."""
    said = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            said[language] = [_cut(sentence) for sentence in tell()]
    return said


def of_changes(changes: Sequence[ItemChange]) -> Said:
    """A single item's change without its name, which stands before it; of several their sentences, the first ones."""

    def tell() -> list[str]:
        if len({change.code for change in changes}) == 1:
            return [change.detail for change in changes]
        more = len(changes) - MOST_CHANGES
        rest = [ngettext("Dazu %(count)s weitere.", "Dazu %(count)s weitere.", more) % {"count": more}]
        return [change.sentence for change in changes[:MOST_CHANGES]] + (rest if more > 0 else [])

    return in_all_languages(tell)


def of_edition(found: Difference) -> Said:
    """How many items were added, struck, moved and changed."""
    return in_all_languages(
        lambda: [gettext("Gegenüber der Fassung davor: %(counts)s.") % {"counts": found.count_line}]
    )


def _cut(text: str) -> str:
    """At the end of a word."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(None, 1)[0]} …"
