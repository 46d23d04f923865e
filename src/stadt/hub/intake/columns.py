"""What a column holds, told from its values and its heading, and how certain that is."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from stadt.hub.datasets.declaration import ColumnType
from stadt.hub.intake.headings import ucum
from stadt.hub.intake.reading import Role
from stadt.hub.intake.remarks import Remark, remark
from stadt.hub.intake.values import (
    CLOCK,
    DATE_FORMS,
    FORMS,
    MISSING,
    MISSING_AMONG_NUMBERS,
    TRUTHS,
    WITH_CLOCK,
    WITH_ZONE,
    DateForm,
    NumberForm,
    is_date_of,
    is_year_like,
    plain_spaces,
)

NEARLY = 0.8
ENOUGH = 0.95
FEW = 20
_DIGITS = re.compile(r"^\d+$")
_LEADING_ZERO = re.compile(r"^0\d+$")
_ID_HEADING = re.compile(
    r"(?<![a-z])(id|kennung|schl(ü|ue)ssel|kennziffer|code|nr|nummer|aktenzeichen|az|plz|postleitzahl|ags|ars|telefon|fax)(?![a-z])|schl(ü|ue)ssel$",
    re.IGNORECASE,
)
_DATE_HEADING = re.compile(
    r"dat(um|e)|tag(?![a-z])|stand(?![a-z])|zeit|beginn|ende|von|bis|start|end", re.IGNORECASE
)
_YEAR_HEADING = re.compile(r"jahr|year", re.IGNORECASE)
_AGS_HEADING = re.compile(r"(?<![a-z])(ags|gemeindeschl|gemeindekenn|kreisschl)", re.IGNORECASE)
_POSTCODE_HEADING = re.compile(r"(?<![a-z])(plz|postleitzahl)", re.IGNORECASE)
_WKT = re.compile(
    r"^\s*(SRID=\d+;)?\s*(MULTI)?(POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION)\s*(Z|M|ZM)?\s*(\(|EMPTY)",
    re.IGNORECASE,
)
_GEOJSON = re.compile(r'^\s*\{\s*"(type|coordinates)"\s*:')
_SUFFIX = re.compile(r"^([+-]?[\d.,'’ ]*\d)\s*([^\d\s.,'’][^\d\s]{0,11})$")


@dataclass(frozen=True, slots=True)
class Values:
    """The values of a column: how often each occurs, blanks cut off, missing ones left out, and how many were missing."""

    counts: Mapping[str, int]
    missing: int
    missing_words: frozenset[str]

    @property
    def total(self) -> int:
        """Number of values that are there."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Understanding:
    """Type, form, unit and role of a column, and what is doubtful."""

    type: ColumnType = ColumnType.TEXT
    pattern: str = ""
    unit: str = ""
    role: Role = Role.NONE
    certainty: float = 1.0
    remark: Remark | None = None
    is_open: bool = False  # thousands or decimal: other columns may tell


def values_of(cells: Sequence[str], extra: frozenset[str] = frozenset()) -> Values:
    """Count a column's cells; words for missing values count as such where the rest are numbers or dates too."""
    counts = Counter(plain_spaces(cell) for cell in cells)
    missing = counts.pop("", 0)
    words = {word for word in counts if word in MISSING or word in extra}
    rest = sum(
        count for word, count in counts.items() if word not in MISSING_AMONG_NUMBERS and word not in words
    )
    typed = sum(
        count
        for word, count in counts.items()
        if word not in MISSING_AMONG_NUMBERS and any(map(str.isdigit, word[:3]))
    )
    if rest and typed >= rest * 0.9:
        words |= {word for word in counts if word in MISSING_AMONG_NUMBERS}
    missing += sum(counts.pop(word) for word in words)
    return Values(counts, missing, frozenset(words))


def understand(values: Values, heading: str, decimal: str = "", *, is_sure: bool = False) -> Understanding:
    """The type of a column.

    Args:
        values: its values.
        heading: as found.
        decimal: the sign that the file's other numbers have before their fraction, where it is known.
        is_sure: whether that sign leaves no doubt, as in a workbook.
    """
    if not values.total:
        return Understanding(certainty=0.5, remark=remark("no_values"))
    for told in (_truth(values), _geometry(values), _key(values, heading), _moment(values, heading)):
        if told is not None:
            return told
    return _number(values, heading, decimal, is_sure=is_sure)


def _share(values: Values, fits: re.Pattern[str]) -> float:
    return sum(count for text, count in values.counts.items() if fits.match(text)) / values.total


def _truth(values: Values) -> Understanding | None:
    words = {text.lower() for text in values.counts}
    for name, (yes, no) in TRUTHS.items():
        # One word alone is a label as well (`N` for Naturschutzgebiet); nobody labels with WAHR.
        if words <= yes | no and (len(words) > 1 or name in {"wahr/falsch", "true/false"}):
            return Understanding(ColumnType.BOOLEAN, name)
    return None


def _geometry(values: Values) -> Understanding | None:
    if _share(values, _WKT) >= ENOUGH:
        return Understanding(ColumnType.GEOMETRY, "WKT")
    if _share(values, _GEOJSON) >= ENOUGH and '"coordinates"' in next(iter(values.counts)):
        return Understanding(ColumnType.GEOMETRY, "GeoJSON")
    return None


def _key(values: Values, heading: str) -> Understanding | None:
    """Digits that are names and not amounts: leading zeros, postcodes, municipality keys."""
    digits = _share(values, _DIGITS)
    lengths = {len(text) for text in values.counts}
    if digits == 1 and _AGS_HEADING.search(heading) and lengths <= {7, 8}:
        if 7 in lengths:
            return Understanding(
                pattern="00000000", role=Role.AGS, certainty=0.9, remark=remark("zeros_lost")
            )
        return Understanding(role=Role.AGS)
    if digits == 1 and _POSTCODE_HEADING.search(heading) and lengths == {5}:
        return Understanding(role=Role.POSTCODE)
    zeros = next((text for text in values.counts if _LEADING_ZERO.match(text)), "")
    if zeros and digits >= ENOUGH:
        if _is_compact_date(values, heading):
            return None
        role = (
            Role.AGS
            if lengths == {8} and digits == 1 and all(text[:2] <= "16" for text in values.counts)
            else Role.ID
        )
        return Understanding(role=role, certainty=0.97, remark=remark("leading_zeros", example=zeros))
    if digits == 1 and max(lengths) > 18:
        return Understanding(role=Role.ID, certainty=0.95)
    return None


def _is_compact_date(values: Values, heading: str) -> bool:
    form = next(form for form in DATE_FORMS if form.pattern == "JJJJMMTT")
    fits = sum(count for text, count in values.counts.items() if is_date_of(form, text))
    return fits >= ENOUGH * values.total and bool(_DATE_HEADING.search(heading))


def _moment(values: Values, heading: str) -> Understanding | None:
    """A date or a date with a time of day."""
    clocks = {text: CLOCK.match(text) for text in values.counts}
    timed = sum(values.counts[text] for text, found in clocks.items() if found)
    with_clock = timed >= values.total * 0.5
    days = Counter[str]()
    for text, count in values.counts.items():
        found = clocks[text]
        days[found["date"].rstrip(", ") if found else text] += count
    best: tuple[int, DateForm] | None = None
    for form in DATE_FORMS:
        if form.pattern == "JJJJMMTT" and not with_clock and not _is_compact_date(values, heading):
            continue
        fits = sum(count for text, count in days.items() if is_date_of(form, text))
        if fits and (best is None or fits > best[0]):
            best = (fits, form)
    if best is None:
        return None
    fits, form = best
    if not _accepts(fits, values.total):
        if fits < values.total * NEARLY:
            return None
        wrong = next(text for text in days if not is_date_of(form, text))
        note = remark("nearly", count=values.total - fits, of=values.total, kind="§kind_date", example=wrong)
        return Understanding(certainty=0.6, remark=note)
    return _as_moment(values, clocks, days, form, fits, with_clock=with_clock)


def _as_moment(
    values: Values,
    clocks: Mapping[str, re.Match[str] | None],
    days: Mapping[str, int],
    form: DateForm,
    fits: int,
    *,
    with_clock: bool,
) -> Understanding:
    pattern = form.pattern
    if with_clock:
        pattern += WITH_CLOCK + (
            WITH_ZONE if any(found and found["zone"] for found in clocks.values()) else ""
        )
    certainty, note = fits / values.total, None
    if form.pattern == "TT/MM/JJJJ":
        months_first = next(other for other in DATE_FORMS if other.pattern == "MM/TT/JJJJ")
        if all(is_date_of(months_first, text) for text in days):
            certainty, note = 0.7, remark("day_or_month_first", example=next(iter(days)))
    elif form.pattern == "TT.MM.JJ":
        certainty, note = 0.9, remark("two_digit_year")
    elif form.pattern == "JJJJMMTT":
        certainty, note = 0.9, remark("compact_date", example=next(iter(days)))
    if fits < values.total and note is None:
        wrong = next(text for text in days if not is_date_of(form, text))
        note = remark("not_all_fit", count=values.total - fits, of=values.total, example=wrong)
    kind = ColumnType.TIME if with_clock else ColumnType.DATE
    return Understanding(kind, pattern, role=Role.DATE, certainty=round(certainty, 2), remark=note)


def _accepts(fits: int, total: int) -> bool:
    return fits == total if total < FEW else fits >= ENOUGH * total


def _number(values: Values, heading: str, decimal: str, *, is_sure: bool) -> Understanding:
    suffix, counts = _without_suffix(values.counts)
    scored = []
    for place, form in enumerate(FORMS):
        fits = sum(count for text, count in counts.items() if form.regex.match(text))
        scored.append((fits, form.decimal == decimal, -place, form))
    fits, _, _, form = max(scored)
    total = values.total
    if not _accepts(fits, total):
        if fits >= NEARLY * total:
            wrong = next(text for text in counts if not form.regex.match(text))
            note = remark("nearly", count=total - fits, of=total, kind="§kind_number", example=wrong)
            return Understanding(certainty=0.6, remark=note)
        return Understanding()
    rivals = [other for count, _, _, other in scored if count == fits and other.decimal != form.decimal]
    told = _as_number(values, counts, form, suffix, heading)
    example = next((text for text in counts if "," in text or "." in text), "")
    if rivals and example and not is_sure:
        told = replace(told, is_open=not decimal)
        if "." in example and "," in example:
            pass
        else:
            note = remark(
                "thousands_or_decimal",
                example=example,
                first=_said(example, form),
                second=_said(example, rivals[0]),
            )
            told = replace(told, certainty=0.6 if not decimal else 0.8, remark=note)
    if fits < total and told.remark is None:
        wrong = next(text for text in counts if not form.regex.match(text))
        note = remark("not_all_fit", count=total - fits, of=total, example=wrong)
        told = replace(told, certainty=round(fits / total, 2), remark=note)
    return told


def _said(text: str, form: NumberForm) -> str:
    """A number as German readers write it, without doubt about what it means."""
    plain = text.replace(form.thousands, "") if form.thousands and form.thousands in text else text
    return plain.replace(form.decimal, ",")


def _as_number(
    values: Values, counts: Mapping[str, int], form: NumberForm, suffix: str, heading: str
) -> Understanding:
    has_fraction = any(
        form.decimal in text or "e" in text.lower() for text in counts if form.regex.match(text)
    )
    has_thousands = any(form.thousands in text for text in counts if form.regex.match(text))
    used = NumberForm(form.decimal if has_fraction else "", form.thousands if has_thousands else "", suffix)
    kind = ColumnType.NUMBER if has_fraction else ColumnType.INTEGER
    if kind is ColumnType.INTEGER and any(len(text) > 18 for text in counts):
        return Understanding(role=Role.ID, certainty=0.9)
    role, note = Role.NONE, None
    if kind is ColumnType.INTEGER and not suffix:
        if _YEAR_HEADING.search(heading) and all(is_year_like(text) for text in counts):
            role = Role.YEAR
        elif _ID_HEADING.search(heading):
            role = Role.ID
        lowest = min(
            counts,
            key=lambda text: float(text.replace(form.thousands, "") or 0) if form.regex.match(text) else 0.0,
        )
        if lowest in {"-999", "-9999", "-99"} and counts[lowest] < values.total:
            note = remark("sentinel", word=lowest)
    return Understanding(
        kind, used.pattern, unit=ucum(suffix), role=role, certainty=0.9 if note else 1.0, remark=note
    )


def _without_suffix(counts: Mapping[str, int]) -> tuple[str, Mapping[str, int]]:
    """A unit that stands behind nearly every number (`12,5 %`), and the numbers without it."""
    found = Counter[str]()
    for text, count in counts.items():
        match = _SUFFIX.match(text)
        if match and ucum(match[2]):
            found[match[2]] += count
    if not found:
        return "", counts
    [(suffix, count)] = found.most_common(1)
    if count < 0.5 * sum(counts.values()):
        return "", counts
    plain = Counter[str]()
    for text, count in counts.items():
        plain[text.removesuffix(suffix).rstrip()] += count
    return suffix, plain
