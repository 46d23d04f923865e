"""Files that mean harm or are no tables, with the sentence that refuses each."""

from dataclasses import dataclass

from stadt.hub.intake.tests.test_hostile import CSV, LAUGHS, OLE, packed
from stadt.hub.intake.tests.workbooks import xlsx

ELSEWHERE = b"""<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"""
PROGRAM = (
    b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0" + b"\0" * 44 + b"\x80\0\0\0" + b"\0" * 64 + b"PE\0\0d\x86"
)
MIXED = "Ort;Zahl\nBüer;1\n".encode() + "Straße;2\nBüer;3\n".encode("cp1252")
WIDE = ";".join(f"s{number}" for number in range(10_000)) + "\n" + ";".join(["1"] * 10_000) + "\n"
BOW_TIE = (
    b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"Park"},"geometry":'
    b'{"type":"Polygon","coordinates":[[[7.0,51.5],[7.1,51.6],[7.1,51.5],[7.0,51.6],[7.0,51.5]]]}}]}'
)
TABLE = b"Stadtteil;Haushalte\nAltstadt;4210\nHorst;6550\n"


@dataclass(frozen=True)
class Hostile:
    """A file as it is sent, and what whoever sent it reads."""

    filename: str
    content: bytes
    sentence: str


REFUSED = {
    "zip bomb": Hostile("daten.zip", packed(("a.csv", b"0" * 21_000_000)), "ungewöhnlich stark gepackt"),
    "billion laughs": Hostile("m.xlsx", xlsx([["a"], ["b"]], before=LAUGHS), "XML-Definitionen"),
    "way out": Hostile("d.zip", packed(("../../../etc/cron.d/x.csv", CSV)), "mit einem Pfad, der nicht erlaubt ist"),
    "link": Hostile("d.zip", packed(("a.csv", CSV), link="b.csv"), "mit einem Pfad, der nicht erlaubt ist"),
    "virtual file": Hostile("karte.vrt", ELSEWHERE, "Das ist eine XML-Datei."),
    "virtual file packed": Hostile("d.zip", packed(("karte.vrt", ELSEWHERE)), "keine Datei, die sich lesen lässt"),
    "virtual file packed as another": Hostile("d.zip", packed(("karte.geojson", ELSEWHERE)), "Das ist eine XML-Datei."),
    "10,000 columns": Hostile("breit.csv", WIDE.encode(), "hat 10000 Spalten; höchstens 1000"),
    "two encodings": Hostile("gemischt.csv", MIXED, "Zeile 2 ist UTF-8, Zeile 3 nicht"),
    "nul bytes": Hostile("null.csv", b"a;b\n1;2\n3;\x004\n", "Zeile 3 enthält Null-Bytes"),
    "password": Hostile("geheim.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "mit einem Kennwort geschützt"),
    "pdf": Hostile("bericht.csv", b"%PDF-1.7", "Das ist eine PDF-Datei."),
    "picture": Hostile("plan.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "Das ist ein Bild."),
    "program": Hostile("werte.csv", PROGRAM, "Das ist ein Programm, keine Tabelle."),
    "web page": Hostile("export.csv", b"\r\n<!DOCTYPE html>\r\n<html><body>Anmelden</body></html>", "Das ist eine Webseite"),
}  # fmt: skip
