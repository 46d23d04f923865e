"""Every printed spelling of a funding text, read by hand first (notes §2.3; feature row 18)."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from stadt.apps.strategy.parsing import parse_funding
from stadt.apps.strategy.parsing.names import read_names
from stadt.apps.strategy.record.content import Funding, FundingItem

FOLDER = Path(__file__).resolve().parents[1] / "strategy"
NAMES = read_names(FOLDER / "funding.toml")
OPEN = FundingItem("", state="open")
OWN = FundingItem("Eigenmittel", "own")
GRANT = FundingItem("Fördermittel", "other")
PARTNER = FundingItem("Partner", "other")
FUTURE_CITY = FundingItem("BMBF", "federal", "Zukunftsstadt 2030+")
TRANSPORT = FundingItem("BMVI", "federal")
TRAM = FundingItem("BOGESTRA", "company")

READ_BY_HAND: dict[str, tuple[FundingItem, ...]] = {
    "offen": (OPEN,),
    "Eigenmittel": (OWN,),
    "Eigenmittel, offen": (OWN, OPEN),
    "Eigenmittel, BOGESTRA": (OWN, TRAM),
    "Eigenmittel, Fördermittel": (OWN, GRANT),
    "Eigenmittel, Förderung": (OWN, GRANT),
    "Eigenmittel, Partner": (OWN, PARTNER),
    "GELSEN-NET, Eigenmittel, offen": (FundingItem("GELSEN-NET", "company"), OWN, OPEN),
    "GELSEN-DIENSTE": (FundingItem("GELSEN-DIENSTE", "company"),),
    "GGW mbH": (FundingItem("GGW mbH", "company"),),
    "BMBF": (FundingItem("BMBF", "federal"),),
    "BMVI": (TRANSPORT,),
    "BMVi": (TRANSPORT,),
    "BMVi, offen": (TRANSPORT, OPEN),
    "BMVI 5x5G": (FundingItem("BMVI", "federal", "5x5G"),),
    "Zukunftsstadt 2030+ BMBF": (FUTURE_CITY,),
    "Zukunftstadt 2030+ BMBF": (FUTURE_CITY,),
    "DigitalPakt Schule": (FundingItem("", "federal", "DigitalPakt Schule"),),
    "Gute-Schule 2020": (FundingItem("", "state", "Gute-Schule 2020"),),
    "Förderung DMR NRW": (FundingItem("", "state", "DMR NRW"),),
    # the document does not say whose money Umbau 21 is
    "Förderung Umbau 21": (FundingItem("", "", "Umbau 21"),),
    "Förderung Umbau-21": (FundingItem("", "", "Umbau 21"),),
    "Förderung Land NRW": (FundingItem("Land NRW", "state"),),
    "MWIDE NRW": (FundingItem("MWIDE NRW", "state"),),
    "Land NRW und EU, offen": (FundingItem("Land NRW", "state"), FundingItem("EU", "eu"), OPEN),
    "Bundesanstalt für Straßenwesen (geplant)": (
        FundingItem("Bundesanstalt für Straßenwesen", "federal", state="planned"),
    ),
    "Pilotfinanzierung durch Eigenmittel, Rollout: offen": (
        FundingItem("Eigenmittel", "own", phase="Pilot"),
        FundingItem("", phase="Rollout", state="open"),
    ),
    "Spenden/Sponsoring, Personalgestellung, Land NRW (zdi)": (
        FundingItem("Spenden/Sponsoring", "sponsor"),
        FundingItem("Personalgestellung", "secondment"),
        FundingItem("Land NRW", "state", "zdi"),
    ),
}


@pytest.mark.parametrize(("text", "items"), READ_BY_HAND.items(), ids=READ_BY_HAND)
def test_a_printed_funding_is_read_as_a_person_reads_it(text: str, items: tuple[FundingItem, ...]) -> None:
    assert parse_funding(text, NAMES) == Funding(text, items)


def test_all_28_printed_spellings_are_read_by_hand() -> None:
    assert len(printed_texts()) == 28
    assert set(READ_BY_HAND) == set(printed_texts())


def test_44_measures_have_an_open_item_and_34_of_them_nothing_else() -> None:
    read = {text: parse_funding(text, NAMES) for text in printed_texts()}
    is_open = {text: any(item.state == "open" for item in one.items) for text, one in read.items()}

    assert sum(count for text, count in printed_texts().items() if is_open[text]) == 44
    assert sum(count for text, count in printed_texts().items() if read[text].items == (OPEN,)) == 34


def test_spelling_twins_are_one_source_and_keep_their_text() -> None:
    twins = [parse_funding(text, NAMES) for text in ("Zukunftsstadt 2030+ BMBF", "Zukunftstadt 2030+ BMBF")]

    assert twins[0].items == twins[1].items
    assert twins[0].text != twins[1].text


def test_no_amount_is_ever_read_from_a_text() -> None:
    assert all(item.amount is None for text in printed_texts() for item in parse_funding(text, NAMES).items)


def printed_texts() -> Counter[str]:
    with (FOLDER / "measures.csv").open(encoding="utf-8") as lines:
        return Counter(row["funding_text"] for row in csv.DictReader(lines))
