"""State, dependencies and Raumbezug of a measure in words."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from stadt.apps.strategy.record import lifecycle
from stadt.apps.strategy.record.content import Measure
from stadt.web.maps import State

DEPENDS = {
    "requires": _("setzt voraus"),
    "follows": _("folgt auf"),
    "may_follow": _("folgt vielleicht auf"),
    "uses_data": _("nutzt Daten von"),
    "shown_in": _("wird gezeigt in"),
    "enables": _("ermöglicht"),
}
NEEDED_BY = {
    "requires": _("ist Voraussetzung für"),
    "follows": _("geht voraus"),
    "may_follow": _("geht vielleicht voraus"),
    "uses_data": _("liefert Daten für"),
    "shown_in": _("zeigt"),
    "enables": _("wird ermöglicht durch"),
}
TYPES = {
    "virtual": _("virtuell: im Netz, an keinem Ort"),
    "sectoral": _("thematisch: bei bestimmten Einrichtungen oder Anlagen"),
    "physical": _("räumlich: an einem Ort in der Stadt"),
}
LEVELS = {
    "site": _("ein Standort"),
    "quarter": _("Quartier oder Stadtteil"),
    "district": _("Stadtteil"),
    "borough": _("Stadtbezirk"),
    "city": _("ganze Stadt"),
    "region": _("Region"),
    "country": _("Land oder Bund"),
    "international": _("international"),
}
COLOURS = {
    "in_implementation": State.INFO,
    "implemented": State.SUCCESS,
    "evaluated": State.SUCCESS,
    "successful": State.SUCCESS,
    "regular_operation": State.SUCCESS,
    "partly": State.WARNING,
    "not_successful": State.DANGER,
    "paused": State.WARNING,
    "struck": State.WARNING,
}
UNKNOWN = "unknown"
"""How the filters name a measure that nobody has updated; its state is empty."""


def state_word(state: str) -> str:
    """`in Umsetzung`; of a measure without a state that nobody has updated it."""
    return lifecycle.state_word("" if state == UNKNOWN else state)


def state_colour(state: str) -> str:
    """The colour beside the word."""
    return str(COLOURS.get(state, State.NEUTRAL))


def knowledge(measure: Measure, note: str) -> str:
    """What the state rests on, such as `Stand 2020, nicht fortgeschrieben`."""
    return measure.state_note or ("" if measure.state else note)


def level_word(level: str) -> str:
    """`ganze Stadt`; of a measure without a level that the city has set none."""
    return gettext(LEVELS[level]) if level in LEVELS else gettext("von der Stadt noch nicht festgelegt")


def type_words(measure: Measure) -> list[str]:
    """The types of the Raumbezug."""
    return [gettext(TYPES[name]) for name in measure.spatial.types]
