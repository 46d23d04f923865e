"""Reads StratML of whatever origin: our own files by their identifiers, others by numbering what they list.

A Goal of another system becomes a guiding theme with one field of action, its Objectives measures, their
PerformanceIndicators indicators. What has no place here (results, stakeholders of the whole plan) is counted and told.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, get_args
from xml.etree import ElementTree as ET

from django.utils.translation import gettext, ngettext
from msgspec.structs import replace

from stadt.apps.strategy.exchange.cells import NUMBERS, TEXTS
from stadt.apps.strategy.exchange.checking import check_items
from stadt.apps.strategy.exchange.document import City, Document
from stadt.apps.strategy.exchange.errors import refuse
from stadt.apps.strategy.exchange.notes import read_notes
from stadt.apps.strategy.exchange.stratml import INDICATORS_OF, OWNER, STAGES, WITHOUT_FIELD
from stadt.apps.strategy.exchange.xml import check_xml
from stadt.apps.strategy.parsing import parse_funding, parse_period
from stadt.apps.strategy.record.content import (
    ActionField,
    Annotation,
    Challenge,
    Dependency,
    DependencyKind,
    Goal,
    Head,
    IndicatorLink,
    Item,
    Measure,
    Partner,
    Principle,
    PrintedIndicator,
    Spatial,
    Theme,
    Vision,
    kind_of,
)

ROOTS: Final = frozenset({"PerformancePlanOrReport", "StrategicPlan"})
LONGEST_TITLE: Final = 300
_KINDS: Final = frozenset(get_args(DependencyKind))
_CODED: Final = re.compile(r"(P-[1-9][0-9]*) (.*)", re.DOTALL)


def read_stratml(content: bytes) -> tuple[Document, list[str]]:
    """The document of a StratML file, and sentences about what was left out.

    Raises:
        BadFile: no StratML, definitions of entities, or references that lead nowhere.
    """
    check_xml("", content)
    root = ET.fromstring(content)  # noqa: S314 - looked through by `check_xml`: no definitions
    if _tag(root) not in ROOTS:
        raise refuse(_tag(root)[:60], gettext("Das ist keine StratML-Datei."))
    reader = _Reader()
    reader.read(root)
    items = check_items(reader.items())
    return (
        Document(city=reader.city, edition=reader.edition, items=tuple(items)),
        reader.remarks(),
    )


@dataclass
class _Reader:
    """Collects items; `given` is the last number that was given for each shape of a code."""

    found: dict[str, Item] = field(default_factory=dict)
    given: dict[str, int] = field(default_factory=dict)
    links: dict[str, list[IndicatorLink]] = field(default_factory=dict)
    city: City = field(default_factory=City)
    edition: str = ""
    results: int = 0
    stakeholders: int = 0

    def read(self, root: ET.Element) -> None:
        self._plan(root)
        core = _child(root, "StrategicPlanCore")
        if core is None:
            raise refuse("StrategicPlanCore", gettext("Das Element fehlt in der StratML-Datei."))
        for organisation in _children(core, "Organization")[:1]:
            key = _text(organisation, "Identifier")
            self.city = City(
                key.removeprefix("city-") if key.startswith("city-") else "", _text(organisation, "Name")
            )
        self.stakeholders += sum(
            len(_children(one, "Stakeholder")) for one in _children(core, "Organization")
        )
        self._visions(core)
        for value in _children(core, "Value"):
            self._principle(value)
        goals = _children(core, "Goal")
        for goal in goals:
            code = _text(goal, "Identifier")
            if kind_of(code) in {"goal", "theme", "field"} and code in self.found:
                raise refuse(
                    code, gettext("Der Code %(code)s kommt %(count)d-mal vor.") % {"code": code, "count": 2}
                )
            self._goal(goal, code)

    def items(self) -> Iterator[Item]:
        for item in self.found.values():
            if isinstance(item, Measure) and not item.indicators and item.code in self.links:
                yield replace(item, indicators=tuple(self.links[item.code]))
            else:
                yield item

    def remarks(self) -> list[str]:
        sentences = []
        if self.results:
            sentences.append(
                ngettext(
                    "%(count)d Ziel- oder Istwert steht in der Datei; Werte werden nicht mit der Strategie eingelesen.",
                    "%(count)d Ziel- oder Istwerte stehen in der Datei; Werte werden nicht mit der Strategie eingelesen.",
                    self.results,
                )
                % {"count": self.results}
            )
        if self.stakeholders:
            sentences.append(
                ngettext(
                    "%(count)d Beteiligter der ganzen Strategie wird nicht übernommen.",
                    "%(count)d Beteiligte der ganzen Strategie werden nicht übernommen.",
                    self.stakeholders,
                )
                % {"count": self.stakeholders}
            )
        return sentences

    def _plan(self, root: ET.Element) -> None:
        pairs, rest = read_notes(_text(root, "OtherInformation"))
        said = dict(pairs)
        self.edition = said.get("edition", "")
        note = "\n".join(filter(None, (_text(root, "Description"), rest)))
        self._put(Head(title=_text(root, "Name"), as_of=said.get("as_of", ""), note=note))
        checks: dict[str, list[str]] = {}
        for key, value in pairs:
            code, _, name = key.partition(".")
            if kind_of(code) == "challenge":
                self._put(Challenge(code, *_apart(value)))
            elif kind_of(code) == "principle" and name == "check":
                checks.setdefault(code, []).append(value)
            elif kind_of(code) == "annotation" and name != "source":
                self._put(Annotation(code, name, value, said.get(f"{code}.source", "")))
        for code, values in checks.items():
            self._put(Principle(code, "", checks=tuple(values)))

    def _visions(self, core: ET.Element) -> None:
        vision = _child(core, "Vision")
        pairs, rest = read_notes("" if vision is None else _text(vision, "Description"))
        if any(kind_of(key) != "vision" for key, _value in pairs) and vision is not None:
            pairs, rest = [], _text(vision, "Description")
        for key, value in pairs:
            self._put(Vision(key, *_apart(value)))
        if rest:
            self._put(Vision(self._free("V-{}"), *_title_and_text(rest)))
        mission = _child(core, "Mission")
        text = "" if mission is None else _text(mission, "Description")
        if text:
            self._put(Goal(self._free("Z-{}"), *_title_and_text(text)))

    def _principle(self, value: ET.Element) -> None:
        name, text = _text(value, "Name"), _text(value, "Description")
        coded = _CODED.fullmatch(name)
        code = coded[1] if coded else self._free("P-{}")
        kept = self.found.get(code)
        checks = kept.checks if isinstance(kept, Principle) else ()
        self.found.pop(code, None)
        self._put(Principle(code, coded[2] if coded else name or text[:LONGEST_TITLE], text, checks))

    def _goal(self, goal: ET.Element, code: str) -> None:
        pairs, rest = read_notes(_text(goal, "OtherInformation"))
        said = dict(pairs)
        title, text = _text(goal, "Name"), "\n".join(filter(None, (_text(goal, "Description"), rest)))
        more: dict[str, Any] = {
            "section": said.get("section", ""),
            "is_summary": said.get("is_summary") == "yes",
        }
        kind = kind_of(code)
        objectives = _children(goal, "Objective")
        if code == WITHOUT_FIELD:
            self._objectives(objectives, "")
            return
        if kind == "goal":
            self._put(Goal(code, title, text, **more))
        if kind == "theme":
            self._put(Theme(code, title, text, slug=said.get("slug", ""), **more))
        if kind == "field":
            self._put(
                ActionField(code, title, said.get("theme", ""), text, slug=said.get("slug", ""), **more)
            )
        elif kind not in {"goal", "theme"} or objectives:
            number = self._free("LT-{}").removeprefix("LT-") if kind != "theme" else code.removeprefix("LT-")
            code = f"HF-{number}.1"
            if kind != "theme":
                self._put(Theme(f"LT-{number}", title, text))
            self._put(ActionField(code, title, f"LT-{number}"))
        if objectives:
            self._objectives(objectives, code)

    def _objectives(self, objectives: list[ET.Element], field_code: str) -> None:
        for objective in objectives:
            code = _text(objective, "Identifier")
            if not code.endswith(INDICATORS_OF):
                code = self._measure(objective, code, field_code)
            for indicator in _children(objective, "PerformanceIndicator"):
                self._indicator(indicator, field_code, code if kind_of(code) == "measure" else "")

    def _measure(self, objective: ET.Element, code: str, field_code: str) -> str:
        is_ours = kind_of(code) == "measure"
        if not is_ours:
            code = self._free(f"M-{field_code.removeprefix('HF-')}.{{}}")
        pairs, rest = read_notes(_text(objective, "OtherInformation"))
        said = dict(pairs)
        summary = "\n".join(filter(None, (_text(objective, "Description"), rest)))
        owner, partners = self._partners(objective, is_ours=is_ours)
        self._put(
            Measure(
                code,
                _text(objective, "Name") or summary[:LONGEST_TITLE] or code,
                field=field_code,
                summary=summary,
                period=parse_period(said.get("period", "")),
                funding=parse_funding(said.get("funding", "")),
                sdgs=_read(code, "sdgs", NUMBERS.read, said),
                main_sdg=_read(code, "main_sdg", lambda text: int(text) if text else None, said),
                dependencies=tuple(Dependency(other, kind) for kind, other in pairs if kind in _KINDS),  # type: ignore[arg-type]
                spatial=Spatial(
                    said.get("place", ""),
                    TEXTS.read(said.get("place_types", "")),
                    said.get("place_level", ""),  # type: ignore[arg-type]
                    TEXTS.read(said.get("place_areas", "")),
                    said.get("place_users", ""),
                ),
                challenges=TEXTS.read(said.get("challenges", "")),
                indicators=tuple(_link(value) for key, value in pairs if key == "indicator"),
                owner=owner,
                partners=partners,
                tags=TEXTS.read(said.get("tags", "")),
                state=said.get("state", ""),
                state_note=said.get("state_note", ""),
                software=said.get("software", ""),
                evaluate_on=_read(
                    code, "evaluate_on", lambda text: date.fromisoformat(text) if text else None, said
                ),
            )
        )
        return code

    def _partners(self, objective: ET.Element, *, is_ours: bool) -> tuple[str, tuple[Partner, ...]]:
        owner, partners = "", []
        for one in _children(objective, "Stakeholder"):
            roles = ", ".join(filter(None, (_text(role, "Name") for role in _children(one, "Role"))))
            if is_ours and roles == OWNER:
                owner = _text(one, "Name")
            else:
                partners.append(Partner(_text(one, "Name"), roles))
        return owner, tuple(partners)

    def _indicator(self, given: ET.Element, field_code: str, measure: str) -> None:
        code = _text(given, "Identifier")
        if kind_of(code) != "indicator":
            code = self._free(f"K{field_code.removeprefix('HF-')}-{{:02}}")
        pairs, rest = read_notes(_text(given, "OtherInformation"))
        said = dict(pairs)
        names = (_text(given, "MeasurementDimension"), rest, _text(given, "UnitOfMeasurement"), code)
        stage = given.get("ValueChainStage", "")
        chain: Any = next((key for key, word in STAGES.items() if word == stage), said.get("chain", ""))
        self._put(
            PrintedIndicator(
                code,
                next(filter(None, names)),
                field_code,
                _text(given, "UnitOfMeasurement"),
                **{
                    name: said.get(name, "")
                    for name in ("direction", "kind", "formula", "standard", "source")
                },
                is_active=said.get("is_active") != "no",
                repeats=said.get("repeats", ""),
                priority=said.get("priority") == "yes",
                is_context=said.get("is_context") == "yes",
                interval=said.get("interval", ""),
                expected_delay_days=_read(
                    code, "expected_delay_days", lambda text: int(text) if text else None, said
                ),
                owner=said.get(OWNER, ""),
                chain=chain,
            )
        )
        self.results += sum(len(one) for one in _children(given, "MeasurementInstance"))
        if measure:
            self.links.setdefault(measure, []).append(IndicatorLink(code))
        for relation in _children(given, "Relationship"):
            role, effect = _text(relation, "Name"), _text(relation, "Description")
            for other in _children(relation, "ReferentIdentifier"):
                target = (other.text or "").strip()
                if kind_of(target) == "measure" and role in {"main", "further"}:
                    self.links.setdefault(target, []).append(IndicatorLink(code, role, effect))  # type: ignore[arg-type]

    def _put(self, item: Item) -> None:
        if item.code in self.found:
            raise refuse(
                item.code,
                gettext("Der Code %(code)s kommt %(count)d-mal vor.") % {"code": item.code, "count": 2},
            )
        self.found[item.code] = item

    def _free(self, shape: str) -> str:
        """The next code of a shape that nothing in the file has; it goes on where it stopped, so that long files are read fast."""
        number = self.given.get(shape, 0) + 1
        while shape.format(number) in self.found:
            number += 1
        self.given[shape] = number
        return shape.format(number)


def _link(value: str) -> IndicatorLink:
    code, role, effect = (*value.split(), "", "")[:3]
    return IndicatorLink(code, "main" if role == "main" else "further", effect)  # type: ignore[arg-type]


def _read(code: str, name: str, read: Any, said: dict[str, str]) -> Any:
    try:
        return read(said.get(name, "").strip())
    except ValueError:
        raise refuse(
            f"{code} {name}", gettext("Der Wert passt nicht (%(why)s).") % {"why": said[name][:60]}
        ) from None


def _apart(value: str) -> tuple[str, str]:
    title, _, text = value.partition("\n")
    return title, text


def _title_and_text(text: str) -> tuple[str, str]:
    first = text.strip().split("\n", 1)[0]
    return (text.strip(), "") if len(text.strip()) <= LONGEST_TITLE else (first[:LONGEST_TITLE], text)


def _tag(element: ET.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _children(parent: ET.Element, tag: str) -> list[ET.Element]:
    return [child for child in parent if _tag(child) == tag]


def _child(parent: ET.Element, tag: str) -> ET.Element | None:
    return next(iter(_children(parent, tag)), None)


def _text(parent: ET.Element, tag: str) -> str:
    found = _child(parent, tag)
    return "" if found is None else found.text or ""
