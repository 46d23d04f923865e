"""Files come back as change requests with exactly their differences, or as the first edition (V-05, V-06, V-09)."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from stadt.apps.strategy.exchange.document import Document, EditionRecord, VersionRecord, write_json
from stadt.apps.strategy.exchange.errors import BadFile
from stadt.apps.strategy.exchange.queries import FORMATS, document_of, file_of
from stadt.apps.strategy.exchange.reading import read_file
from stadt.apps.strategy.exchange.services import propose_file, take_first
from stadt.apps.strategy.parsing import parse_funding, parse_period
from stadt.apps.strategy.record.content import (
    ActionField,
    Content,
    Funding,
    FundingItem,
    Head,
    Item,
    Measure,
    Theme,
    Vision,
)
from stadt.apps.strategy.record.models import ChangeRequest, Edition, ItemVersion
from stadt.apps.strategy.record.queries import strategy_at
from stadt.apps.strategy.record.services import approve, submit
from stadt.core.errors import Conflict, Forbidden
from stadt.core.people.actor import Actor

Person = Callable[..., Actor]
OFFICER = ("strategy.exchange", "strategy.propose")
WITHOUT_HISTORY = ["xlsx", "csv.zip", "json"]


def edited(change: Callable[[Measure], Measure], suffix: str = "xlsx") -> Content:
    """The strategy as a file in which one measure, the first, was changed, read again."""
    document = document_of()
    code = next(iter(strategy_at().measures))
    items = tuple(
        change(item) if isinstance(item, Measure) and item.code == code else item for item in document.items
    )
    return read_file(FORMATS[suffix].write(replace(document, items=items))).content


def changes_of(request: ChangeRequest) -> dict[str, set[str]]:
    return {f"{one.kind} {one.code}": set(one.fields) for one in request.changes.all()}


@pytest.mark.usefixtures("imported")
class TestIntoAStrategy:
    @pytest.mark.parametrize("suffix", WITHOUT_HISTORY)
    def test_a_file_of_the_strategy_as_it_is_says_nothing_new(self, person: Person, suffix: str) -> None:
        content = read_file(file_of(suffix)).content

        assert content == strategy_at()
        with pytest.raises(Conflict):
            propose_file(person(*OFFICER), content, "Datei", "Nichts")

    @pytest.mark.parametrize("suffix", WITHOUT_HISTORY)
    def test_an_edited_file_becomes_a_request_with_exactly_the_differences(
        self, person: Person, suffix: str
    ) -> None:
        before = strategy_at()
        content = edited(lambda one: replace(one, title="Neuer Titel", sdgs=(9, 11)), suffix)
        code = next(iter(before.measures))

        request = propose_file(person(*OFFICER), content, "Aus Excel", "Titel war alt")

        assert changes_of(request) == {f"change_measure {code}": {"title", "sdgs"}}
        assert request.state == "open"
        assert strategy_at() == before

    def test_what_is_approved_makes_the_strategy_equal_to_the_file(self, person: Person) -> None:
        content = edited(
            lambda one: replace(one, title="Neu", period=parse_period("2027 - ff"), state="planned")
        )
        officer, board = person(*OFFICER), person("strategy.approve", "strategy.see_internal")

        request = propose_file(officer, content, "Aus Excel", "Fortschreibung")
        submit(officer, request.pk)
        approve(board, request.pk, date(2026, 1, 1), "Drucksache 1")

        assert {kind.split()[0] for kind in changes_of(request)} == {
            "change_measure",
            "move_state",
            "reschedule",
        }
        assert strategy_at() == content

    def test_a_new_text_of_period_or_money_is_read_again(self, person: Person) -> None:
        def change(one: Measure) -> Measure:
            return replace(
                one,
                period=replace(one.period, text="bis Q3.2030"),
                funding=replace(one.funding, text="Eigenmittel, offen"),
            )

        request = propose_file(person(*OFFICER), edited(change), "Aus Excel", "Neue Termine")
        fields = {name: value for one in request.changes.all() for name, value in one.fields.items()}

        assert fields["period"]["end"] == "2030-09-30"
        assert len(fields["funding"]["items"]) == len(parse_funding("Eigenmittel, offen").items)

    def test_new_items_are_added_and_may_name_each_other(self, person: Person) -> None:
        now = strategy_at()
        field = next(iter(now.fields))
        number = field.removeprefix("HF-")
        new: list[Item] = [
            Vision("V-98", "Neue Vision"),
            Measure(f"M-{number}.98", "Neu", field, period=parse_period("ab 2030")),
        ]

        request = propose_file(person(*OFFICER), Content([*now, *new]), "Mehr", "Neu")

        assert set(changes_of(request)) == {"add_text V-98", f"add_measure M-{number}.98"}

    def test_what_is_missing_stays_unless_striking_is_asked_for(self, person: Person) -> None:
        now = strategy_at()
        code = list(now.measures)[-1]
        fewer = Content(item for item in now if item.code != code)

        with pytest.raises(Conflict):
            propose_file(person(*OFFICER), fewer, "Weniger", "Gestrichen")
        request = propose_file(person(*OFFICER), fewer, "Weniger", "Gestrichen", strike_missing=True)

        assert changes_of(request) == {f"strike {code}": {"state"}}

    def test_a_file_whose_change_cannot_be_leaves_no_request(self, person: Person) -> None:
        content = edited(lambda one: replace(one, owner="nobody-here"))

        with pytest.raises(BadFile) as refused:
            propose_file(person(*OFFICER), content, "Falsch", "Falsch")

        assert "owner" in refused.value.fields[0].field
        assert not ChangeRequest.objects.exists()

    def test_a_strategy_is_never_overwritten_by_a_first_edition(self, person: Person) -> None:
        with pytest.raises(Conflict):
            take_first(person("strategy.exchange", "strategy.adopt"), document_of())

    @pytest.mark.parametrize("rights", [(), ("strategy.propose",), ("strategy.exchange",)])
    def test_both_rights_are_needed(self, person: Person, rights: tuple[str, ...]) -> None:
        content = edited(lambda one: replace(one, title="Neu"))

        with pytest.raises(Forbidden):
            propose_file(person(*rights), content, "Datei", "Neu")
        assert not ChangeRequest.objects.exists()


OLD = Measure("M-1.1.1", "Erst so", "HF-1.1", period=parse_period("offen"))
ITEMS: tuple[Item, ...] = (
    Head(title="Digitalkonzept", as_of="2024"),
    Theme("LT-1", "Dorf", slug="dorf"),
    ActionField("HF-1.1", "Abfall", "LT-1", slug="abfall"),
    replace(OLD, title="Dann anders"),
)
EARLY, LATE = datetime(2024, 5, 1, 8, tzinfo=UTC), datetime(2025, 2, 3, 9, 30, 15, 123456, tzinfo=UTC)
DAY, NEXT_DAY = date(2024, 1, 1), date(2025, 1, 1)
HISTORY = (
    *(VersionRecord(item, DAY, EARLY, reason="import") for item in ITEMS[:3]),
    VersionRecord(OLD, DAY, EARLY, superseded_at=LATE, reason="import"),
    VersionRecord(OLD, DAY, LATE, valid_to=NEXT_DAY, reason="import"),
    VersionRecord(ITEMS[3], NEXT_DAY, LATE, reason="change_measure"),
)
EDITIONS = (
    EditionRecord("1.0", "superseded", DAY, EARLY, note="Stand 2024", adopted_at=EARLY, superseded_at=LATE),
    EditionRecord(
        "2.0", "adopted", NEXT_DAY, LATE, "", "2025/17", date(2025, 2, 1), "https://rat.example/17", LATE
    ),
)


@pytest.mark.usefixtures("new_city")
class TestIntoANewCity:
    def test_a_file_becomes_the_draft_of_the_first_edition(self, person: Person) -> None:
        name = take_first(person("strategy.exchange"), Document(items=ITEMS))

        assert strategy_at() == Content(ITEMS)
        edition = Edition.objects.get()
        assert (edition.name, edition.state, edition.valid_on) == (name, "draft", DAY)

    def test_a_file_with_history_is_restored_on_both_axes_and_leaves_as_it_came(self, person: Person) -> None:
        given = replace(document_of(), items=ITEMS, editions=EDITIONS, versions=HISTORY)
        written = write_json(given)

        take_first(person("strategy.exchange", "strategy.adopt"), read_file(written).document)

        assert file_of("json") == written
        assert strategy_at(edition="1.0").measures["M-1.1.1"] == OLD
        assert strategy_at(date(2024, 6, 1)).measures["M-1.1.1"] == OLD
        assert strategy_at().measures["M-1.1.1"].title == "Dann anders"

    def test_history_needs_the_right_to_adopt(self, person: Person) -> None:
        with pytest.raises(Forbidden):
            take_first(
                person("strategy.exchange"), Document(items=ITEMS, editions=EDITIONS, versions=HISTORY)
            )
        assert not ItemVersion.objects.exists()

    @pytest.mark.parametrize(
        "versions",
        [
            (*HISTORY, HISTORY[-1]),
            (replace(HISTORY[0], valid_to=DAY),),
            (replace(HISTORY[0], item=Head(code="LT-1")),),
        ],
    )
    def test_a_history_that_contradicts_itself_leaves_nothing(
        self, person: Person, versions: tuple[Any, ...]
    ) -> None:
        with pytest.raises(BadFile):
            take_first(
                person("strategy.exchange", "strategy.adopt"),
                Document(items=ITEMS, editions=EDITIONS, versions=versions),
            )
        assert not ItemVersion.objects.exists()
        assert not Edition.objects.exists()

    @pytest.mark.parametrize(
        "edition",
        [
            replace(EDITIONS[1], name=""),
            replace(EDITIONS[1], name="2/0"),
            replace(EDITIONS[1], name="2.0\0"),
            replace(EDITIONS[1], council_link="javascript:alert(1)"),
            replace(EDITIONS[1], council_paper="", council_link="javascript:alert(1)"),
            replace(EDITIONS[1], note="n" * 301),
        ],
    )
    def test_an_edition_that_could_not_be_drafted_or_adopted_here_is_not_taken_over(
        self, person: Person, edition: EditionRecord
    ) -> None:
        with pytest.raises(BadFile, match="editions"):
            take_first(
                person("strategy.exchange", "strategy.adopt"),
                Document(items=ITEMS, editions=(EDITIONS[0], edition), versions=HISTORY),
            )
        assert not Edition.objects.exists()

    def test_editions_without_versions_are_not_taken_for_a_strategy(self, person: Person) -> None:
        with pytest.raises(BadFile, match="fehlen"):
            take_first(
                person("strategy.exchange", "strategy.adopt"), Document(items=ITEMS, editions=EDITIONS)
            )

    def test_a_version_is_looked_at_as_an_item_is(self, person: Person) -> None:
        hostile = replace(HISTORY[3], item=replace(OLD, title="von \u202e links"))
        with pytest.raises(BadFile, match="Steuerzeichen"):
            take_first(
                person("strategy.exchange", "strategy.adopt"),
                Document(items=ITEMS, editions=EDITIONS, versions=(*HISTORY[:3], hostile, *HISTORY[4:])),
            )


def test_a_moment_without_a_time_zone_is_refused() -> None:
    written = write_json(Document(items=ITEMS, editions=EDITIONS, versions=HISTORY))

    with pytest.raises(BadFile):
        read_file(written.replace(b"2024-05-01T08:00:00Z", b"2024-05-01T08:00:00"))


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity"])
def test_an_amount_that_is_no_number_is_refused(amount: str) -> None:
    money = Funding("offen", (FundingItem("Bund", amount=Decimal(amount)),))
    written = write_json(Document(items=(*ITEMS[:3], replace(OLD, funding=money))))

    with pytest.raises(BadFile, match="Betrag"):
        read_file(written)
