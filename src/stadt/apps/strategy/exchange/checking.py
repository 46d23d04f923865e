"""What must hold of a strategy before anything of a file is taken: codes, references, texts that every format can carry."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import msgspec
from django.utils.translation import gettext

from stadt.apps.strategy.exchange.errors import Problem, refuse_all
from stadt.apps.strategy.exchange.words import STATES
from stadt.apps.strategy.record.content import (
    ActionField,
    Annotation,
    Content,
    Item,
    Measure,
    PrintedIndicator,
    kind_of,
)

LONGEST_TEXT: Final = 30_000
"""Characters of one text: a cell of a workbook holds 32,767."""
MOST_ITEMS: Final = 10_000
GOALS: Final = range(1, 18)
#: Control characters, halves of surrogate pairs, non-characters, and signs that turn the direction of writing.
_UNFIT: Final = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
Locate = Callable[[str, str], str]


def check_items(items: Iterable[Item], locate: Locate | None = None) -> Content:
    """The items as a content, when they agree with one another.

    `locate` tells a person where in the file a field of an item stands, from its code and the field's path.

    Raises:
        BadFile: naming each place that is wrong.
    """
    found = list(items)
    place = locate or (lambda code, field: f"{code} {field}".strip())
    problems = [Problem(place(code, field), sentence) for code, field, sentence in _problems(found)]
    if problems:
        raise refuse_all(problems)
    return Content(found)


def _problems(items: list[Item]) -> Iterator[tuple[str, str, str]]:
    if len(items) > MOST_ITEMS:
        yield "", "", gettext("Mehr als %(most)d Einträge sind nicht möglich.") % {"most": MOST_ITEMS}
        return
    for code, count in Counter(item.code for item in items).items():
        if count > 1:
            yield (
                code,
                "code",
                gettext("Der Code %(code)s kommt %(count)d-mal vor.") % {"code": code[:30], "count": count},
            )
    known = {item.code: kind_of(item.code) for item in items}
    for item in items:
        if known[item.code] != item.__struct_config__.tag:
            yield (
                item.code,
                "code",
                gettext("„%(code)s“ ist kein Code dieser Art.") % {"code": item.code[:30]},
            )
        yield from problems_of(item)
        yield from _references(item, known)


def problems_of(item: Item) -> Iterator[tuple[str, str, str]]:
    """What is wrong with one item alone: code, the field's path, and a sentence."""
    yield from _shape(item)
    yield from _texts(item)
    if isinstance(item, Measure):
        yield from _measure(item)


def _shape(item: Item) -> Iterator[tuple[str, str, str]]:
    """Words that are none of those a field knows."""
    try:
        msgspec.convert(msgspec.to_builtins(item), type(item))
    except msgspec.ValidationError as error:
        sentence, _, path = str(error).partition(" - at `$.")
        field = re.sub(r"\[[^]]*\]", "", path.rstrip("`"))
        yield item.code, field, gettext("Der Wert passt nicht (%(why)s).") % {"why": sentence[:120]}


def _texts(item: Item) -> Iterator[tuple[str, str, str]]:
    for field, text in _walk(item):
        if len(text) > LONGEST_TEXT:
            yield (
                item.code,
                field,
                gettext("Der Text ist länger als %(most)d Zeichen.") % {"most": LONGEST_TEXT},
            )
        elif _UNFIT.search(text):
            yield (
                item.code,
                field,
                gettext("Der Text enthält ein Steuerzeichen, das keine Datei halten kann."),
            )


def _walk(part: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of an item with the path of its field."""
    if isinstance(part, str):
        yield path, part
    elif isinstance(part, tuple):
        for one in part:
            yield from _walk(one, path)
    elif isinstance(part, msgspec.Struct):
        for name in part.__struct_fields__:
            yield from _walk(getattr(part, name), f"{path}.{name}" if path else name)


def _references(item: Item, known: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Every code that an item names must be there, and of the right kind."""
    for field, code, kind in _named(item):
        if code and (known.get(code) != kind if kind else code != "S" and code not in known):
            yield (
                item.code,
                field,
                gettext("Den Code „%(code)s“ gibt es in der Datei nicht.") % {"code": code[:30]},
            )


def _named(item: Item) -> Iterator[tuple[str, str, str]]:
    if isinstance(item, ActionField):
        yield "theme", item.theme, "theme"
    elif isinstance(item, Annotation):
        yield "about", item.about, ""
    elif isinstance(item, PrintedIndicator):
        yield "field", item.field, "field"
        yield "repeats", item.repeats, "indicator"
    elif isinstance(item, Measure):
        yield "field", item.field, "field"
        yield from (("challenges", code, "challenge") for code in item.challenges)
        yield from (("indicators.code", link.code, "indicator") for link in item.indicators)
        yield from (("dependencies.code", one.code, "measure") for one in item.dependencies)


def _measure(item: Measure) -> Iterator[tuple[str, str, str]]:
    wrong = [str(goal) for goal in (*item.sdgs, item.main_sdg or 1) if goal not in GOALS]
    if wrong:
        yield (
            item.code,
            "sdgs",
            gettext("Das Nachhaltigkeitsziel %(goal)s gibt es nicht.") % {"goal": wrong[0][:10]},
        )
    if item.state not in STATES:
        yield item.code, "state", gettext("Den Stand „%(state)s“ gibt es nicht.") % {"state": item.state[:30]}
    period = item.period
    if period.start and period.end and period.end < period.start:
        yield item.code, "period.end", gettext("Das Ende liegt vor dem Beginn.")
    if any(one.amount is not None and not one.amount.is_finite() for one in item.funding.items):
        yield item.code, "funding.items.amount", gettext("Der Betrag ist keine Zahl.")
