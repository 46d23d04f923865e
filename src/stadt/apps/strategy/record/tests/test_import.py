"""V-03: edition 1.0 is the printed strategy, unchanged; the importer invents nothing."""

import csv

import pytest

from stadt.apps.strategy.document import of_content, printed_strategy
from stadt.apps.strategy.parsing import parse_funding, parse_period
from stadt.apps.strategy.record.content import Content, Measure, PrintedIndicator, decode, encode
from stadt.apps.strategy.record.models import Edition, ItemVersion
from stadt.apps.strategy.record.printed import printed_content
from stadt.apps.strategy.record.queries import current_edition, revision, strategy_at
from stadt.apps.strategy.record.services import import_printed
from stadt.core.city import current
from stadt.core.errors import Forbidden
from stadt.core.people.actor import Actor


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((current().folder / "strategy" / name).read_text("utf-8").splitlines()))


def listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def test_every_field_of_every_measure_is_the_table_s() -> None:
    content = printed_content()

    assert len(rows("measures.csv")) == len(content.measures)
    for row in rows("measures.csv"):
        measure = content.measures[f"M-{row['number']}"]
        field = content.fields[measure.field]
        assert measure == Measure(
            f"M-{row['number']}",
            row["title_de"],
            field=field.code,
            period=parse_period(row["period_text"]),
            funding=parse_funding(row["funding_text"]),
            sdgs=tuple(int(goal) for goal in listed(row["sdgs"])),
            dependencies=measure.dependencies,
            spatial=type(measure.spatial)(row["spatial_reference"]),
            indicators=measure.indicators,
            state_note=content.head.note,
            software=row["software_system"],
        )
        assert measure.indicator_codes == listed(row["kpis_related"])
        assert {(link.role, link.effect) for link in measure.indicators} <= {("further", "")}
        assert (field.title, content.themes[field.theme].title) == (row["handlungsfeld"], row["leitthema"])
        assert (measure.period.text, measure.funding.text) == (row["period_text"], row["funding_text"])
        assert all(money.amount is None for money in measure.funding.items)


def test_every_field_of_every_indicator_is_the_table_s() -> None:
    content, inactive = printed_content(), {i.code: i.repeats for i in printed_strategy().indicators.values()}

    assert [row["id"] for row in rows("kpis.csv")] == list(content.indicators)
    for row in rows("kpis.csv"):
        indicator = content.indicators[row["id"]]
        assert indicator == PrintedIndicator(
            row["id"],
            row["name_de"],
            field=indicator.field,
            unit=row["unit"],
            direction=row["direction"],
            kind=row["kind"],
            formula=row["formula"],
            standard=row["u4ssc_or_citykeys_code"],
            source=row["source"],
            is_active=not inactive[row["id"]],
            repeats=inactive[row["id"]],
        )
        field = content.fields[indicator.field]
        assert (field.title, content.themes[field.theme].title) == (row["handlungsfeld"], row["leitthema"])


def test_the_pages_read_from_the_record_what_they_read_from_the_files() -> None:
    assert of_content(printed_content()) == printed_strategy()
    assert of_content(Content()) == type(printed_strategy())()


@pytest.mark.django_db
def test_without_an_import_the_strategy_is_what_the_files_say() -> None:
    assert revision() == 0
    assert strategy_at() is printed_content()


@pytest.mark.usefixtures("imported")
def test_the_import_records_every_item_once_and_unchanged() -> None:
    assert strategy_at() == strategy_at(edition="1.0") == printed_content()
    assert ItemVersion.objects.count() == len(printed_content())
    assert {decode(row.body).code for row in ItemVersion.objects.all()} == set(printed_content().items)
    assert all(encode(decode(row.body)).decode() == row.body for row in ItemVersion.objects.all())


@pytest.mark.usefixtures("imported")
def test_edition_1_0_is_in_force_with_the_reference_the_city_gives_and_no_other() -> None:
    edition = current_edition()

    assert edition is not None
    assert (edition.name, edition.state) == ("1.0", "adopted")
    assert (edition.council_paper, edition.council_date, edition.council_link) == ("", None, "")
    assert edition.valid_on.isoformat() == f"{printed_content().head.as_of}-01-01"


@pytest.mark.usefixtures("imported")
def test_importing_again_changes_nothing() -> None:
    before = revision()

    assert import_printed(Actor.system("command:migrate")) is False
    assert (revision(), Edition.objects.count()) == (before, 1)


def test_nobody_but_the_platform_imports(person) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Forbidden):
        import_printed(person("*"))
