"""What pages and API show of the record: facts of editions, versions and requests, names of people."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext

from stadt.apps.strategy.record.changes import kind_named, made, patched
from stadt.apps.strategy.record.content import Content, Item, kind_of
from stadt.apps.strategy.record.difference import Difference, difference
from stadt.apps.strategy.record.kinds import KINDS
from stadt.apps.strategy.record.models import Change, ChangeRequest, Edition
from stadt.apps.strategy.record.queries import Version, strategy_at
from stadt.apps.strategy.record.states import EditionState, RequestState
from stadt.apps.strategy.record.wording import field_word, kind_word, value_word
from stadt.core.people.models import User
from stadt.web.maps import State
from stadt.web.tables import LinkCell, StateCell

LOOKS = {
    RequestState.OPEN: State.NEUTRAL,
    RequestState.SUBMITTED: State.INFO,
    RequestState.APPROVED: State.SUCCESS,
    RequestState.REJECTED: State.DANGER,
    RequestState.WITHDRAWN: State.NEUTRAL,
}
EDITION_LOOKS = {
    EditionState.DRAFT: State.NEUTRAL,
    EditionState.ADOPTED: State.SUCCESS,
    EditionState.SUPERSEDED: State.NEUTRAL,
}


def names_of(people: Iterable[str]) -> dict[str, str]:
    """`user:12` → the person's name; who is gone, and the platform itself, get words. One query."""
    asked = {who for who in people if who}
    ids = {who: int(who.removeprefix("user:")) for who in asked if who.startswith("user:")}
    known = {user.pk: user.get_full_name() for user in User.objects.filter(pk__in=ids.values())}
    return {
        who: known.get(ids[who], gettext("nicht mehr vorhanden")) if who in ids else gettext("die Plattform")
        for who in asked
    }


def state_cell(request: ChangeRequest) -> StateCell:
    """The request's state as a badge."""
    state = RequestState(request.state)
    return StateCell(str(state.label), LOOKS[state])


def edition_facts(edition: Edition) -> list[tuple[str, Any]]:
    """What is known about an edition; a council reference that nobody gave is said to be missing."""
    paper: Any = edition.council_paper or gettext("nicht hinterlegt")
    if edition.council_link and edition.council_paper:
        paper = LinkCell(edition.council_paper, edition.council_link)
    state = EditionState(edition.state)
    facts: list[tuple[str, Any]] = [
        (gettext("Zustand"), StateCell(str(state.label), EDITION_LOOKS[state])),
        (gettext("Inhalt gilt am"), date_format(edition.valid_on, "DATE_FORMAT")),
        (gettext("Drucksache des Rates"), paper),
    ]
    if edition.council_date:
        facts.append((gettext("Beschlossen am"), date_format(edition.council_date, "DATE_FORMAT")))
    if edition.note:
        facts.append((gettext("Hinweis"), edition.note))
    return facts


def item_facts(item: Item) -> list[tuple[str, str]]:
    """An item's fields in words, without those that nobody set."""
    return [
        (field_word(name), value_word(name, getattr(item, name)))
        for name in item.__struct_fields__
        if name not in {"code", "slug", "is_summary"} and getattr(item, name) not in ("", None, (), False)
    ]


def item_address(code: str) -> str:
    """Where an item is shown; for what has no page of its own, its history."""
    if kind_of(code) == "measure":
        return reverse("strategy:measure", args=[code])
    if kind_of(code) == "indicator":
        return reverse("strategy:indicator", args=[code])
    return reverse("strategy:history", args=[code])


def outline(content: Content) -> list[tuple[str, list[Item]]]:
    """All items by kind, in the order a strategy is told."""
    found: dict[str, list[Item]] = {}
    for item in content:
        found.setdefault(kind_of(item.code), []).append(item)
    return [(kind_word(kind), items) for kind, items in found.items() if kind != "head"]


def would_be(request: ChangeRequest) -> Difference:
    """What today's strategy and one with the request's changes differ in; what no longer fits is left out."""
    before = strategy_at()
    after = dict(before.items)
    for change in request.changes.order_by("pk"):
        if kind_named(change.kind).adds:
            after[change.code] = made(change.code, change.fields)
        elif change.code in after:
            after[change.code] = patched(after[change.code], change.fields)
    return difference(before, Content(after.values()))


def change_words(change: Change) -> dict[str, Any]:
    """A change as the request's page lists it: kind, item, and each field's old and new value in words."""
    kind = kind_named(change.kind)
    if kind.adds:
        item: Item | None = made(change.code, change.fields)
        rows = [(term, "", value) for term, value in item_facts(item)] if item else []
    else:
        item = strategy_at().find(change.code)
        old = patched(item, change.base) if item else None
        new = patched(item, change.fields) if item else None
        rows = [
            (field_word(name), value_word(name, getattr(old, name)), value_word(name, getattr(new, name)))
            for name in change.fields
            if item
        ]
    return {
        "id": change.pk,
        "kind": gettext(kind.title),
        "code": change.code,
        "title": item.title if item else "",
        "url": "" if kind.adds else item_address(change.code),
        "rows": rows,
        "adds": kind.adds,
        "reason": change.reason,
    }


def reason_word(version: Version) -> str:
    """How a version came to be."""
    words = {
        "import": gettext("aus dem gedruckten Dokument"),
        "several": gettext("mehrere Änderungen"),
        "evaluation": gettext("Ergebnis der Auswertung"),
    }
    if version.reason in words:
        return words[version.reason]
    return gettext(KINDS[version.reason].title) if version.reason in KINDS else version.reason
