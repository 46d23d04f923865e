"""Gaps in the indicators: without a lever, a target, a source, somebody responsible, and so on."""

from collections.abc import Callable

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from stadt.apps.strategy.gaps.contributed import Fact
from stadt.apps.strategy.gaps.kinds import About, Entry, Found, Gap
from stadt.apps.strategy.gaps.state import State
from stadt.apps.strategy.record.content import PrintedIndicator


def _entry(indicator: PrintedIndicator, note: str = "") -> Entry:
    return Entry(indicator.code, indicator.name, note)


def _missing(is_missing: Callable[[State, PrintedIndicator], bool]) -> Callable[[State], Found]:
    """The active indicators of which it is true."""

    def find(state: State) -> Found:
        found = [_entry(item) for item in state.indicators if is_missing(state, item)]
        return Found(tuple(found), len(state.indicators))

    return find


def _repeated(state: State) -> Found:
    """Rows that repeat another one."""
    rows = [item for item in state.content.indicators.values() if item.repeats]
    note = gettext("wiederholt %(code)s")
    return Found(
        tuple(_entry(item, note % {"code": item.repeats}) for item in rows), len(state.content.indicators)
    )


def _same_data(state: State) -> Found:
    """Groups of active indicators that one collection would serve."""
    entries = []
    for group in state.same_data:
        rows = [item for item in state.indicators if item.code in group.codes]
        if len(rows) > 1:
            note = gettext("dieselben Daten wie %(codes)s: %(what)s")
            others = [row.code for row in rows[1:]]
            entries.append(_entry(rows[0], note % {"codes": ", ".join(others), "what": group.what}))
    return Found(tuple(entries), len(state.indicators))


def _context(state: State) -> Found:
    """Indicators marked as context, and those that are proposed as such."""
    entries = []
    for item in state.indicators:
        if item.is_context:
            entries.append(_entry(item, gettext("als Rahmengröße gekennzeichnet")))
        elif item.code in state.context:
            entries.append(_entry(item, gettext("Vorschlag, noch nicht entschieden")))
    return Found(tuple(entries), len(state.indicators))


def _without_value(state: State) -> Found:
    """Indicators with a connected source that has no value now."""
    silent = [item for item in state.indicators if item.code in state.connected - state.measured]
    return Found(tuple(map(_entry, silent)), len(state.connected))


PROPOSAL = "strategy:requests"
GAPS = (
    Gap(
        "kennzahl-ohne-massnahme",
        About.INDICATOR,
        _("Kennzahlen ohne Maßnahme"),
        _(
            "An diesen Kennzahlen misst sich die Stadt, aber keine Maßnahme soll sie bewegen: Es fehlt der Hebel."
        ),
        _("Eine Maßnahme nennt die Kennzahl, oder die Kennzahl wird als Rahmengröße gekennzeichnet."),
        _missing(lambda state, item: item.code not in state.measures_of and not item.is_context),
        PROPOSAL,
    ),
    Gap(
        "kennzahl-ohne-soll",
        About.INDICATOR,
        _("Kennzahlen ohne Zielwert (SOLL)"),
        _("Ohne Zielwert lässt sich nicht sagen, ob ein Wert gut ist."),
        _("Ein Zielwert wird vorgeschlagen und von den zuständigen Gremien beschlossen."),
        _missing(lambda state, item: item.code not in state.targets),
        Fact.TARGET,
    ),
    Gap(
        "kennzahl-ohne-quelle",
        About.INDICATOR,
        _("Kennzahlen ohne angeschlossene Quelle"),
        _("Für diese Kennzahlen misst die Plattform nichts selbst, und niemand trägt Werte ein."),
        _("Eine Anwendung misst die Kennzahl, oder Werte werden aus einer Datei oder von Hand eingetragen."),
        _missing(lambda state, item: item.code not in state.connected),
        "indicators:list",
    ),
    Gap(
        "kennzahl-mit-quelle-ohne-wert",
        About.INDICATOR,
        _("Kennzahlen mit Quelle, aber ohne Wert"),
        _("Die Quelle ist angeschlossen, hat aber zurzeit nichts, woraus sich ein Wert ergibt."),
        _("Die Quelle liefert wieder; warum sie es nicht tut, steht auf der Seite der Kennzahl."),
        _without_value,
        "indicators:list",
    ),
    Gap(
        "kennzahl-ohne-verantwortung",
        About.INDICATOR,
        _("Kennzahlen ohne verantwortliche Stelle"),
        _("Niemand ist benannt, der die Kennzahl erhebt und für ihren Wert einsteht."),
        _("Eine Stelle wird durch einen Änderungsantrag als verantwortlich eingetragen."),
        _missing(lambda state, item: not item.owner),
        PROPOSAL,
    ),
    Gap(
        "kennzahl-ohne-turnus",
        About.INDICATOR,
        _("Kennzahlen ohne Turnus"),
        _(
            "Es ist nicht festgelegt, wie oft die Kennzahl erhoben wird; so fällt nicht auf, wenn ein Wert veraltet."
        ),
        _("Der Turnus wird durch einen Änderungsantrag festgelegt."),
        _missing(lambda state, item: not item.interval),
        PROPOSAL,
    ),
    Gap(
        "kennzahl-ohne-vorrang",
        About.INDICATOR,
        _("Kennzahlen ohne Vorrang"),
        _("Es ist nicht gekennzeichnet, ob diese Kennzahlen zuerst erhoben werden."),
        _("Die Stadt wählt aus, welche Kennzahlen zuerst erhoben werden."),
        _missing(lambda state, item: not item.priority),
        PROPOSAL,
    ),
    Gap(
        "kennzahl-doppelt",
        About.INDICATOR,
        _("Doppelt gedruckte Kennzahlen"),
        _("Diese Zeilen wiederholen andere, vermutlich ein Versehen beim Satz. Sie werden nicht gemessen."),
        _("Die Stadt entscheidet, welche Kennzahlen an dieser Stelle stehen sollten."),
        _repeated,
        PROPOSAL,
    ),
    Gap(
        "kennzahl-gleiche-daten",
        About.INDICATOR,
        _("Kennzahlen aus denselben Daten"),
        _("Diese Kennzahlen fragen dieselben Grunddaten zweimal ab."),
        _("Die Daten werden einmal erhoben, beide Kennzahlen werden daraus berechnet."),
        _same_data,
        PROPOSAL,
    ),
    Gap(
        "kennzahl-als-rahmen",
        About.INDICATOR,
        _("Kennzahlen ohne Einfluss der Stadt"),
        _(
            "Diese Kennzahlen beschreiben die Lage, die Stadt kann sie kaum bewegen. Ein Zielwert wäre irreführend."
        ),
        _("Die Kennzahl wird als Rahmengröße gekennzeichnet und bekommt keinen Zielwert."),
        _context,
        PROPOSAL,
    ),
)
