"""The files of the demo's office, as offices send them: cp1252 with semicolons, title rows, years as columns. All invented."""

import json
import random
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from xml.sax.saxutils import escape

from stadt.core.city import current
from stadt.hub.ingest.demo import spots
from stadt.hub.places.models import PlaceKind
from stadt.hub.places.queries import list_areas

Cell = str | int | float

TREES = (("Winterlinde", 5), ("Spitzahorn", 4), ("Platane", 3), ("Rosskastanie", 3), ("Hainbuche", 2))
LIBRARIES = ("Stadtbibliothek", "Kinderbibliothek", "Fahrbibliothek")
POOLS = ("Hallenbad", "Freibad", "Lehrschwimmbecken")


@dataclass(frozen=True, slots=True)
class DemoFile:
    """A file as it is delivered."""

    name: str
    content: bytes


def quarters() -> list[str]:
    """Names of the city's quarters; three made-up ones where it has none."""
    found = [area.name for area in list_areas(PlaceKind.QUARTER)] or [
        area.name for area in list_areas(PlaceKind.DISTRICT)
    ]
    return found or ["Nord", "Mitte", "Süd"]


def residents(last_year: int) -> DemoFile:
    """A workbook with two title rows, a column for each of six years, a row of totals and a note."""
    years = range(last_year - 5, last_year + 1)
    found = {name: _residents_of(name, years) for name in quarters()}
    counted: list[list[Cell]] = [[name, *counts] for name, counts in found.items()]
    totals = [sum(year) for year in zip(*found.values(), strict=True)]
    table: list[Sequence[Cell]] = [
        [f"Einwohnerzahlen {current().name} nach Stadtteilen (simulierte Werte)"],
        ["Stichtag jeweils 31.12."],
        [],
        ["Stadtteil", *(str(year) for year in years)],
        *counted,
        ["Insgesamt", *totals],
        [],
        ["Quelle: Demo der Plattform; alle Zahlen sind erfunden."],
    ]
    return DemoFile(f"Einwohner_{last_year}.xlsx", workbook("Einwohner", table))


def _residents_of(name: str, years: range) -> list[int]:
    """The same for a year whichever file it stands in."""
    chance = random.Random(f"residents of {name}")
    count = chance.randrange(3000, 24000)
    found = {}
    for year in range(2010, years.stop):
        found[year] = count
        count += chance.randrange(-120, 160)
    return [found[year] for year in years]


def loans(months: int) -> DemoFile:
    """Monthly loans in cp1252 with semicolons, thousands dots and decimal commas."""
    chance = random.Random("loans")
    lines = ["Monat;Bibliothek;Ausleihen;Anteil digital in %"]
    for number in range(months):
        month = date(2025 + number // 12, number % 12 + 1, 1)
        for name in LIBRARIES:
            count, share = chance.randrange(900, 21000), chance.uniform(8, 31)
            lines.append(f"{month:%d.%m.%Y};{name};{_thousands(count)};{_comma(share)}")
    return _csv(f"Ausleihen_Stand_{months:02d}.csv", lines)


def trees(count: int = 400) -> DemoFile:
    """Trees as GeoJSON in WGS 84."""
    chance = random.Random("trees")
    names, weights = [name for name, _ in TREES], [weight for _, weight in TREES]
    features = []
    for number, spot in enumerate(spots(count, "demo-trees"), start=1):
        planted = chance.randrange(1950, 2024)
        features.append(
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [spot.lon, spot.lat]},
                "properties": {
                    "baumnummer": f"B-{number:05d}",
                    "art": chance.choices(names, weights)[0],
                    "pflanzjahr": planted,
                    "hoehe_m": round(3 + (2026 - planted) * 0.22 + chance.uniform(-1, 1), 1),
                    "stadtteil": spot.quarter,
                },
            }
        )
    content = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    return DemoFile("baumkataster.geojson", content.encode())


def visitors(*, with_prices: bool) -> DemoFile:
    """Visitors of pools by week; a later file has a column more."""
    chance = random.Random("visitors")
    lines = ["Woche ab;Bad;Gäste" + (";Eintritt in €" if with_prices else "")]
    for week in range(1, 27 if with_prices else 14):
        for name in POOLS:
            price = f";{_comma(chance.choice((2.5, 4.0, 5.5)))}" if with_prices else ""
            monday = date.fromisocalendar(2026, week, 1)
            lines.append(f"{monday:%d.%m.%Y};{name};{_thousands(chance.randrange(300, 6400))}{price}")
    return _csv("Badegaeste.csv", lines)


def consumption() -> DemoFile:
    """Heat that public buildings used, a row for each building and year."""
    chance = random.Random("consumption")
    lines = ["Gebäude;Jahr;Wärmeverbrauch in kWh;Fläche in m²"]
    for number, name in enumerate(quarters()[:8], start=1):
        area = chance.randrange(800, 9000)
        size = _thousands(area + number)
        lines += [
            f"Schule {name};{year};{_comma(area * chance.uniform(70, 140), grouped=True)};{size}"
            for year in range(2021, 2026)
        ]
    return _csv("Waermeverbrauch_Schulen.csv", lines)


def stations() -> DemoFile:
    """Polling stations with how many people may vote there."""
    chance = random.Random("stations")
    lines = ["Nr.;Wahllokal;Stadtteil;Wahlberechtigte"]
    for number, name in enumerate(quarters(), start=1):
        lines.append(f"{number:03d};Schule {name};{name};{_thousands(chance.randrange(600, 2400))}")
    return _csv("Wahllokale.csv", lines)


def mileage() -> DemoFile:
    """What the city's own cars drove, by month."""
    chance = random.Random("mileage")
    lines = ["Monat;Fahrzeugklasse;Fahrleistung in km;Verbrauch in l"]
    for month in range(1, 11):
        for name, least in (("Pkw", 900), ("Transporter", 1400), ("Lkw", 2200)):
            driven = least + chance.uniform(0, 900)
            lines.append(f"{month:02d}/2026;{name};{_comma(driven, grouped=True)};{_comma(driven * 0.08)}")
    return _csv("Fahrleistung.csv", lines)


def stalls() -> DemoFile:
    """Stalls of a weekly market; its card is not filled in yet."""
    chance = random.Random("stalls")
    lines = ["Markt;Wochentag;Stände;Länge in m"]
    for name in quarters()[:6]:
        day = chance.choice(("Dienstag", "Mittwoch", "Freitag", "Samstag"))
        lines.append(f"Wochenmarkt {name};{day};{chance.randrange(6, 40)};{_comma(chance.uniform(30, 210))}")
    return _csv("Wochenmaerkte.csv", lines)


def _csv(name: str, lines: Sequence[str]) -> DemoFile:
    return DemoFile(name, "\r\n".join([*lines, ""]).encode("cp1252"))


def _comma(value: float, *, grouped: bool = False) -> str:
    text = f"{value:,.1f}" if grouped else f"{value:.1f}"
    return text.translate(str.maketrans(",.", ".,"))


def _thousands(value: int) -> str:
    return f"{value:,}".replace(",", ".")


_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
    'Target="{target}"/></Relationships>'
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(sheet: str, rows: Sequence[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet (ECMA-376), written by hand: what a library writes has no title rows."""
    lines = "".join(
        f'<row r="{number}">{"".join(_cell(cell, number, at) for at, cell in enumerate(row))}</row>'
        for number, row in enumerate(rows, start=1)
    )
    book = (
        f'<?xml version="1.0"?><workbook xmlns="{_MAIN}" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
        f'<sheet name="{escape(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS.format(kind="officeDocument", target="xl/workbook.xml"),
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": _RELATIONS.format(kind="worksheet", target="worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": (
            f'<?xml version="1.0"?><worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>'
        ),
    }
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return target.getvalue()


def _cell(value: Cell, row: int, at: int) -> str:
    place = f"{chr(ord('A') + at)}{row}"
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{place}"><v>{value}</v></c>'
