"""Whether a measure may start (M-10): six conditions, each done, open or not available yet."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext

from stadt.apps.governance import strategy
from stadt.apps.governance.kinds import DecisionKind, Gate
from stadt.apps.governance.models import GateReason
from stadt.apps.governance.queries import checklist, decisions

SECURED = frozenset({"granted", "spent"})


class GateState(StrEnum):
    """How far a condition is met."""

    DONE = "done"
    OPEN = "open"
    NOT_AVAILABLE = "not_available"


@dataclass(frozen=True, slots=True)
class GateItem:
    """One condition: `key` such as `funding`, what it is called, and why it is as it is."""

    key: str
    label: str
    state: GateState
    note: str = ""


@dataclass(frozen=True, slots=True)
class Readiness:
    """All conditions of a measure. `is_ready` when none is open; what is not available yet does not hold it up."""

    code: str
    items: tuple[GateItem, ...]

    @property
    def is_ready(self) -> bool:
        return not self.missing

    @property
    def missing(self) -> tuple[str, ...]:
        """What is still open, in words."""
        return tuple(item.label for item in self.items if item.state is GateState.OPEN)


HasTarget = Callable[[str], bool]
_has_target: list[HasTarget] = []


def register_targets(has_target: HasTarget) -> None:
    """Let the part that keeps targets say whether an indicator of the strategy has a decided one. Again: the newer counts."""
    _has_target[:] = [has_target]


def gate_of(code: str) -> Readiness | None:
    """The readiness list of a measure (M-10); None where the strategy has no such measure."""
    measure = strategy.find_measure(code)
    if measure is None:
        return None
    items = (
        GateItem("scored", gettext("Bewertet und eingeordnet"), GateState.NOT_AVAILABLE,
                 gettext("Die Bewertung nach Kriterien gibt es auf dieser Plattform noch nicht.")),
        _targets(measure),
        _funding(measure),
        _team(code),
        _checklist(code),
        _decision(code),
    )  # fmt: skip
    return Readiness(code, items)


def reason_for(code: str, item: str) -> GateReason | None:
    """The newest stated reason for going on without something."""
    return GateReason.objects.filter(code=code, item=item).order_by("-pk").first()


def _targets(measure: strategy.Measure) -> GateItem:
    key, label = "targets", gettext("Kennzahl mit Zielwert, oder ein Grund ohne")
    if (reason := reason_for(measure.code, key)) is not None:
        return GateItem(
            key, label, GateState.DONE, gettext("Ohne Zielwert, weil: %(reason)s") % {"reason": reason.reason}
        )
    if not measure.indicator_codes:
        return GateItem(key, label, GateState.OPEN, gettext("Keine Kennzahl ist zugeordnet."))
    if any(has_target(one) for has_target in _has_target for one in measure.indicator_codes):
        return GateItem(key, label, GateState.DONE)
    return GateItem(key, label, GateState.OPEN, gettext("Kein Zielwert ist beschlossen."))


def _funding(measure: strategy.Measure) -> GateItem:
    key, label = "funding", gettext("Finanzierung gesichert")
    items = measure.funding.items
    if items and all(item.state in SECURED for item in items):
        return GateItem(key, label, GateState.DONE)
    unsecured = ", ".join(item.source for item in items if item.state not in SECURED and item.source)
    note = gettext("Nicht als bewilligt vermerkt: %(sources)s") % {"sources": unsecured} if unsecured else ""
    return GateItem(key, label, GateState.OPEN, note or gettext("Keine Quelle ist als bewilligt vermerkt."))


def _team(code: str) -> GateItem:
    key, label = "team", gettext("Team mit Leitung")
    if not strategy.has_lead(code):
        return GateItem(key, label, GateState.OPEN, gettext("Niemand leitet das Team."))
    note = gettext("Nur eine Organisation im Team.") if strategy.is_one_silo(code) else ""
    return GateItem(key, label, GateState.DONE, note)


def _checklist(code: str) -> GateItem:
    key, label = "checklist", gettext("Grundsätze geprüft")
    lines = checklist.lines_of(code, Gate.START)
    answered = sum(1 for line in lines if line.answer is not None)
    note = gettext("%(answered)d von %(all)d Fragen beantwortet") % {"answered": answered, "all": len(lines)}
    if waiting := checklist.partners_without_answers(code, Gate.START):
        note += ". " + gettext("Ohne eigene Antworten: %(names)s") % {"names": ", ".join(waiting)}
    return GateItem(key, label, GateState.DONE if checklist.is_complete(lines) else GateState.OPEN, note)


def _decision(code: str) -> GateItem:
    key, label = "decision", gettext("Beginn beschlossen")
    found = [one for one in decisions.decisions_for([code])[code] if one.kind is DecisionKind.START]
    if not found:
        return GateItem(key, label, GateState.OPEN, gettext("Kein Beschluss zum Beginn."))
    return GateItem(
        key, label, GateState.DONE, gettext("Beschluss Nr. %(number)d") % {"number": found[0].number}
    )
