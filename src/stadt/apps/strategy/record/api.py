"""`/api/v1/strategy/…`: editions, differences, histories and whole states of the strategy, as JSON for everybody."""

from datetime import date, datetime
from typing import Any

import msgspec
from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Query, Router, Schema
from pydantic import Field

from stadt.apps.strategy.record import queries
from stadt.apps.strategy.record.content import Content
from stadt.apps.strategy.record.difference import difference, difference_json
from stadt.apps.strategy.record.models import ChangeRequest, Edition
from stadt.core.errors import FieldError, Invalid, NotFound

NOW = "heute"
router = Router()


class EditionOut(Schema):
    """An edition. `known_at` is the moment whose knowledge it pins; the council's reference is empty where none is on record."""

    name: str
    state: str
    valid_on: date
    known_at: datetime | None
    note: str
    council_paper: str
    council_date: date | None
    council_link: str


class FieldChangeOut(Schema):
    """One field that reads differently."""

    field: str
    old: Any = None
    new: Any = None


class ChangeOut(Schema):
    """What happened to one item. `kind`: added, struck, rescheduled, state, redefined, changed or dropped."""

    kind: str
    item: str
    code: str
    title: str
    sentence: str
    fields: list[FieldChangeOut]


class DifferenceOut(Schema):
    """What two states differ in."""

    counts: dict[str, int]
    count_line: str
    changes: list[ChangeOut]


class ItemVersionOut(Schema):
    """A version of an item. `superseded_at` says when a later decision replaced what was known."""

    number: int
    valid_from: date
    valid_to: date | None
    recorded_at: datetime
    superseded_at: datetime | None
    decision_reference: str
    item: dict[str, Any]


class EditionList(Schema):
    """Adopted and superseded editions, newest first."""

    items: list[EditionOut]


class ItemHistoryOut(Schema):
    """Every version of one item, oldest first."""

    items: list[ItemVersionOut]


class WholeStateOut(Schema):
    """The whole strategy in one state; each item has its `type` and `code`."""

    items: list[dict[str, Any]]


class StateQuery(Schema):
    """Which state."""

    day: str = Field("", max_length=10, description="true on this day, such as 2026-11-29; today without one")
    edition: str = Field("", max_length=40, description="name of an edition, instead of a day")


class DifferenceQuery(Schema):
    """Two states: an edition's name, a day, or `heute`."""

    older: str = Field("", alias="from", max_length=40, description="the edition in force without one")
    newer: str = Field(NOW, alias="to", max_length=40)


@router.get("/editions", response=EditionList, summary="Editions of the strategy")
def list_editions(request: HttpRequest) -> EditionList:
    """Adopted and superseded editions, newest first."""
    return EditionList(items=[_edition(edition) for edition in queries.list_editions()])


@router.get("/content", response=WholeStateOut, summary="The strategy in one state")
def get_content(request: HttpRequest, query: Query[StateQuery]) -> WholeStateOut:
    """Every item of the strategy: today, on a day, or in an edition."""
    name, field = (query.edition, "edition") if query.edition else (query.day or NOW, "day")
    content = _state(field, name)
    return WholeStateOut(items=[msgspec.to_builtins(item) for item in content])


@router.get(
    "/difference", response=DifferenceOut, url_name="strategy_difference", summary="What two states differ in"
)
def get_difference(request: HttpRequest, query: Query[DifferenceQuery]) -> DifferenceOut:
    """The differences between two states, as sentences in the language asked for and as values."""
    current = queries.current_edition()
    older = query.older or (current.name if current else NOW)
    return DifferenceOut(**difference_json(difference(_state("from", older), _state("to", query.newer))))


@router.get("/items/{code}/history", response=ItemHistoryOut, summary="All versions of an item")
def get_history(request: HttpRequest, code: str) -> ItemHistoryOut:
    """Every version of a measure, an indicator or another item, oldest first."""
    versions = queries.history_of(code)
    if not versions:
        raise NotFound(f"There is no item {code[:40]} in the strategy.")
    ids = {version.change_request for version in versions if version.change_request}
    references = dict(ChangeRequest.objects.filter(pk__in=ids).values_list("pk", "decision_reference"))
    return ItemHistoryOut(
        items=[
            ItemVersionOut(
                number=version.number,
                valid_from=version.valid_from,
                valid_to=version.valid_to,
                recorded_at=version.recorded_at,
                superseded_at=version.superseded_at,
                decision_reference=references.get(version.change_request or 0, ""),
                item=msgspec.to_builtins(version.item),
            )
            for version in versions
        ]
    )


def _state(field: str, name: str) -> Content:
    """The state that a parameter names. Raises Invalid naming the parameter: no edition is called so."""
    if name == NOW:
        return queries.strategy_at()
    try:
        return queries.strategy_at(date.fromisoformat(name))
    except ValueError:
        pass
    if field == "day" or name not in {edition.name for edition in queries.list_editions()}:
        sentence = gettext("Diese Fassung der Strategie gibt es nicht.")
        raise Invalid(sentence, fields=(FieldError(field, sentence),))
    return queries.strategy_at(edition=name)


def _edition(edition: Edition) -> EditionOut:
    return EditionOut(
        name=edition.name,
        state=edition.state,
        valid_on=edition.valid_on,
        known_at=edition.known_at,
        note=edition.note,
        council_paper=edition.council_paper,
        council_date=edition.council_date,
        council_link=edition.council_link,
    )
