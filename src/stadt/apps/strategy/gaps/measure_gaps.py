"""Gaps in the measures and in the frames above them."""

from collections.abc import Callable

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from stadt.apps.strategy.gaps.indicator_gaps import PROPOSAL
from stadt.apps.strategy.gaps.kinds import About, Entry, Found, Gap
from stadt.apps.strategy.gaps.state import State
from stadt.apps.strategy.record.content import Measure
from stadt.apps.strategy.sdgs import TITLES, goal_title

EFFECTS = frozenset({"outcome", "impact"})


def _entry(measure: Measure, note: str = "") -> Entry:
    return Entry(measure.code, measure.title, note)


def _missing(
    is_missing: Callable[[Measure], bool], note: Callable[[Measure], str] = lambda measure: ""
) -> Callable[[State], Found]:
    """The measures of which it is true, each with a note."""

    def find(state: State) -> Found:
        found = [_entry(item, note(item)) for item in state.measures if is_missing(item)]
        return Found(tuple(found), len(state.measures))

    return find


def _output_only(state: State) -> Found:
    """Measures whose indicators all say what was done; where the kind of effect of one is unknown, so is the answer."""
    entries: list[Entry] = []
    unknown: list[Entry] = []
    for measure in state.measures:
        effects = set()
        for link in measure.indicators:
            printed = state.content.indicators.get(link.code)
            effects.add(link.effect or (printed.chain if printed else ""))
        if not effects or effects & EFFECTS:
            continue
        (unknown if "" in effects else entries).append(_entry(measure))
    return Found(tuple(entries), len(state.measures), tuple(unknown))


def _without_indicator(state: State) -> Found:
    """Measures that no active indicator proves."""
    active = {item.code for item in state.indicators}
    found = [_entry(item) for item in state.measures if not active & set(item.indicator_codes)]
    return Found(tuple(found), len(state.measures))


def _themes_without_indicator(state: State) -> Found:
    """Guiding themes that have measures and no indicator."""
    measured = {state.theme_of(item.code) for item in state.indicators}
    found = []
    for theme in state.content.themes.values():
        measures = [item for item in state.measures if state.theme_of(item.code) == theme.code]
        if measures and theme.code not in measured:
            note = gettext("%(number)s Maßnahmen") % {"number": len(measures)}
            found.append(Entry(theme.code, theme.title, note))
    return Found(tuple(found), len(state.content.themes))


def _untouched_goals(state: State) -> Found:
    """Sustainable Development Goals that no measure names."""
    named = {goal for measure in state.measures for goal in measure.sdgs}
    found = [Entry(f"SDG {goal}", "", goal_title(goal)) for goal in TITLES if goal not in named]
    return Found(tuple(found), len(TITLES))


def _stale(measure: Measure) -> bool:
    return not measure.state


GAPS = (
    Gap(
        "massnahme-ohne-kennzahl",
        About.MEASURE,
        _("Maßnahmen ohne Kennzahl"),
        _(
            "Ob diese Maßnahmen wirken, lässt sich an keiner Kennzahl der Strategie ablesen: Es fehlt der Nachweis."
        ),
        _("Der Maßnahme wird eine Kennzahl zugeordnet, oder eine neue kommt hinzu."),
        _without_indicator,
        PROPOSAL,
    ),
    Gap(
        "massnahme-nur-leistung",
        About.MEASURE,
        _("Maßnahmen, die nur Leistungen zählen"),
        _("Alle Kennzahlen dieser Maßnahmen sagen, was getan wurde, keine, was es bewirkt hat."),
        _(
            "Der Maßnahme wird eine Kennzahl für die Wirkung zugeordnet; bei den unbekannten wird zuerst eingetragen, was ihre Kennzahlen messen."
        ),
        _output_only,
        PROPOSAL,
    ),
    Gap(
        "massnahme-ohne-verantwortung",
        About.MEASURE,
        _("Maßnahmen ohne verantwortliche Stelle"),
        _("Niemand ist benannt, der für diese Maßnahmen einsteht."),
        _("Eine Stelle wird durch einen Änderungsantrag als verantwortlich eingetragen."),
        _missing(lambda item: not item.owner),
        PROPOSAL,
    ),
    Gap(
        "massnahme-finanzierung-offen",
        About.MEASURE,
        _("Maßnahmen mit offener Finanzierung"),
        _("Für diese Maßnahmen oder einen Teil davon ist nicht geklärt, wer sie bezahlt."),
        _("Eine Geldquelle wird durch einen Änderungsantrag eingetragen."),
        _missing(lambda item: item.funding.is_open, lambda item: item.funding.text),
        PROPOSAL,
    ),
    Gap(
        "massnahme-ohne-zeitraum",
        About.MEASURE,
        _("Maßnahmen ohne Zeitraum"),
        _("Es steht nicht fest, wann diese Maßnahmen beginnen oder enden."),
        _("Der Zeitraum wird durch einen Änderungsantrag festgelegt."),
        _missing(lambda item: item.period.is_undated, lambda item: item.period.text),
        PROPOSAL,
    ),
    Gap(
        "massnahme-ohne-raumbezug",
        About.MEASURE,
        _("Maßnahmen ohne Art des Raumbezugs"),
        _(
            "Es ist nicht festgelegt, ob diese Maßnahmen virtuell, auf ein Sachgebiet oder auf einen Ort bezogen sind."
        ),
        _("Die Art des Raumbezugs wird durch einen Änderungsantrag eingetragen."),
        _missing(lambda item: not item.spatial.types),
        PROPOSAL,
    ),
    Gap(
        "massnahme-stand-veraltet",
        About.MEASURE,
        _("Maßnahmen mit veraltetem Stand"),
        _("Seit dem Druck der Strategie hat niemand eingetragen, wo diese Maßnahmen stehen."),
        _("Der heutige Stand wird durch einen Änderungsantrag eingetragen."),
        _missing(_stale, lambda item: item.state_note),
        PROPOSAL,
    ),
    Gap(
        "massnahme-ohne-haupt-sdg",
        About.MEASURE,
        _("Maßnahmen ohne Hauptziel (SDG)"),
        _(
            "Welches der genannten Nachhaltigkeitsziele das wichtigste ist, fehlt. Ein Ziel, das bei allen Maßnahmen steht, sagt über die einzelne nichts."
        ),
        _("Je Maßnahme wird ein Hauptziel festgelegt."),
        _missing(lambda item: item.main_sdg is None),
        PROPOSAL,
    ),
    Gap(
        "leitthema-ohne-kennzahl",
        About.FRAME,
        _("Leitthemen ohne Kennzahl"),
        _("Das Leitthema hat Maßnahmen, aber keine einzige Kennzahl."),
        _("Die Stadt legt Kennzahlen für das Leitthema fest."),
        _themes_without_indicator,
        PROPOSAL,
    ),
    Gap(
        "sdg-ohne-massnahme",
        About.FRAME,
        _("Nachhaltigkeitsziele (SDG) ohne Maßnahme"),
        _("Keine Maßnahme der Strategie nennt diese Ziele der Vereinten Nationen."),
        _("Eine Maßnahme trägt zum Ziel bei, oder die Stadt sagt, warum sie es anderswo verfolgt."),
        _untouched_goals,
        PROPOSAL,
    ),
)
