"""The table's own words in the reader's language."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

DIRECTION_WORDS = {
    "higher better": _("höher ist besser"),
    "lower better": _("niedriger ist besser"),
    "neutral": _("ohne Richtung"),
}
KIND_WORDS = {
    "share": _("Anteil"),
    "rate": _("Rate"),
    "count": _("Anzahl"),
    "index": _("Index"),
    "ratio": _("Verhältnis"),
    "duration": _("Dauer"),
}


def direction_word(direction: str) -> str:
    """`höher ist besser` for `higher better`."""
    return gettext(DIRECTION_WORDS[direction])


def kind_word(kind: str) -> str:
    """`Anteil` for `share`."""
    return gettext(KIND_WORDS[kind])
