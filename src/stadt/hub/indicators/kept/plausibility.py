"""Plausibility rules after the verification manual of U4SSC: questions to a figure, as data with a sentence each.

A finding forbids nothing: whoever confirms answers it in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from stadt.core import city
from stadt.hub.indicators.declaration import Figure
from stadt.hub.indicators.definitions import Definition
from stadt.hub.indicators.states import QualityClass, ValueState
from stadt.web.formats import number

JUMP, WHOLE_JUMP = 0.5, 0.1
"""From which change against the last value on, of a figure and of its denominator, somebody should look again."""
FEWEST = 0.1
"""A rate told per 100,000 of a whole below a tenth of that was probably given in thousands."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A figure that is asked about, with the value of the period before (None: there is none)."""

    definition: Definition
    figure: Figure
    quality_class: QualityClass
    note: str
    last: Figure | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A question: `ask` gives the values of the sentence when it has to be asked, else None."""

    key: str
    sentence: str
    ask: Callable[[Asked], Mapping[str, Any] | None]


def _range(asked: Asked) -> Mapping[str, Any] | None:
    low, high, value = asked.definition.valid_low, asked.definition.valid_high, asked.figure.value
    if asked.definition.unit == "%" and low is None and high is None:
        low, high = 0.0, 100.0
    if value is None or ((low is None or value >= low) and (high is None or value <= high)):
        return None
    return {"low": "−∞" if low is None else number(low), "high": "∞" if high is None else number(high)}


def _jump(asked: Asked) -> Mapping[str, Any] | None:
    last, value = asked.last.value if asked.last else None, asked.figure.value
    if last is None or value is None or not last or abs(value - last) <= JUMP * abs(last):
        return None
    return {"last": number(last), "percent": number(100 * (value - last) / abs(last), 0)}


def _whole_jump(asked: Asked) -> Mapping[str, Any] | None:
    last, whole = asked.last.denominator if asked.last else None, asked.figure.denominator
    if not last or whole is None or abs(whole - last) <= WHOLE_JUMP * abs(last):
        return None
    return {"last": number(last), "now": number(whole)}


def _part_above_whole(asked: Asked) -> Mapping[str, Any] | None:
    part, whole = asked.figure.numerator, asked.figure.denominator
    return (
        {}
        if asked.definition.unit == "%" and part is not None and whole is not None and part > whole
        else None
    )


def _small_whole(asked: Asked) -> Mapping[str, Any] | None:
    whole, per = asked.figure.denominator, asked.definition.per
    if whole is None or per < 1000 or whole >= FEWEST * per:
        return None
    return {"whole": number(whole), "per": number(per)}


def _zero(asked: Asked) -> Mapping[str, Any] | None:
    was = asked.last.value if asked.last else None
    return {} if asked.figure.value == 0 and asked.figure.numerator is None and was else None


def _untraceable(asked: Asked) -> Mapping[str, Any] | None:
    weak = {QualityClass.PERSONAL, QualityClass.UNKNOWN}
    return (
        {}
        if asked.figure.value is not None and asked.quality_class in weak and not asked.note.strip()
        else None
    )


RULES = (
    Rule("range", _("Der Wert liegt außerhalb dessen, was möglich ist (%(low)s bis %(high)s)."), _range),
    Rule("jump", _("Der Wert weicht um %(percent)s %% vom letzten (%(last)s) ab."), _jump),
    Rule("whole_jump", _("Der Nenner war zuletzt %(last)s und ist jetzt %(now)s."), _whole_jump),
    Rule("part_above_whole", _("Der Zähler ist größer als der Nenner."), _part_above_whole),
    Rule("small_whole", _("Der Nenner ist nur %(whole)s, der Wert gilt je %(per)s. Steht er in Tausend?"), _small_whole),
    Rule("zero", _("Der Wert ist 0. Wurde wirklich nichts gezählt oder nicht erhoben?"), _zero),
    Rule("untraceable", _("Der Wert ist nicht nachvollziehbar, und kein Hinweis sagt, woher er kommt."), _untraceable),
)  # fmt: skip


def ask(asked: Asked) -> list[dict[str, Any]]:
    """What has to be asked about a figure, as an entry keeps it: the rule and the values of its sentence."""
    found = ((rule.key, rule.ask(asked)) for rule in RULES)
    return [{"rule": key, "values": dict(values)} for key, values in found if values is not None]


def sentence_of(finding: Mapping[str, Any]) -> str:
    """A finding in the reader's language; one of a rule that is gone says its name."""
    for rule in (*RULES, *GROUP_RULES):
        if rule.key == finding["rule"]:
            return str(gettext(rule.sentence) % finding["values"])
    return str(finding["rule"])


@dataclass(frozen=True, slots=True)
class Part:
    """One figure of a group of the same period and place; `name` is what people call it."""

    name: str
    state: ValueState
    value: float | None


@dataclass(frozen=True, slots=True)
class GroupRule:
    """A question to several figures of one period: `kind` is how `plausibility.toml` of the city names it."""

    key: str
    kind: str
    sentence: str
    ask: Callable[[Sequence[Part], float, float], Mapping[str, Any] | None]


def _sum_off(parts: Sequence[Part], total: float, tolerance: float) -> Mapping[str, Any] | None:
    values = [part.value for part in parts]
    if any(value is None for value in values):
        return None
    found = sum(value for value in values if value is not None)
    if abs(found - total) <= tolerance:
        return None
    return {"sum": number(found, 1), "total": number(total), "tolerance": number(tolerance)}


def _not_reported(parts: Sequence[Part], total: float, tolerance: float) -> Mapping[str, Any] | None:
    missing = [
        part.name for part in parts if part.state in {ValueState.NOT_COLLECTED, ValueState.NOT_AVAILABLE}
    ]
    rest = total - sum(part.value for part in parts if part.value is not None)
    if not missing or rest <= MOST_MISSING * total:
        return None
    return {"rest": number(100 * rest / total, 0), "names": ", ".join(missing[:5])}


def _out_of_order(parts: Sequence[Part], total: float, tolerance: float) -> Mapping[str, Any] | None:
    known = [(part.name, part.value) for part in parts if part.value is not None]
    for (inner, small), (outer, large) in pairwise(known):
        if small > large + tolerance:
            return {"inner": inner, "outer": outer, "small": number(small, 1), "large": number(large, 1)}
    return None


MOST_MISSING = 0.2
GROUP_RULES = (
    GroupRule("sum", "sum", _("Die Anteile ergeben zusammen %(sum)s statt %(total)s ± %(tolerance)s."), _sum_off),
    GroupRule("not_reported", "sum", _("Mehr als ein Fünftel (%(rest)s %%) ist nicht gemeldet: %(names)s."), _not_reported),
    GroupRule("order", "order", _("„%(inner)s“ (%(small)s) ist größer als „%(outer)s“ (%(large)s), von dem es ein Teil ist."), _out_of_order),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """Figures that belong together: keys in their order, or all values of one breakdown of a single indicator.

    `sum`: they add up to `total`; `order`: each is at most the next (tertiary, secondary, primary treatment).
    """

    kind: str
    title: str
    keys: tuple[str, ...]
    dimension: str = ""
    total: float = 100.0
    tolerance: float = 2.0


def ask_group(group: Group, parts: Iterable[Part]) -> list[dict[str, Any]]:
    """What has to be asked about a group's figures of one period and place."""
    listed = list(parts)
    tolerance = group.tolerance if group.kind == "sum" else 0.0
    found = (
        (rule.key, rule.ask(listed, group.total, tolerance))
        for rule in GROUP_RULES
        if rule.kind == group.kind
    )
    return [{"rule": key, "values": dict(values)} for key, values in found if values is not None]


def list_groups() -> list[Group]:
    """The groups of `plausibility.toml` in the city's folder."""
    return [
        Group(
            kind=one["kind"],
            title=one["title"],
            keys=tuple(one["keys"]),
            dimension=one.get("dimension", ""),
            total=float(one.get("total", 100)),
            tolerance=float(one.get("tolerance", 2)),
        )
        for one in city.current().read_toml("plausibility.toml").get("group", ())
    ]
