"""A strategy that contradicts itself is refused with a sentence."""

from pathlib import Path

import pytest

from stadt.apps.strategy.document import Strategy, StrategyError, number_order, read_strategy

HEAD = 'title = "Plan"\nas_of = "2024"\n'
MEASURES = "number,title_de,leitthema,handlungsfeld,period_text,funding_text,sdgs,spatial_reference,software_system,kpis_related\n"
INDICATORS = "id,leitthema,handlungsfeld,name_de,unit,direction,kind,formula,u4ssc_or_citykeys_code,source\n"
MEASURE = "1.1.1,Tun,Thema,Feld,offen,offen,11,,,K1.1-01\n"
INDICATOR = "K1.1-01,Thema,Feld,Zahl,%,neutral,share,a/b,none,platform\n"


def write(folder: Path, *, measures: str = MEASURE, indicators: str = INDICATOR, head: str = HEAD) -> Path:
    (folder / "strategy.toml").write_text(head, encoding="utf-8")
    (folder / "measures.csv").write_text(MEASURES + measures, encoding="utf-8")
    (folder / "kpis.csv").write_text(INDICATORS + indicators, encoding="utf-8")
    return folder


def test_a_sound_strategy_is_read(tmp_path: Path) -> None:
    document = read_strategy(write(tmp_path))

    assert (document.title, document.as_of) == ("Plan", "2024")
    assert [theme.slug for theme in document.themes] == ["thema"]
    assert document.fields[0].code == "HF-1.1"
    assert [measure.title for measure in document.fields[0].measures] == ["Tun"]


def test_a_city_without_strategy_has_an_empty_one(tmp_path: Path) -> None:
    assert read_strategy(tmp_path / "nothing") == Strategy()


def test_numbers_sort_by_value_and_letters_come_after() -> None:
    assert sorted(["1.10.1", "1.2.10", "1.2.2", "4.3.4a", "4.3.4"], key=number_order) == [
        "1.2.2",
        "1.2.10",
        "1.10.1",
        "4.3.4",
        "4.3.4a",
    ]


@pytest.mark.parametrize(
    ("measures", "indicators", "sentence"),
    [
        (MEASURE + MEASURE, INDICATOR, "kommt 2-mal vor"),
        (MEASURE, INDICATOR + INDICATOR, "kommt 2-mal vor"),
        (MEASURE.replace("K1.1-01", "K9.9-99"), INDICATOR, "nicht in kpis.csv"),
        (MEASURE.replace(",11,", ",18,"), INDICATOR, "das SDG 18"),
        (MEASURE.replace(",11,", ",elf,"), INDICATOR, "keine SDG-Nummern"),
        (MEASURE.replace("1.1.1,", "1.1,"), INDICATOR, "keine Nummer"),
        (MEASURE.replace("Feld", "Anderes"), INDICATOR, "gehört der Nummer nach"),
        (MEASURE, INDICATOR.replace("neutral", "sideways"), "unbekannte Richtung"),
        (MEASURE, INDICATOR.replace("share", "slice"), "unbekannte Art"),
        (MEASURE, INDICATOR.replace("K1.1-01", "1.1-01"), "kein Code"),
        (MEASURE + "2.1.1,Tun,Thema,Anderes Feld,,,11,,,\n", INDICATOR, "unter zwei Nummern"),
        ("1.1.1,zu wenig\n", INDICATOR, "Zeile 2"),
        (MEASURE.replace("\n", ",zu viel\n"), INDICATOR, "Zeile 2"),
    ],
)
def test_contradictions_are_named(tmp_path: Path, measures: str, indicators: str, sentence: str) -> None:
    with pytest.raises(StrategyError, match=sentence):
        read_strategy(write(tmp_path, measures=measures, indicators=indicators))


@pytest.mark.parametrize(
    ("head", "sentence"),
    [
        ("title =", "nicht lesbar"),
        (HEAD + 'inactive = "x"\n', "inactive muss eine Tabelle sein"),
        (HEAD + '[inactive]\n"K1.1-01" = "K9.9-99"\n', "wiederholen"),
    ],
)
def test_a_wrong_head_is_named(tmp_path: Path, head: str, sentence: str) -> None:
    with pytest.raises(StrategyError, match=sentence):
        read_strategy(write(tmp_path, head=head))


def test_other_columns_and_missing_files_are_refused(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "kpis.csv").write_text("id,name\n", encoding="utf-8")
    with pytest.raises(StrategyError, match="Die Spalten müssen"):
        read_strategy(folder)

    (folder / "measures.csv").unlink()
    with pytest.raises(StrategyError, match=r"measures\.csv fehlt"):
        read_strategy(folder)


def test_a_file_that_is_no_utf8_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "kpis.csv").write_bytes(
        INDICATORS.encode() + INDICATOR.replace("Zahl", "Größe").encode("latin-1")
    )

    with pytest.raises(StrategyError, match=r"kpis\.csv"):
        read_strategy(folder)
