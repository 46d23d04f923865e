"""Headings: names for files, titles for people, and units as UCUM codes."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

RESERVED: Final = frozenset({"bbox", "lon", "lat", "data", "filter", "limit", "offset", "sort"})
_LETTERS: Final = str.maketrans({
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "è": "e", "ê": "e", "à": "a", "á": "a", "ç": "c", "ñ": "n", "ø": "o", "å": "a",
    "µ": "u", "²": "2", "³": "3", "%": " prozent ", "€": " euro ", "&": " und ", "§": " paragraf ", "°": " grad ",
})  # fmt: skip

# Written form (lower case, without blanks) -> UCUM. Money has no code there: an annotation keeps it (UCUM §12).
UNITS: Final = {
    "%": "%", "prozent": "%", "v.h.": "%", "‰": "[ppth]", "€": "{EUR}", "eur": "{EUR}", "euro": "{EUR}", "ineuro": "{EUR}",
    "teur": "10*3.{EUR}", "t€": "10*3.{EUR}", "mio.€": "10*6.{EUR}", "mio€": "10*6.{EUR}", "mio.eur": "10*6.{EUR}",
    "t": "t", "tonnen": "t", "to": "t", "kg": "kg", "g": "g", "mg": "mg", "µg": "ug",
    "km": "km", "m": "m", "cm": "cm", "mm": "mm", "meter": "m", "kilometer": "km", "m²": "m2", "m2": "m2", "qm": "m2",
    "quadratmeter": "m2", "km²": "km2", "km2": "km2", "qkm": "km2", "ha": "har", "hektar": "har", "m³": "m3", "m3": "m3", "cbm": "m3", "l": "L", "liter": "L",
    "µg/m³": "ug/m3", "µg/m3": "ug/m3", "ug/m3": "ug/m3", "μg/m³": "ug/m3", "μg/m3": "ug/m3", "mg/m³": "mg/m3", "mg/m3": "mg/m3",
    "ng/m³": "ng/m3", "mg/l": "mg/L", "µg/l": "ug/L", "°c": "Cel", "gradcelsius": "Cel", "grad": "deg", "°": "deg", "k": "K",
    "kwh": "kW.h", "mwh": "MW.h", "gwh": "GW.h", "wh": "W.h", "kw": "kW", "mw": "MW", "w": "W", "kwp": "kW{peak}", "w/m²": "W/m2",
    "h": "h", "std": "h", "std.": "h", "stunden": "h", "min": "min", "min.": "min", "minuten": "min", "s": "s", "sek": "s", "sekunden": "s",
    "tage": "d", "d": "d", "jahre": "a", "monate": "mo", "wochen": "wk", "db": "dB", "db(a)": "dB[SPL]", "hpa": "hPa", "bar": "bar", "pa": "Pa",
    "km/h": "km/h", "m/s": "m/s", "l/s": "L/s", "m³/s": "m3/s", "m³/h": "m3/h", "l/m²": "L/m2", "ppm": "[ppm]", "ppb": "[ppb]",
    "v": "V", "mv": "mV", "a": "A", "hz": "Hz", "lx": "lx", "lux": "lx", "µs/cm": "uS/cm", "co2/kwh": "", "kg/m²": "kg/m2", "kg/ew": "kg/{EW}",
    "kg/einwohner": "kg/{EW}", "einwohner": "{EW}", "anzahl": "{count}", "stück": "{count}", "stk": "{count}", "personen": "{count}", "fälle": "{count}",
    "promille": "[ppth]", "ph": "[pH]", "ntu": "[NTU]", "einwohner/km²": "{EW}/km2", "ew/km²": "{EW}/km2",
}  # fmt: skip
UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of writing and so show another text."""
_IN_BRACKETS = re.compile(
    r"^(?P<title>.*?\S)\s*[\[(]\s*(?:in\s+)?(?P<unit>[^\[\]()]{1,24}(?:\([A-Za-z]\))?)\s*[\])]\s*$"
)
_BEHIND_IN = re.compile(r"^(?P<title>.*?\S)[,;]?\s+in\s+(?P<unit>\S{1,12}(?:\s€|\sEuro|\sEUR)?)\s*$")
_BEHIND_SLASH = re.compile(r"^(?P<title>.*\S)\s*/\s*(?P<unit>[%‰€°µ]\S*|kWh|MWh|km²|m²|ha)\s*$")


def visible(heading: str) -> str:
    """The heading as a title for people, without characters that nobody sees."""
    return UNSEEN.sub("", " ".join(heading.split())).strip()


def unit_of(heading: str) -> tuple[str, str, str]:
    """Title without the unit, UCUM code, and what was written in brackets and is not known (empty: nothing)."""
    for rule in (_IN_BRACKETS, _BEHIND_IN, _BEHIND_SLASH):
        found = rule.match(heading)
        if found is None:
            continue
        code = ucum(found["unit"])
        if code:
            return found["title"].rstrip(" ,;:"), code, ""
        if rule is _IN_BRACKETS and heading.rstrip().endswith("]"):
            return heading, "", found["unit"]
    if heading.strip() in {"%", "€"}:
        return heading, UNITS[heading.strip()], ""
    return heading, "", ""


def ucum(written: str) -> str:
    """The UCUM code of a unit as people write it; empty when it is not known."""
    plain = "".join(written.split()).lower()
    exact = {"MW": "MW", "mW": "mW", "Mg": "Mg", "mg": "mg", "MV": "MV"}.get(written.strip())
    return exact or UNITS.get(plain, "")


def name_of(title: str, number: int) -> str:
    """A permanent name: small letters, digits and underscores, beginning with a letter, at most 60 characters."""
    plain = re.sub(r"[^a-z0-9]+", "_", title.lower().translate(_LETTERS)).strip("_")
    if not plain:
        return f"spalte_{number}"
    if not plain[0].isalpha():
        plain = f"s_{plain}"
    plain = plain[:60].rstrip("_")
    return (
        f"{plain}_1"
        if plain in RESERVED and plain not in {"lon", "lat"}
        else {"lon": "laenge", "lat": "breite"}.get(plain, plain)
    )


def distinct(names: Iterable[str]) -> list[str]:
    """The names with a number behind those that came before."""
    seen: set[str] = set()
    result = []
    for name in names:
        fresh, number = name, 2
        while fresh in seen:
            fresh = f"{name[:56]}_{number}"
            number += 1
        seen.add(fresh)
        result.append(fresh)
    return result


def repeated(headings: Sequence[str]) -> list[str]:
    """Headings that stand over more than one column."""
    return sorted({heading for heading in headings if heading and headings.count(heading) > 1})


YEAR_IN_HEADING = re.compile(r"^(?P<before>\D*?)(?P<year>(?:19|20)\d\d)(?P<after>\D*)$")


def years_of(headings: Sequence[str]) -> dict[int, tuple[int, str]]:
    """Columns whose heading names one year: number of the column -> (year, the words around it)."""
    found = {}
    for at, heading in enumerate(headings):
        match = YEAR_IN_HEADING.match(heading.strip())
        if match:
            found[at] = (int(match["year"]), f"{match['before'].strip()} {match['after'].strip()}".strip())
    return found
