"""How single values are written: numbers, dates, truth values, and words for missing ones."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

# Words that say "no value" wherever they stand alone, and those that say so only among numbers and dates.
MISSING: Final = frozenset({
    "-", "–", "—", "--", "k. A.", "k.A.", "k.A", "k. a.", "keine Angabe", "keine Angaben", "n. a.", "n.a.", "n/a", "N/A",
    "NA", "NULL", "null", "None", "#NV", "#N/A", "#NULL!", "#DIV/0!", "#WERT!", "#VALUE!", "#BEZUG!", "#REF!", "nan", "NaN", "…", "...",
})  # fmt: skip
MISSING_AMONG_NUMBERS: Final = MISSING | {
    ".",
    "..",
    "/",
    "x",
    "X",
    "*",
    "?",
    "unbekannt",
    "entfällt",
    "()",
    "•",
}

TRUTHS: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = {
    "ja/nein": (frozenset({"ja"}), frozenset({"nein"})),
    "j/n": (frozenset({"j"}), frozenset({"n"})),
    "wahr/falsch": (frozenset({"wahr"}), frozenset({"falsch"})),
    "true/false": (frozenset({"true"}), frozenset({"false"})),
    "yes/no": (frozenset({"yes"}), frozenset({"no"})),
}


@dataclass(frozen=True, slots=True)
class NumberForm:
    """How numbers are written. `thousands` may be empty; `decimal` is empty for whole numbers; `suffix` such as `€`."""

    decimal: str
    thousands: str
    suffix: str = ""

    @property
    def pattern(self) -> str:
        """As people see it: `1.234,5 €`."""
        return (
            f"1{self.thousands}234"
            + (f"{self.decimal}5" if self.decimal else "")
            + (f" {self.suffix}" if self.suffix else "")
        )

    @property
    def regex(self) -> re.Pattern[str]:
        """What a number of this form looks like, without its suffix; no leading zeros, which belong to keys."""
        return _number_regex(self.decimal, self.thousands)


NUMBER_PATTERN = re.compile(r"^1(?P<thousands>[., '’]?)234(?:(?P<decimal>[.,])5)?(?: (?P<suffix>\S{1,12}))?$")
FORMS = (
    NumberForm(",", "."), NumberForm(".", ","), NumberForm(",", " "), NumberForm(".", " "), NumberForm(".", "'"),
    NumberForm(".", "’"),
)  # fmt: skip
_REGEXES: dict[tuple[str, str], re.Pattern[str]] = {}


def _number_regex(decimal: str, thousands: str) -> re.Pattern[str]:
    key = (decimal, thousands)
    if key not in _REGEXES:
        _REGEXES[key] = re.compile("^" + number_expression(decimal, thousands) + "$")
    return _REGEXES[key]


def number_expression(decimal: str, thousands: str) -> str:
    """The same as a regular expression in text, which Python and RE2 (DuckDB) both read."""
    whole = r"(?:0|[1-9]\d*)"
    if thousands:
        whole = rf"(?:{whole}|[1-9]\d{{0,2}}(?:{re.escape(thousands)}\d{{3}})+)"
    if not decimal:
        return rf"[+-]?{whole}"
    mark = re.escape(decimal)
    return rf"[+-]?(?:{whole}(?:{mark}\d*)?|{mark}\d+)(?:[eE][+-]?\d{{1,3}})?"


def number_form(pattern: str) -> NumberForm | None:
    """The form that a pattern names."""
    found = NUMBER_PATTERN.match(pattern)
    return (
        NumberForm(found["decimal"] or "", found["thousands"] or "", found["suffix"] or "") if found else None
    )


@dataclass(frozen=True, slots=True)
class DateForm:
    """How dates are written: regular expression with groups y, m, d (day 1 where there is none), and DuckDB's format."""

    pattern: str
    regex: re.Pattern[str]
    format: str
    has_day: bool = True


MONTHS: Final = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip
SHORT_MONTHS: Final = ("Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez")
_MONTH_WORDS: Final = {
    word.lower(): number
    for words in (MONTHS, SHORT_MONTHS, ("Jänner", "Feber", "Mrz"), ("", "", "Maerz"))
    for number, word in enumerate(words, start=1)
    if word
} | {"mrz": 3, "sept": 9, "jänner": 1, "feber": 2}
_WORD = "(?P<word>" + "|".join(sorted(_MONTH_WORDS, key=len, reverse=True)) + r")\.?"
_D, _M, _Y, _YY = (
    r"(?P<d>0?[1-9]|[12]\d|3[01])",
    r"(?P<m>0?[1-9]|1[0-2])",
    r"(?P<y>[12]\d{3})",
    r"(?P<y>\d\d)",
)


def _form(pattern: str, regex: str, fmt: str, *, has_day: bool = True) -> DateForm:
    return DateForm(pattern, re.compile(f"^{regex}$", re.IGNORECASE), fmt, has_day)


DATE_FORMS: Final = (
    _form("JJJJ-MM-TT", rf"{_Y}-{_M}-{_D}", "%Y-%m-%d"),
    _form("TT.MM.JJJJ", rf"{_D}\.{_M}\.{_Y}", "%d.%m.%Y"),
    _form("TT.MM.JJ", rf"{_D}\.{_M}\.{_YY}", "%d.%m.%y"),
    _form("TT/MM/JJJJ", rf"{_D}/{_M}/{_Y}", "%d/%m/%Y"),
    _form("MM/TT/JJJJ", rf"{_M}/{_D}/{_Y}", "%m/%d/%Y"),
    _form("TT-MM-JJJJ", rf"{_D}-{_M}-{_Y}", "%d-%m-%Y"),
    _form("JJJJ/MM/TT", rf"{_Y}/{_M}/{_D}", "%Y/%m/%d"),
    _form("TT. Monat JJJJ", rf"{_D}\.?\s*{_WORD}\s*{_Y}", "%d.%m.%Y"),
    _form("Monat JJJJ", rf"{_WORD}\s*{_Y}", "%d.%m.%Y", has_day=False),
    _form("MM/JJJJ", rf"{_M}[/.]{_Y}", "%m/%Y", has_day=False),
    _form("JJJJ-MM", rf"{_Y}-{_M}", "%Y-%m", has_day=False),
    _form("JJJJMMTT", r"(?P<y>[12]\d{3})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])", "%Y%m%d"),
)
CLOCK = re.compile(
    r"^(?P<date>.+?)(?P<gap>\s*,?\s+|T)(?P<clock>[0-2]?\d:[0-5]\d(?::[0-5]\d(?:[.,]\d{1,6})?)?)(?:\s*Uhr)?(?P<zone>\s*(?:Z|[+-]\d\d:?(?:\d\d)?))?$"
)
WITH_CLOCK: Final = " hh:mm"
WITH_ZONE: Final = " ±hh:mm"
FORM_OF: Final = {form.pattern: form for form in DATE_FORMS}


def is_date_of(form: DateForm, text: str) -> bool:
    """Whether the text is a day of the calendar in that form."""
    found = form.regex.match(text)
    if found is None:
        return False
    parts = found.groupdict()
    word = parts.get("word")
    month = _MONTH_WORDS[word.lower()] if word else int(parts["m"])
    year = int(parts["y"])
    try:
        date(year + (2000 if year < 100 else 0), month, int(parts.get("d") or 1))
    except ValueError:
        return False
    return True


def month_words() -> tuple[tuple[str, int], ...]:
    """Names of months with their number, longest first, in lower case."""
    return tuple(sorted(_MONTH_WORDS.items(), key=lambda item: (-len(item[0]), item[0])))


_ANY_NUMBER = re.compile(
    r"^[+-]?(?:\d+|\d{1,3}(?:[.,' ’]\d{3})+)?(?:[.,]\d+)?(?:[eE][+-]?\d+)?(?:\s*[%‰€]|\s*EUR)?$"
)


def is_number_like(text: str) -> bool:
    """Whether the text is a number in some form."""
    return any(letter.isdigit() for letter in text) and bool(_ANY_NUMBER.match(plain_spaces(text)))


def is_year_like(text: str) -> bool:
    """Whether the text is a year of the last or the next hundred."""
    return len(text) == 4 and text.isdigit() and 1900 <= int(text) <= 2100


def is_date_like(text: str) -> bool:
    """Whether the text is a date or a time in some form; eight digits alone are a number."""
    if len(text) < 6 or len(text) > 40 or text.isdigit():
        return False
    found = CLOCK.match(text)
    day = found["date"] if found else text
    return any(is_date_of(form, day) for form in DATE_FORMS)


def plain_spaces(text: str) -> str:
    """No-break and narrow spaces as plain ones, and a minus sign as a hyphen."""
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2009", " ").replace("−", "-")
