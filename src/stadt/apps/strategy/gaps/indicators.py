"""The strategy measures itself: how much of it has a value, a proof, money, somebody responsible, a target, a carrier."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext_noop as _

from stadt.apps.strategy.events import StrategyChanged
from stadt.apps.strategy.gaps.carriage import Way, list_carriage
from stadt.apps.strategy.gaps.contributed import Fact, codes_with
from stadt.apps.strategy.gaps.state import State, read_state
from stadt.apps.strategy.links import own_keys
from stadt.hub.indicators.declaration import Figure, Indicator, Period
from stadt.hub.indicators.jobs import compute_soon
from stadt.hub.indicators.sources import Sources
from stadt.hub.places.queries import Area

NO_STRATEGY = _("Die Stadt hat noch keine Strategie.")
RECORD = _("Strategie der Stadt, wie sie heute gilt")

MET = "SELECT count(*) FILTER (WHERE is_met), count(*) FROM unnest(%s::text[], %s::bool[]) AS item (code, is_met)"
# The newest city-wide value of a key's running period counts as it stands today, the main series first; one that is
# missing is none.
MEASURED = """
SELECT count(DISTINCT linked.code) FILTER (WHERE newest.value IS NOT NULL),
       coalesce(bool_or(newest.simulated) FILTER (WHERE newest.value IS NOT NULL), false)
FROM unnest(%s::text[], %s::text[]) AS linked (code, key)
CROSS JOIN LATERAL (
    SELECT v.value, v.simulated FROM indicators_indicatorvalue v
    WHERE v.key = linked.key AND v.place_id IS NULL AND v.superseded_at IS NULL AND v.as_of <= %s
    ORDER BY v.period_start DESC, v.series, v.dimension LIMIT 1
) AS newest
"""

Pairs = Callable[[State], Sequence[tuple[str, bool]]]


def _share_of(title: str, pairs: Pairs) -> Callable[[Period, Area | None, Sources], Figure]:
    """The share of items that meet something; the codes asked stand in the lineage."""

    def compute(period: Period, place: Area | None, sources: Sources) -> Figure:
        found = pairs(read_state())
        [(met, total)] = sources.query(
            title, MET, [code for code, _met in found], [met for _code, met in found]
        )
        return Figure.share(met, total, reason=NO_STRATEGY, simulated=False)

    return compute


def measured_share(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Active indicators with a value of the platform, in per cent of all active ones."""
    active = [item.code for item in read_state().indicators]
    linked = [(code, key) for code in active for key in own_keys(code)]
    [(_all, total)] = sources.query(_("Kennzahlen der Strategie"), MET, active, [True] * len(active))
    [(measured, simulated)] = sources.query(
        _("Kennzahlen mit Wert"),
        MEASURED,
        [code for code, _key in linked],
        [key for _code, key in linked],
        period.as_of,
    )
    return Figure.share(measured, total, reason=NO_STRATEGY, simulated=simulated)


def _proved(state: State) -> list[tuple[str, bool]]:
    active = {item.code for item in state.indicators}
    return [(item.code, bool(active & set(item.indicator_codes))) for item in state.measures]


def _carried(state: State) -> list[tuple[str, bool]]:
    """Measures that need software of the platform: not those of partners, and not those that need none."""
    return [
        (item.measure.code, item.way is Way.CARRIED)
        for item in list_carriage(state)
        if item.way not in {Way.PARTNER, Way.NOT_NEEDED}
    ]


def _targeted(state: State) -> list[tuple[str, bool]]:
    targets = codes_with(Fact.TARGET)
    return [(item.code, item.code in targets) for item in state.indicators]


ALL = (
    Indicator(
        key="strategy.measured_share",
        title=_("Anteil der Kennzahlen der Strategie mit Wert"),
        unit="%",
        description=_("Zu so vielen Kennzahlen der Strategie hat die Plattform einen Wert."),
        formula=_(
            "Kennzahlen mit einem Wert aus der Plattform ÷ alle Kennzahlen der Strategie ohne doppelt gedruckte × 100"
        ),
        numerator=_("Kennzahlen mit Wert"),
        denominator=_("Kennzahlen der Strategie"),
        source=_("Strategie der Stadt, wie sie heute gilt, und Kennzahlen der Plattform"),
        compute=measured_share,
        counts_others=True,
        digits=1,
    ),
    Indicator(
        key="strategy.proved_share",
        title=_("Anteil der Maßnahmen mit Kennzahl"),
        unit="%",
        description=_(
            "So vielen Maßnahmen ist mindestens eine Kennzahl zugeordnet, an der sich ihre Wirkung ablesen lässt."
        ),
        formula=_("Maßnahmen mit mindestens einer Kennzahl ÷ alle Maßnahmen × 100"),
        numerator=_("Maßnahmen mit Kennzahl"),
        denominator=_("alle Maßnahmen"),
        source=RECORD,
        compute=_share_of(_("Maßnahmen nach Kennzahlen"), _proved),
        digits=1,
    ),
    Indicator(
        key="strategy.funded_share",
        title=_("Anteil der Maßnahmen ohne offene Finanzierung"),
        unit="%",
        description=_("Bei so vielen Maßnahmen nennt die Strategie keine offene Finanzierung."),
        formula=_("Maßnahmen, deren Finanzierung in keinem Teil offen ist ÷ alle Maßnahmen × 100"),
        numerator=_("Maßnahmen ohne offene Finanzierung"),
        denominator=_("alle Maßnahmen"),
        source=RECORD,
        compute=_share_of(
            _("Maßnahmen nach Finanzierung"),
            lambda state: [(item.code, not item.funding.is_open) for item in state.measures],
        ),
        digits=1,
    ),
    Indicator(
        key="strategy.owned_share",
        title=_("Anteil der Maßnahmen mit verantwortlicher Stelle"),
        unit="%",
        description=_("Für so viele Maßnahmen steht fest, welche Stelle für sie einsteht."),
        formula=_("Maßnahmen mit verantwortlicher Stelle ÷ alle Maßnahmen × 100"),
        numerator=_("Maßnahmen mit verantwortlicher Stelle"),
        denominator=_("alle Maßnahmen"),
        source=RECORD,
        compute=_share_of(
            _("Maßnahmen nach Verantwortung"),
            lambda state: [(item.code, bool(item.owner)) for item in state.measures],
        ),
        digits=1,
    ),
    Indicator(
        key="strategy.target_share",
        title=_("Anteil der Kennzahlen mit Zielwert (SOLL)"),
        unit="%",
        description=_("Für so viele Kennzahlen der Strategie ist ein Zielwert beschlossen."),
        formula=_(
            "Kennzahlen mit beschlossenem Zielwert ÷ alle Kennzahlen der Strategie ohne doppelt gedruckte × 100"
        ),
        numerator=_("Kennzahlen mit beschlossenem Zielwert"),
        denominator=_("Kennzahlen der Strategie"),
        source=_(
            "Strategie der Stadt, wie sie heute gilt, und beschlossene Zielwerte; Beispiele zählen nicht"
        ),
        compute=_share_of(_("Kennzahlen nach Zielwert"), _targeted),
        digits=1,
    ),
    Indicator(
        key="strategy.carried_share",
        title=_("Anteil der Maßnahmen, die die Plattform trägt"),
        unit="%",
        description=_("So viele der Maßnahmen, die Software der Stadt brauchen, trägt die Plattform heute."),
        formula=_(
            "Maßnahmen, denen ein installierter Teil der Plattform zugeordnet ist ÷ Maßnahmen ohne solche, die keine eigene Software brauchen oder ein Produkt eines Partners nutzen × 100"
        ),
        numerator=_("von der Plattform getragene Maßnahmen"),
        denominator=_("Maßnahmen, die Software der Stadt brauchen"),
        source=_("Zuordnung der Maßnahmen zu Teilen der Plattform"),
        compute=_share_of(_("Maßnahmen nach Träger"), _carried),
        digits=1,
    ),
)


def strategy_changed(_event: StrategyChanged) -> None:
    """The strategy is measured again soon, so that its own figures do not lag behind its pages."""
    compute_soon(*(indicator.key for indicator in ALL))
