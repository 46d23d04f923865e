"""What a change would make of an item, and everything that may be wrong with it; reads only."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from django.utils.translation import gettext

from stadt.apps.strategy.record.content import (
    KINDS as ITEM_KINDS,
)
from stadt.apps.strategy.record.content import (
    Annotation,
    Content,
    Item,
    Measure,
    PrintedIndicator,
    field_of,
    kind_of,
)
from stadt.apps.strategy.record.kinds import KINDS, ChangeKind
from stadt.apps.strategy.record.lifecycle import START, STRIKABLE, State, can_move, state_word
from stadt.core.errors import FieldError, Invalid
from stadt.core.people.models import Organisation
from stadt.core.unseen import UNSEEN

LONGEST_TEXT: Final = 4000
MOST_ENTRIES: Final = 100
DIRECTIONS: Final = frozenset({"", "higher better", "lower better", "neutral"})
INDICATOR_KINDS: Final = frozenset({"", "share", "rate", "count", "index", "ratio", "duration"})
DURATION: Final = re.compile(r"P[1-9][0-9]{0,2}[DWMY]|")


@dataclass(frozen=True, slots=True)
class ChangeDraft:
    """A change as somebody puts it down.

    Attributes:
        kind: a key of `KINDS`.
        code: the item; for an added measure or indicator it may be empty, then it gets the next free number of `fields["field"]`.
        fields: the new values as the item's JSON has them; `period` and `funding` may be their text alone.
        reason: why; needed where the kind stands on its own.
    """

    kind: str
    code: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


def kind_named(key: str) -> ChangeKind:
    """Raises Invalid for a kind that there is not."""
    if key not in KINDS:
        raise Invalid(
            gettext("Diese Art von Änderung gibt es nicht."),
            fields=(FieldError("kind", gettext("ist unbekannt")),),
        )
    return KINDS[key]


def plain(item: Item) -> dict[str, Any]:
    """The item's fields as its JSON has them."""
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(item))
    return found


def patched(item: Item, fields: Mapping[str, Any]) -> Item:
    """The item with other values.

    Raises:
        Invalid: naming the field whose value has the wrong shape.
    """
    try:
        made: Item = msgspec.convert({**plain(item), **fields}, type(item))
    except msgspec.ValidationError as error:
        raise shape_error(error, fields) from None
    return made


def made(code: str, fields: Mapping[str, Any]) -> Item:
    """A new item. Raises Invalid as `patched`, and for a code that no item can have."""
    kind = kind_of(code)
    if not kind:
        raise Invalid(
            gettext("„%(code)s“ ist kein Code eines Teils der Strategie.") % {"code": code[:40]},
            fields=(FieldError("code", gettext("hat nicht die Form eines Codes")),),
        )
    struct = ITEM_KINDS[kind][0]
    try:
        item: Item = msgspec.convert({"type": kind, "code": code, **fields}, struct)
    except msgspec.ValidationError as error:
        raise shape_error(error, fields) from None
    return item


def shape_error(error: msgspec.ValidationError, fields: Mapping[str, Any]) -> Invalid:
    """`Expected str, got int - at $.title` as an error that names the field."""
    found = re.search(r"\$\.(\w+)|field `(\w+)`", str(error))
    name = next((part for part in found.groups() if part), "") if found else ""
    return Invalid(
        gettext("Bitte prüfen Sie Ihre Angaben."),
        fields=(FieldError(name or next(iter(fields), "fields"), gettext("hat nicht die richtige Form")),),
    )


def refuse(errors: Sequence[FieldError]) -> None:
    """Raises Invalid when anything is wrong."""
    if errors:
        raise Invalid(gettext("Bitte prüfen Sie Ihre Angaben."), fields=tuple(errors))


def unreadable(value: Any, name: str) -> Iterator[FieldError]:
    """Texts with characters that are none, texts and lists that are too long, wherever they stand in a value."""
    if isinstance(value, str):
        if UNSEEN.search(value):
            yield FieldError(name, gettext("enthält Zeichen, die kein Text sind"))
        elif len(value) > LONGEST_TEXT:
            yield FieldError(name, gettext("hat mehr als %(most)s Zeichen") % {"most": LONGEST_TEXT})
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from unreadable(key, name)
            yield from unreadable(part, name)
    elif isinstance(value, list | tuple):
        if len(value) > MOST_ENTRIES:
            yield FieldError(name, gettext("nennt mehr als %(most)s") % {"most": MOST_ENTRIES})
        for part in value[: MOST_ENTRIES + 1]:
            yield from unreadable(part, name)


def wrong_with_step(kind: ChangeKind, item: Item, fields: Mapping[str, Any]) -> Iterator[FieldError]:
    """A state that the measure cannot come to by this change."""
    if not isinstance(item, Measure):
        return
    words = {"from": state_word(item.state), "to": state_word(str(fields.get("state", "")))}
    if item.is_struck:
        yield FieldError("code", gettext("ist gestrichen; ihre Nummer bleibt vergeben"))
    elif (kind.key == "move_state" and not can_move(item.state, str(fields.get("state", "")))) or (
        kind.key == "strike" and item.state not in STRIKABLE
    ):
        yield FieldError("state", gettext("Von „%(from)s“ führt kein Schritt zu „%(to)s“.") % words)
    elif kind.key == "add_measure" and item.state and item.state not in START:
        yield FieldError("state", gettext("Eine neue Maßnahme beginnt nicht mit „%(to)s“.") % words)


def wrong_with(item: Item, content: Content, fields: Mapping[str, Any]) -> Iterator[FieldError]:
    """What the changed item would say that cannot be; `content` are the items it may refer to, itself among them."""
    if "title" in fields or "name" in fields or not item.title.strip():
        if not item.title.strip():
            yield FieldError("name" if isinstance(item, PrintedIndicator) else "title", gettext("fehlt"))
        elif len(item.title) > 300 and not isinstance(item, Annotation):
            yield FieldError("title", gettext("hat mehr als %(most)s Zeichen") % {"most": 300})
    if isinstance(item, Measure):
        yield from _wrong_with_measure(item, content)
    elif isinstance(item, PrintedIndicator):
        yield from _wrong_with_indicator(item, content)
    elif isinstance(item, Annotation) and item.about not in content:
        yield FieldError("about", gettext("ist kein Teil der Strategie"))


def _wrong_with_measure(item: Measure, content: Content) -> Iterator[FieldError]:
    if item.field not in content.fields or field_of(item.code) != item.field:
        yield FieldError("field", gettext("ist nicht das Handlungsfeld dieser Nummer"))
    goals = (*item.sdgs, *(() if item.main_sdg is None else (item.main_sdg,)))
    if any(not 1 <= goal <= 17 for goal in goals) or len(set(item.sdgs)) != len(item.sdgs):
        yield FieldError("sdgs", gettext("nennt ein Ziel, das es nicht gibt, oder eines doppelt"))
    for dependency in item.dependencies:
        if dependency.code == item.code or dependency.code not in content.measures:
            yield FieldError("dependencies", gettext("nennt eine Maßnahme, die es nicht gibt"))
    if any(code not in content.challenges for code in item.challenges):
        yield FieldError("challenges", gettext("nennt eine Herausforderung, die es nicht gibt"))
    codes = item.indicator_codes
    if any(code not in content.indicators for code in codes) or len(set(codes)) != len(codes):
        yield FieldError("indicators", gettext("nennt eine Kennzahl, die es nicht gibt, oder eine doppelt"))
    period = item.period
    if period.start and period.end and period.end < period.start:
        yield FieldError("period", gettext("endet, bevor er beginnt"))
    if item.owner and not Organisation.objects.filter(key=item.owner).exists():
        yield FieldError("owner", gettext("ist keine Organisation dieser Stadt"))
    amounts = [money.amount for money in item.funding.items if money.amount is not None]
    if not all(amount.is_finite() for amount in amounts):
        yield FieldError("funding", gettext("nennt einen Betrag, der keine Zahl ist"))
    elif any(amount < 0 for amount in amounts):
        yield FieldError("funding", gettext("nennt einen Betrag unter null"))
    if item.state not in State.values:
        yield FieldError("state", gettext("ist unbekannt"))


def _wrong_with_indicator(item: PrintedIndicator, content: Content) -> Iterator[FieldError]:
    if item.field not in content.fields or field_of(item.code) != item.field:
        yield FieldError("field", gettext("ist nicht das Handlungsfeld dieser Nummer"))
    if item.direction not in DIRECTIONS:
        yield FieldError("direction", gettext("ist unbekannt"))
    if item.kind not in INDICATOR_KINDS:
        yield FieldError("kind", gettext("ist unbekannt"))
    if item.repeats and (item.repeats not in content.indicators or item.is_active):
        yield FieldError(
            "repeats", gettext("nennt eine Kennzahl, die es nicht gibt, oder ist selbst noch in Kraft")
        )
    if not DURATION.fullmatch(item.interval):
        yield FieldError("interval", gettext("ist keine Dauer wie P1Y"))
    if item.expected_delay_days is not None and not 0 <= item.expected_delay_days <= 3660:
        yield FieldError("expected_delay_days", gettext("liegt nicht zwischen 0 und 3660 Tagen"))
    if item.owner and not Organisation.objects.filter(key=item.owner).exists():
        yield FieldError("owner", gettext("ist keine Organisation dieser Stadt"))
