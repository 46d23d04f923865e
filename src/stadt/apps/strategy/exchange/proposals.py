"""The differences between the strategy and a file, as changes of a change request; reads only."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext
from msgspec.structs import replace

from stadt.apps.strategy.parsing import parse_funding, parse_period
from stadt.apps.strategy.record.changes import ChangeDraft, patched, plain
from stadt.apps.strategy.record.content import Content, Item, Measure, kind_of, natural_order
from stadt.apps.strategy.record.kinds import KINDS
from stadt.apps.strategy.record.lifecycle import START, STRIKABLE, can_move
from stadt.apps.strategy.record.wording import field_word

_ADD: Final = {"measure": "add_measure", "indicator": "add_indicator", "annotation": "add_annotation"}
_CHANGE: Final = {"measure": "change_measure", "indicator": "change_indicator"}
# Themes before fields, fields before what stands in them, measures last: a change may name what an earlier one adds.
_ORDER: Final = ("head", "vision", "goal", "principle", "challenge", "theme", "field", "indicator", "measure", "annotation")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a file would change, and sentences about what no change request can do or what is only missing in the file.

    `after` is the strategy as it would be.
    """

    changes: tuple[ChangeDraft, ...]
    left: tuple[str, ...]
    missing: tuple[str, ...]
    after: Content


def proposal_of(now: Content, file: Content, *, strike_missing: bool = False) -> Proposal:
    """The changes that lead from the strategy of now to the file's, one by one.

    `strike_missing` proposes to strike measures that the file does not have; nothing else is ever taken away.
    """
    changes: list[ChangeDraft] = []
    left: list[str] = []
    after: dict[str, Item] = dict(now.items)
    for item in sorted(file, key=lambda one: (_ORDER.index(kind_of(one.code)), natural_order(one.code))):
        old = now.find(item.code)
        if old is None:
            changes += _added(item, left)
        elif old != item:
            changes += _changed(old, _read_again(old, item), left)
    missing = [code for code in now.items if code not in file and not _is_struck(now.find(code))]
    for code in missing if strike_missing else ():
        old = now.find(code)
        if isinstance(old, Measure) and old.state in STRIKABLE:
            changes.append(ChangeDraft("strike", code, {"state": "struck"}))
    ordered = _in_order(changes)
    for change in ordered:
        standing = after.get(change.code)
        after[change.code] = patched(standing, change.fields) if standing else _find(file, change.code)
    gone = {change.code for change in changes if change.kind == "strike"}
    return Proposal(
        tuple(ordered),
        tuple(left),
        tuple(code for code in missing if code not in gone),
        Content(after.values()),
    )


def _added(item: Item, left: list[str]) -> Iterator[ChangeDraft]:
    kind = kind_of(item.code)
    if kind == "head":
        left.append(gettext("Titel und Stand der Strategie lassen sich hier nicht neu anlegen."))
        return
    key = _ADD.get(kind, "add_text")
    if isinstance(item, Measure):
        item = _with_texts_read(item)
        if item.state and item.state not in START:
            left.append(
                gettext("%(code)s: Eine neue Maßnahme beginnt nicht mit diesem Stand.") % {"code": item.code}
            )
            item = replace(item, state="")
    empty = plain(type(item)(item.code, ""))  # type: ignore[call-arg]
    fields = {name: value for name, value in plain(item).items() if name not in {"type", "code"}}
    kept = {
        name: value
        for name, value in fields.items()
        if name in KINDS[key].fields and value != empty.get(name)
    }
    lost = [name for name in fields if name not in KINDS[key].fields and fields[name] != empty.get(name)]
    left += [_cannot(item.code, name) for name in lost]
    yield ChangeDraft(key, item.code, kept)


def _changed(old: Item, new: Item, left: list[str]) -> Iterator[ChangeDraft]:
    before, after = plain(old), plain(new)
    fields = {name: value for name, value in after.items() if value != before.get(name)}
    code = old.code
    if _is_struck(old) and fields:
        left.append(gettext("%(code)s ist gestrichen und bleibt, wie es war.") % {"code": code})
        return
    if isinstance(old, Measure):
        if "period" in fields:
            yield ChangeDraft("reschedule", code, {"period": fields.pop("period")})
        if "state" in fields:
            yield from _moved(old, fields, left)
    key = _CHANGE.get(kind_of(code), "change_text")
    left += [_cannot(code, name) for name in fields if name not in KINDS[key].fields]
    kept = {name: value for name, value in fields.items() if name in KINDS[key].fields}
    if kept:
        yield ChangeDraft(key, code, kept)


def _moved(old: Measure, fields: dict[str, Any], left: list[str]) -> Iterator[ChangeDraft]:
    state = str(fields.pop("state"))
    if state == "struck" and old.state in STRIKABLE:
        yield ChangeDraft("strike", old.code, {"state": state})
    elif can_move(old.state, state):
        note = fields.pop("state_note", old.state_note)
        yield ChangeDraft("move_state", old.code, {"state": state, "state_note": note})
    else:
        left.append(
            gettext("%(code)s: Von diesem Stand führt kein Schritt zu dem der Datei.") % {"code": old.code}
        )


def _read_again(old: Item, new: Item) -> Item:
    """A text of period or funding that somebody changed, without touching what was read from it, is read anew."""
    if not isinstance(old, Measure) or not isinstance(new, Measure):
        return new
    if new.period != old.period and replace(new.period, text=old.period.text) == old.period:
        new = replace(new, period=parse_period(new.period.text))
    if new.funding != old.funding and replace(new.funding, text=old.funding.text) == old.funding:
        new = replace(new, funding=parse_funding(new.funding.text))
    return new


def _with_texts_read(item: Measure) -> Measure:
    """A new measure whose row has only the texts."""
    if item.period == type(item.period)(item.period.text):
        item = replace(item, period=parse_period(item.period.text))
    if item.funding == type(item.funding)(item.funding.text):
        item = replace(item, funding=parse_funding(item.funding.text))
    return item


def _in_order(changes: list[ChangeDraft]) -> list[ChangeDraft]:
    """New measures after the new ones they depend on."""
    waiting, placed = list(changes), []
    while waiting:
        new = {change.code for change in waiting if change.kind == "add_measure"}
        free = [one for one in waiting if not (_needs(one) & new - {one.code})] or waiting
        placed += free
        done = {id(one) for one in free}
        waiting = [one for one in waiting if id(one) not in done]
    return placed


def _needs(change: ChangeDraft) -> set[str]:
    return {str(one["code"]) for one in change.fields.get("dependencies", ())}


def _find(file: Content, code: str) -> Item:
    return file.items[code]


def _is_struck(item: Item | None) -> bool:
    return isinstance(item, Measure) and item.is_struck


def _cannot(code: str, field: str) -> str:
    return gettext("%(code)s: „%(field)s“ lässt sich durch keinen Änderungsantrag ändern.") % {
        "code": code,
        "field": field_word(field),
    }
