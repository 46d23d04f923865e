"""Values as they stand in the cells of a table, and back: texts, whole numbers, amounts, days, yes and no, words, lists.

Each kind writes a value as text or as a native value of a workbook, and reads what people and office programs make of it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.translation import gettext_noop as _

Native = str | int | float | date | None
FIRST_YEAR_OF_WORKBOOKS: Final = 1901
"""Excel counts days from 1900 and believes that year to be a leap year."""
_GERMAN_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_YES: Final = {
    "ja": True,
    "nein": False,
    "wahr": True,
    "falsch": False,
    "true": True,
    "false": False,
    "x": True,
}


@dataclass(frozen=True, slots=True)
class CellKind:
    """How a kind of value is written and read. `read` gets a text or a native value and raises ValueError; `expected`
    says in a person's words what may stand here."""

    write: Callable[[Any], Native]
    read: Callable[[Native], Any]
    expected: str
    width: int = 12
    words: Mapping[str, str] = field(default_factory=dict)


def plain(value: Native) -> str:
    """What a person sees in a cell, as text: a year that an office program made a number of is still a year."""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    return "" if value is None else str(value)


def _read_number(value: Native) -> int | None:
    text = plain(value).strip()
    return int(text) if text else None


def _read_day(value: Native) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = plain(value).strip()
    german = _GERMAN_DAY.fullmatch(text)
    if german:
        return date(int(german[3]), int(german[2]), int(german[1]))
    return date.fromisoformat(text) if text else None


def _write_day(day: date | None) -> Native:
    return day if day is None or day.year >= FIRST_YEAR_OF_WORKBOOKS else day.isoformat()


def _read_flag(value: Native) -> bool:
    text = plain(value).strip().casefold()
    if text not in _YES:
        raise ValueError(text)
    return _YES[text]


def _write_amount(amount: Decimal | None) -> Native:
    """A number where a workbook, which keeps 15 digits, gives back the very same one; else its text as a German writes it."""
    if amount is None:
        return None
    number = float(amount)
    same = float(f"{number:.15g}") == number and str(_decimal(number)) == str(amount)
    return number if same else str(amount).replace(".", ",")


def _decimal(number: float) -> Decimal:
    return Decimal(plain(number) if number.is_integer() else repr(number))


def _read_amount(value: Native) -> Decimal | None:
    if isinstance(value, int | float):
        return _decimal(float(value))
    text = plain(value).strip().removesuffix("€").rstrip()
    if "," in text:
        text = text.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{3})+", text):
        text = text.replace(".", "")
    try:
        amount = Decimal(text) if text else None
    except InvalidOperation:
        raise ValueError(text) from None
    if amount is not None and not amount.is_finite():
        raise ValueError(text)
    return amount


def _write_list(values: tuple[Any, ...]) -> str:
    r"""Values with `; ` between them; in a value, `\;` and `\\` stand for themselves and `\0` for an empty one."""
    return "; ".join(str(one).replace("\\", "\\\\").replace(";", "\\;") or "\\0" for one in values)


def _read_list(value: Native) -> tuple[str, ...]:
    text = plain(value)
    if not text:
        return ()
    parts, word, at = [], "", 0
    while at < len(text):
        if text[at] == "\\" and at + 1 < len(text):
            word += "" if text[at + 1] == "0" else text[at + 1]
            at += 2
        elif text[at] == ";":
            parts.append(word)
            word = ""
            at += 2 if text[at + 1 : at + 2] == " " else 1
        else:
            word += text[at]
            at += 1
    return (*parts, word)


def _read_numbers(value: Native) -> tuple[int, ...]:
    return tuple(int(one) for one in re.split(r"[;,]\s*", plain(value).strip()) if one)


def choice(words: Mapping[str, str]) -> CellKind:
    """One of some values, shown by a German word; the value itself is understood, too."""
    back = {word.casefold(): value for value, word in words.items()}

    def read(value: Native) -> str:
        text = plain(value).strip()
        if text.casefold() in back:
            return back[text.casefold()]
        if text in words:
            return text
        raise ValueError(text)

    return CellKind(lambda value: words[value], read, ", ".join(filter(None, words.values())), 14, words)


def choices(words: Mapping[str, str]) -> CellKind:
    """Several of some values."""
    one = choice(words)
    return CellKind(
        lambda values: "; ".join(words[value] for value in values),
        lambda value: tuple(one.read(part.strip()) for part in plain(value).split(";") if part.strip()),
        one.expected,
        18,
        words,
    )


TEXT: Final = CellKind(lambda text: text, plain, _("Text"), 24)
LONG: Final = CellKind(lambda text: text, plain, _("Text"), 60)
CODE: Final = CellKind(lambda text: text, lambda value: plain(value).strip(), _("ein Code"), 10)
NUMBER: Final = CellKind(lambda number: number, _read_number, _("eine ganze Zahl oder nichts"), 10)
AMOUNT: Final = CellKind(_write_amount, _read_amount, _("ein Betrag in Euro oder nichts"), 14)
DAY: Final = CellKind(_write_day, _read_day, _("ein Datum wie 31.12.2030 oder nichts"), 12)
FLAG: Final = CellKind(lambda flag: "ja" if flag else "nein", _read_flag, _("„ja“ oder „nein“"), 8)
TEXTS: Final = CellKind(_write_list, _read_list, _("Texte mit Semikolon dazwischen"), 24)
NUMBERS: Final = CellKind(
    lambda numbers: "; ".join(map(str, numbers)), _read_numbers, _("Zahlen mit Semikolon dazwischen"), 14
)
