"""The indicator table's own words in the reader's language, and how sure a value is."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from stadt.apps.strategy.figures import LiveFigure
from stadt.web.formats import number

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


def about_interval(figure: LiveFigure) -> str:
    """How sure a figure is: the range it lies in, and by which rule; empty where none is known."""
    found = figure.latest.interval if figure.latest else None
    if found is None:
        return ""
    unit = f" {figure.unit}" if figure.unit else ""
    return gettext("Mit %(level)s %% Sicherheit zwischen %(low)s und %(high)s%(unit)s.") % {
        "level": number(100 * found.level, 0),
        "low": number(found.low, figure.digits),
        "high": number(found.high, figure.digits),
        "unit": unit,
    }
