"""StratML Part 2 (ANSI/AIIM 22:2017; schema version 2.2 of 2016-02-16): the strategy as a plan for other systems.

Structure and identifiers are kept: guiding themes and fields of action are Goals, measures Objectives, indicators
PerformanceIndicators of one Objective per field, principles Values. What StratML has no element for stands in
OtherInformation as named notes; docs/apps/strategy-exchange.md lists what is lost.
"""

from collections.abc import Iterable, Iterator
from typing import Final
from xml.etree import ElementTree as ET

from stadt.apps.strategy.exchange.cells import NUMBERS, TEXTS
from stadt.apps.strategy.exchange.document import Document
from stadt.apps.strategy.exchange.notes import one_line_end, write_notes
from stadt.apps.strategy.record.content import ActionField, Content, Goal, Measure, PrintedIndicator, Theme

NAMESPACE: Final = "urn:ISO:std:iso:17469:tech:xsd:PerformancePlanOrReport"
INDICATORS_OF: Final = ".K"
"""Ends the identifier of the Objective that holds a field's indicators: `HF-2.1.K`."""
WITHOUT_FIELD: Final = "HF-none"
OWNER: Final = "owner"
STAGES: Final = {"input": "Input", "output": "Output", "outcome": "Outcome"}


def write_stratml(document: Document) -> bytes:
    """The document's items as UTF-8 XML; equal documents are equal bytes."""
    content = Content(document.items)
    root = ET.Element("PerformancePlanOrReport", {"xmlns": NAMESPACE, "Type": "Strategic_Plan"})
    _leaf(root, "Name", content.head.title)
    _leaf(root, "Description", content.head.note, always=False)
    _leaf(root, "OtherInformation", write_notes(_of_plan(document, content)), always=False)
    core = ET.SubElement(root, "StrategicPlanCore")
    organisation = ET.SubElement(core, "Organization")
    _leaf(organisation, "Name", document.city.name)
    _leaf(organisation, "Identifier", f"city-{document.city.key}" if document.city.key else "", always=False)
    visions = write_notes((one.code, _two(one.title, one.text)) for one in content.visions.values())
    if visions:
        _leaf(ET.SubElement(core, "Vision"), "Description", visions)
    for principle in content.principles.values():
        value = ET.SubElement(core, "Value")
        _leaf(value, "Name", f"{principle.code} {principle.title}")
        _leaf(value, "Description", principle.text, always=False)
    _goals(core, content)
    _edition(root, document)
    ET.indent(root, " ")
    made: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return made + b"\n"


def _of_plan(document: Document, content: Content) -> Iterator[tuple[str, str]]:
    """What the plan as a whole has no element for."""
    yield "as_of", content.head.as_of
    yield "edition", document.edition
    for principle in content.principles.values():
        for check in principle.checks:
            yield f"{principle.code}.check", check
    for challenge in content.challenges.values():
        yield challenge.code, _two(challenge.title, challenge.text)
    for note in content.annotations.values():
        yield f"{note.code}.{note.about}", note.text
        yield f"{note.code}.source", note.source


def _goals(core: ET.Element, content: Content) -> None:
    for aim in content.goals.values():
        _goal(core, aim, ())
    for theme in content.themes.values():
        _goal(core, theme, ())
    for field in content.fields.values():
        measures = [one for one in content.measures.values() if one.field == field.code]
        indicators = [one for one in content.indicators.values() if one.field == field.code]
        goal = _goal(core, field, [("theme", field.theme)])
        _objectives(goal, field.code, measures, indicators, content)
    measures = [one for one in content.measures.values() if not one.field]
    indicators = [one for one in content.indicators.values() if not one.field]
    if measures or indicators:
        goal = _goal(core, ActionField(WITHOUT_FIELD, "–"), ())
        _objectives(goal, WITHOUT_FIELD, measures, indicators, content)


def _goal(core: ET.Element, item: Goal | Theme | ActionField, more: Iterable[tuple[str, str]]) -> ET.Element:
    goal = ET.SubElement(core, "Goal")
    _leaf(goal, "Name", item.title)
    _leaf(goal, "Description", item.text)
    _leaf(goal, "Identifier", item.code)
    _leaf(goal, "SequenceIndicator", item.code.partition("-")[2])
    slug = getattr(item, "slug", "")
    notes = [*more, ("section", item.section), ("slug", slug), ("is_summary", _yes(item.is_summary))]
    _leaf(goal, "OtherInformation", write_notes(notes), always=False)
    return goal


def _objectives(
    goal: ET.Element,
    code: str,
    measures: Iterable[Measure],
    indicators: list[PrintedIndicator],
    content: Content,
) -> None:
    for measure in measures:
        objective = ET.SubElement(goal, "Objective")
        _leaf(objective, "Name", measure.title)
        _leaf(objective, "Description", measure.summary)
        _leaf(objective, "Identifier", measure.code)
        _leaf(objective, "SequenceIndicator", measure.number)
        _stakeholder(objective, measure.owner, OWNER)
        for partner in measure.partners:
            _stakeholder(objective, partner.organisation, partner.role)
        _leaf(objective, "OtherInformation", write_notes(_of_measure(measure)), always=False)
    if indicators:
        objective = ET.SubElement(goal, "Objective")
        _leaf(objective, "Name", "Kennzahlen")
        _leaf(objective, "Identifier", code + INDICATORS_OF)
        for indicator in indicators:
            _indicator(objective, indicator, content)


def _of_measure(measure: Measure) -> Iterator[tuple[str, str]]:
    yield "period", measure.period.text
    yield "edtf", measure.period.edtf
    yield "funding", measure.funding.text
    yield "sdgs", str(NUMBERS.write(measure.sdgs))
    yield "main_sdg", "" if measure.main_sdg is None else str(measure.main_sdg)
    for one in measure.dependencies:
        yield one.kind, one.code
    for link in measure.indicators:
        yield "indicator", f"{link.code} {link.role} {link.effect}".rstrip()
    yield "place", measure.spatial.text
    yield "place_types", str(TEXTS.write(measure.spatial.types))
    yield "place_level", measure.spatial.level
    yield "place_areas", str(TEXTS.write(measure.spatial.areas))
    yield "place_users", measure.spatial.user_group
    yield "challenges", str(TEXTS.write(measure.challenges))
    yield "tags", str(TEXTS.write(measure.tags))
    yield "state", measure.state
    yield "state_note", measure.state_note
    yield "software", measure.software
    yield "evaluate_on", "" if measure.evaluate_on is None else measure.evaluate_on.isoformat()


def _indicator(objective: ET.Element, indicator: PrintedIndicator, content: Content) -> None:
    attributes = {"PerformanceIndicatorType": "Quantitative"}
    if indicator.chain in STAGES:
        attributes["ValueChainStage"] = STAGES[indicator.chain]
    made = ET.SubElement(objective, "PerformanceIndicator", attributes)
    _leaf(made, "SequenceIndicator", indicator.code)
    _leaf(made, "MeasurementDimension", indicator.name)
    _leaf(made, "UnitOfMeasurement", indicator.unit)
    _leaf(made, "Identifier", indicator.code)
    for measure in content.measures.values():
        for link in measure.indicators:
            if link.code == indicator.code:
                relation = ET.SubElement(made, "Relationship", {"RelationshipType": "Peer_To"})
                _leaf(relation, "ReferentIdentifier", measure.code)
                _leaf(relation, "Name", link.role)
                _leaf(relation, "Description", link.effect, always=False)
    _leaf(made, "OtherInformation", write_notes(_of_indicator(indicator)), always=False)


def _of_indicator(indicator: PrintedIndicator) -> Iterator[tuple[str, str]]:
    for name in ("direction", "kind", "formula", "standard", "source", "repeats", "interval", OWNER):
        yield name, getattr(indicator, name)
    yield "chain", "" if indicator.chain in STAGES else indicator.chain
    yield "is_active", "" if indicator.is_active else "no"
    yield "priority", _yes(indicator.priority)
    yield "is_context", _yes(indicator.is_context)
    delay = indicator.expected_delay_days
    yield "expected_delay_days", "" if delay is None else str(delay)


def _stakeholder(objective: ET.Element, organisation: str, role: str) -> None:
    if organisation:
        made = ET.SubElement(objective, "Stakeholder", {"StakeholderTypeType": "Organization"})
        _leaf(made, "Name", organisation)
        if role:
            _leaf(ET.SubElement(made, "Role"), "Name", role)


def _edition(root: ET.Element, document: Document) -> None:
    for edition in document.editions:
        if edition.name == document.edition:
            about = ET.SubElement(root, "AdministrativeInformation")
            _leaf(about, "StartDate", edition.valid_on.isoformat())
            day = edition.council_date
            _leaf(about, "PublicationDate", day.isoformat() if day else "", always=False)


def _two(title: str, text: str) -> str:
    return f"{title}\n{text}" if text else title


def _yes(flag: bool) -> str:
    return "yes" if flag else ""


def _leaf(parent: ET.Element, tag: str, text: str, *, always: bool = True) -> None:
    if text or always:
        ET.SubElement(parent, tag).text = one_line_end(text)
