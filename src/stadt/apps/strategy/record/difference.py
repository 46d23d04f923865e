"""The difference between two states of the strategy: sentences for people, and the same as data."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from django.utils.translation import gettext, ngettext

from stadt.apps.strategy.record.content import (
    Content,
    Item,
    Measure,
    PrintedIndicator,
    kind_of,
    natural_order,
)
from stadt.apps.strategy.record.wording import field_word, named, title_of, value_word

ADDED: Final = "added"
STRUCK: Final = "struck"
RESCHEDULED: Final = "rescheduled"
MOVED: Final = "state"
REDEFINED: Final = "redefined"
CHANGED: Final = "changed"
DROPPED: Final = "dropped"
ORDER: Final = (ADDED, STRUCK, RESCHEDULED, MOVED, REDEFINED, CHANGED, DROPPED)
NOT_COMPARED: Final = frozenset({"code", "type"})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that reads differently; values as the items have them."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class ItemChange:
    """What happened to one item. `kind` is one of `ORDER`; `item` is the newer state, of a dropped one the older."""

    kind: str
    code: str
    item: Item
    fields: tuple[FieldChange, ...] = ()

    @property
    def sentence(self) -> str:
        """The change in one plain sentence."""
        return _SENTENCES[self.kind](self)

    @property
    def detail(self) -> str:
        """The same without the item's name, for where it stands already."""
        return _DETAILS.get(self.kind, _detail_of_fields)(self)


@dataclass(frozen=True, slots=True)
class Difference:
    """All changes from an older state to a newer one, by kind and code."""

    changes: tuple[ItemChange, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many items changed in which way, without what did not occur."""
        found = Counter(change.kind for change in self.changes)
        return {kind: found[kind] for kind in ORDER if found[kind]}

    @property
    def count_line(self) -> str:
        """Such as „3 neu, 1 gestrichen, 5 verschoben, 2 Kennzahlen neu bestimmt“."""
        words = [_COUNTS[kind](number) % {"number": number} for kind, number in self.counts.items()]
        return ", ".join(words) or gettext("Kein Unterschied")

    @property
    def sentences(self) -> tuple[str, ...]:
        return tuple(change.sentence for change in self.changes)


def difference(older: Content, newer: Content) -> Difference:
    """What is otherwise in the newer state. An item that moved and changed stands there once for each."""
    changes: list[ItemChange] = []
    for code in sorted({*older.items, *newer.items}, key=natural_order):
        before, after = older.find(code), newer.find(code)
        if before is None and after is not None:
            changes.append(ItemChange(ADDED, code, after))
        elif after is None and before is not None:
            changes.append(ItemChange(DROPPED, code, before))
        elif before is not None and after is not None and before != after:
            changes += _changes_of(before, after)
    return Difference(tuple(sorted(changes, key=lambda change: ORDER.index(change.kind))))


def difference_json(found: Difference) -> dict[str, Any]:
    """The same as data: counts, count line, and each change with its sentence and the old and new values."""
    return {
        "counts": found.counts,
        "count_line": found.count_line,
        "changes": [
            {
                "kind": change.kind,
                "item": kind_of(change.code),
                "code": change.code,
                "title": title_of(change.item),
                "sentence": change.sentence,
                "fields": [
                    {
                        "field": one.field,
                        "old": msgspec.to_builtins(one.old),
                        "new": msgspec.to_builtins(one.new),
                    }
                    for one in change.fields
                ],
            }
            for change in found.changes
        ],
    }


def _changes_of(before: Item, after: Item) -> list[ItemChange]:
    fields = {
        name: FieldChange(name, getattr(before, name), getattr(after, name))
        for name in after.__struct_fields__
        if name not in NOT_COMPARED and getattr(before, name) != getattr(after, name)
    }
    found = []
    if isinstance(after, Measure):
        if "period" in fields:
            found.append(ItemChange(RESCHEDULED, after.code, after, (fields.pop("period"),)))
        if "state" in fields:
            kind = STRUCK if after.is_struck else MOVED
            moved = tuple(fields.pop(name) for name in ("state", "state_note") if name in fields)
            found.append(ItemChange(kind, after.code, after, moved))
    if fields:
        kind = REDEFINED if isinstance(after, PrintedIndicator) else CHANGED
        found.append(ItemChange(kind, after.code, after, tuple(fields.values())))
    return found


def _added(change: ItemChange) -> str:
    return gettext("Neu: %(what)s.") % {"what": named(change.item)}


def _struck(change: ItemChange) -> str:
    return gettext("Gestrichen: %(what)s. Die Nummer bleibt vergeben.") % {"what": named(change.item)}


def _dropped(change: ItemChange) -> str:
    return gettext("Entfallen: %(what)s.") % {"what": named(change.item)}


def _rescheduled(change: ItemChange) -> str:
    period = change.fields[0]
    return gettext("Verschoben: %(what)s von „%(old)s“ auf „%(new)s“.") % {
        "what": named(change.item),
        "old": value_word("period", period.old),
        "new": value_word("period", period.new),
    }


def _moved(change: ItemChange) -> str:
    state = change.fields[0]
    return gettext("Stand: %(what)s ist jetzt „%(new)s“, vorher „%(old)s“.") % {
        "what": named(change.item),
        "old": value_word("state", state.old),
        "new": value_word("state", state.new),
    }


def _redefined(change: ItemChange) -> str:
    return gettext("Neu bestimmt: %(what)s: %(fields)s.") % _fields_of(change)


def _changed(change: ItemChange) -> str:
    return gettext("Geändert: %(what)s: %(fields)s.") % _fields_of(change)


def _fields_of(change: ItemChange) -> dict[str, str]:
    return {"what": named(change.item), "fields": "; ".join(_field_words(change))}


def _field_words(change: ItemChange) -> Iterator[str]:
    for one in change.fields:
        yield gettext("%(field)s jetzt „%(new)s“, vorher „%(old)s“") % {
            "field": field_word(one.field),
            "old": value_word(one.field, one.old),
            "new": value_word(one.field, one.new),
        }


def _detail_of_fields(change: ItemChange) -> str:
    return "; ".join(_field_words(change)) + "."


_SENTENCES: Final[dict[str, Callable[[ItemChange], str]]] = {
    ADDED: _added,
    STRUCK: _struck,
    RESCHEDULED: _rescheduled,
    MOVED: _moved,
    REDEFINED: _redefined,
    CHANGED: _changed,
    DROPPED: _dropped,
}
_DETAILS: Final[dict[str, Callable[[ItemChange], str]]] = {
    ADDED: lambda _change: gettext("Neu aufgenommen."),
    STRUCK: lambda _change: gettext("Gestrichen. Die Nummer bleibt vergeben."),
    DROPPED: lambda _change: gettext("Entfallen."),
}
_COUNTS: Final[dict[str, Callable[[int], str]]] = {
    ADDED: lambda number: ngettext("%(number)d neu", "%(number)d neu", number),
    STRUCK: lambda number: ngettext("%(number)d gestrichen", "%(number)d gestrichen", number),
    RESCHEDULED: lambda number: ngettext("%(number)d verschoben", "%(number)d verschoben", number),
    MOVED: lambda number: ngettext(
        "%(number)d im Stand fortgeschrieben", "%(number)d im Stand fortgeschrieben", number
    ),
    REDEFINED: lambda number: ngettext(
        "%(number)d Kennzahl neu bestimmt", "%(number)d Kennzahlen neu bestimmt", number
    ),
    CHANGED: lambda number: ngettext("%(number)d geändert", "%(number)d geändert", number),
    DROPPED: lambda number: ngettext("%(number)d entfallen", "%(number)d entfallen", number),
}
