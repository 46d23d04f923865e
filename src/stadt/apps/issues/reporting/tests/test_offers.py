"""What can be reported: by day, by group, by the words of somebody who does not know the list."""

from datetime import date

import pytest

from stadt.apps.issues.reporting import offers
from stadt.core.errors import Invalid

pytestmark = pytest.mark.usefixtures("catalogue")
TODAY, THAT_DAY = date(2026, 11, 29), date(2020, 3, 12)


def test_only_types_with_this_door_and_open_categories_are_offered() -> None:
    assert [offer.key for offer in offers.list_offers(TODAY)] == ["lamp", "bench", "wall", "word", "gas"]


def test_a_campaign_is_offered_on_its_days() -> None:
    assert offers.find_offer("test_alarm", THAT_DAY)
    assert offers.find_offer("test_alarm", date(2020, 3, 11)) is None
    assert offers.find_offer("test_alarm", date(2020, 3, 13)) is None


@pytest.mark.parametrize("key", ["", "card", "nothing", "\0", "lamp ", "x" * 10_000])
def test_what_is_not_offered_is_not_found(key: str) -> None:
    assert offers.find_offer(key, TODAY) is None


def test_an_emergency_is_refused_with_what_to_do() -> None:
    with pytest.raises(Invalid, match="Feuerwehr") as caught:
        offers.get_offer("gas")
    assert [item.field for item in caught.value.fields] == ["category"]


def test_a_campaign_that_is_over_says_so_and_an_unknown_key_asks() -> None:
    with pytest.raises(Invalid, match="zurzeit"):
        offers.get_offer("test_alarm")
    with pytest.raises(Invalid, match="wählen"):
        offers.get_offer("nothing")


def test_groups_stand_in_the_order_of_the_files() -> None:
    groups = offers.grouped(offers.list_offers(TODAY))
    assert [(group.title, [offer.key for offer in group.offers]) for group in groups] == [
        ("Licht", ["lamp"]), ("Möbel", ["bench", "wall"]), ("Worte", ["word"]), ("Gefahr", ["gas"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("Die Laterne ist kaputt", ["lamp"]),
        ("STRASSENLAMPE", ["lamp"]),
        ("es ist dunkel an der parkbank", ["bench", "lamp"]),
        ("Nachtlaterne", ["lamp"]),
        ("qwertz", []),
        ("", []),
        ("<b>\0</b>", []),
    ],
)
def test_words_lead_to_categories(words: str, keys: list[str]) -> None:
    assert sorted(offer.key for offer in offers.suggest_offers(words, offers.list_offers(TODAY))) == sorted(
        keys
    )


def test_a_title_is_told_in_the_readers_language() -> None:
    offer = offers.find_offer("lamp", TODAY)
    assert offer
    assert (offer.title(), offer.title("en"), offer.title("tr")) == ("Lampe", "Lamp", "Lampe")
