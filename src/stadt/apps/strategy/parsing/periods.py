"""Reads a printed period: `2020 - ff`, `ab Q2.2020`, `laufend seit 2015`, `bis Q4.2019 Analyse, Roll-Out ab 2021`.

What the text does not say stays empty, and a text that is not understood is kept and flagged.
"""

import re
from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from stadt.apps.strategy.parsing.moments import MOMENT, Moment, coarser, read_end, read_moment
from stadt.apps.strategy.record.content import Period, Phase

LONGEST_TEXT: Final = 500
_DASH = r"(?: ?[-–—] ?| bis )"
_SPAN = (
    rf"(?:(?:laufend |fortlaufend )?seit {MOMENT}|ab {MOMENT}|(?:spätestens )?bis {MOMENT}|in {MOMENT}"
    rf"|(?:von |vom )?{MOMENT}{_DASH}{MOMENT}|{MOMENT}(?: ?[-–—] ?| )ff\.?|{MOMENT}|(?:fort)?laufend)"
)
_TITLE_THEN_SPAN = re.compile(rf"(?P<title>.+?) (?P<span>{_SPAN})", re.IGNORECASE)
_SPAN_THEN_TITLE = re.compile(rf"(?P<span>{_SPAN})[ :]+(?P<title>.+)", re.IGNORECASE)
_THEN = re.compile(r"[,;] (?:danach|anschließend|dann) ", re.IGNORECASE)
_EVENT = re.compile(r"(?:mit|nach) (?P<event>[A-ZÄÖÜ].+)|(?:Mit|Nach) (?P<first>.+)")
_BETWEEN = re.compile(r"[,;] ")
_YEAR_SOMEWHERE = re.compile(r"(?<![0-9])(?:19|20|21)[0-9]{2}(?![0-9])")


def parse_period(text: str) -> Period:
    """The period that a text tells, with the text as it is. Days are inclusive; never raises.

    `precision` is that of the coarser end; `Ende 2019` as a start is read as the last quarter and marked `~` in `edtf`.
    `depends_on` holds the words of the event the text waits for. A text with several phases spans them all.
    """
    plain = " ".join(text.split())
    if not plain:
        return Period(text=text)
    if len(plain) > LONGEST_TEXT:
        return Period(text=text, is_understood=False)
    if plain.casefold() in {"offen", "noch offen", "unbestimmt"}:
        return Period(text=text, is_undated=True)
    for read in (_read_span, _read_phases, _read_event):
        found = read(plain)
        if found is not None:
            return replace(found, text=text)
    return Period(text=text, is_understood=False)


def _read_span(text: str) -> Period | None:
    """A text that is one span and nothing else."""
    for shape, build in _SPANS:
        found = shape.fullmatch(text)
        if found:
            return build(*found.groups())
    return None


def _since(text: str) -> Period | None:
    start = read_moment(text)
    found = _from(text)
    return None if start is None or found is None else replace(found, is_ongoing=True)


def _from(text: str) -> Period | None:
    start = read_moment(text)
    if start is None:
        return None
    return Period(start=start.first, precision=start.precision, open_end=True, edtf=f"{start.edtf_start}/..")


def _until(text: str) -> Period | None:
    end = read_end(text)
    if end is None:
        return None
    return Period(end=end.last, precision=end.precision, open_start=True, edtf=f"../{end.edtf_end}")


def _between(first: str, last: str) -> Period | None:
    start, end = read_moment(first), read_end(last)
    if start is None or end is None or end.last < start.first:
        return None
    return Period(
        start=start.first,
        end=end.last,
        precision=coarser(start.precision, end.precision),
        edtf=f"{start.edtf_start}/{end.edtf_end}",
    )


def _within(text: str) -> Period | None:
    moment = read_moment(text)
    return None if moment is None else _whole(moment)


def _whole(moment: Moment) -> Period:
    return Period(start=moment.first, end=moment.last, precision=moment.precision, edtf=moment.edtf)


def _ongoing() -> Period:
    return Period(open_start=True, open_end=True, is_ongoing=True)


_SPANS: Final[tuple[tuple[re.Pattern[str], Callable[..., Period | None]], ...]] = tuple(
    (re.compile(shape, re.IGNORECASE), build)
    for shape, build in (
        (r"(?:fort)?laufend", _ongoing),
        (rf"(?:laufend |fortlaufend )?seit ({MOMENT})", _since),
        (rf"ab ({MOMENT})", _from),
        (rf"(?:spätestens )?bis ({MOMENT})", _until),
        (rf"({MOMENT})(?: ?[-–—] ?| )ff\.?", _from),
        (rf"(?:von |vom )?({MOMENT}){_DASH}({MOMENT})", _between),
        (rf"(?:in )?({MOMENT})", _within),
    )
)


def _read_phases(text: str) -> Period | None:
    """A text whose spans belong to named phases. Spans nobody named, or no span at all, are not understood."""
    parts = [part for chunk in _THEN.split(text) for part in _halves(chunk)]
    phases = [_phase(part) for part in parts]
    dated = [period for _phase_, period in phases if period is not None]
    if not dated or any(phase.text and period is None for phase, period in phases):
        return None
    return _spanning(tuple(phase for phase, _period in phases), dated)


def _halves(text: str) -> list[str]:
    """`bis 2019 Analyse, Roll-Out ab 2021` is two phases; a comma inside one phase's title is not a border."""
    for comma in _BETWEEN.finditer(text):
        first, second = text[: comma.start()], text[comma.end() :]
        if _SPAN_THEN_TITLE.fullmatch(first) and _TITLE_THEN_SPAN.fullmatch(second):
            return [first, second]
        if _TITLE_THEN_SPAN.fullmatch(first) and _TITLE_THEN_SPAN.fullmatch(second):
            return [first, *_halves(second)]
    return [text]


def _phase(text: str) -> tuple[Phase, Period | None]:
    """A phase and its span; a phase without any date has neither text nor span of its own."""
    found = _SPAN_THEN_TITLE.fullmatch(text) or _TITLE_THEN_SPAN.fullmatch(text)
    if found is None:
        return Phase(title=text), None
    period = _read_span(found["span"])
    title = found["title"].strip(" :,")
    if period is None or _YEAR_SOMEWHERE.search(title):
        return Phase(title, text=found["span"]), None
    return Phase(title, period.start, period.end, period.precision, found["span"]), period


def _spanning(phases: tuple[Phase, ...], dated: list[Period]) -> Period:
    """The whole of all phases. A phase without a date at the end leaves the end open."""
    last = dated[-1]
    ends_open = last.end is None or phases[-1].text == ""
    start = None if any(one.start is None for one in dated) else min(one.start for one in dated if one.start)
    end = None if ends_open else max((one.end for one in dated if one.end), default=None)
    if len(dated) == 1:
        edtf = dated[0].edtf
        if ends_open and last.end is not None:
            edtf = f"{edtf.split('/', maxsplit=1)[0]}/.."
    else:
        edtf = "{" + ",".join(_member(one.edtf) for one in dated) + "}"
    return Period(
        start=start,
        end=end,
        precision=coarser(*(one.precision for one in dated)),
        open_start=start is None,
        open_end=end is None,
        is_ongoing=any(one.is_ongoing for one in dated),
        phases=phases,
        edtf=edtf,
    )


def _member(edtf: str) -> str:
    """An interval as a member of a set (level 2): `../2019` is `..2019`, `2021/..` is `2021..`."""
    first, slash, last = edtf.partition("/")
    if not slash:
        return first
    return f"{first}{last}" if ".." in (first, last) else f"{first}..{last}"


def _read_event(text: str) -> Period | None:
    """`Mit Portaleinführung`: no date of its own, it waits for something else."""
    found = _EVENT.fullmatch(text)
    if found is None or re.search(r"[0-9]{4}", text):
        return None
    return Period(is_undated=True, depends_on=found["event"] or found["first"])
