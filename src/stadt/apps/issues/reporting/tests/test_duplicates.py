"""Reports that are known already: who is shown them, and what “me too” does."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from stadt.apps.issues.reporting import duplicates, offers
from stadt.apps.issues.reporting.services import report_issue
from stadt.civic.cases.models import Case
from stadt.civic.files.models import StoredFile
from stadt.core.city import current
from stadt.core.errors import NotFound

pytestmark = pytest.mark.usefixtures("catalogue", "areas")
Tell = Callable[..., Any]


def likely(category: str, **changes: Any) -> list[str]:
    """References that are offered to somebody in the middle of the city."""
    lon, lat = current().centre
    offer = offers.get_offer(category)
    return [item.reference for item in duplicates.find_likely(offer, lon, lat, **changes)]


def test_the_same_lamp_is_offered_with_distance_and_without_anybodys_words(told: Tell) -> None:
    receipt = report_issue(None, told(text="Bei Frau Muster ist es dunkel", email="a@example.org"))
    lon, lat = current().centre
    (item,) = duplicates.find_likely(offers.get_offer("lamp"), lon, lat)
    assert (item.reference, item.metres, item.photo_url) == (receipt.reference, 0, "")
    assert item.url == f"/melden/{receipt.reference}/"
    assert "Muster" not in repr(item)
    assert "example.org" not in repr(item)


def test_who_asks_again_and_again_finds_out_neither_the_exact_place_nor_the_words(told: Tell) -> None:
    report_issue(None, told(text="Bei Frau Muster ist es dunkel"))
    offer = offers.get_offer("lamp")
    base = round(current().centre[0], 3), round(current().centre[1], 3)

    def asked(words: str = "") -> list[tuple[int | None, tuple[str, ...]]]:
        around = ((base[0] + step / 10_000, base[1] - step / 20_000) for step in range(-3, 4))
        return [
            (item.metres, item.reasons)
            for lon, lat in around
            for item in duplicates.find_likely(offer, lon, lat, words)
        ]

    answers = []
    for lon, lat in ((-0.00003, 0.00004), (0.00004, -0.00001)):  # of one cell of what everybody may know
        Case.objects.update(lon=base[0] + lon, lat=base[1] + lat)
        answers.append(asked())
    assert answers[0] == answers[1] != []
    assert asked("Bei Frau Muster ist es dunkel") == answers[1]
    Case.objects.update(published_text="Bei Frau Muster ist es dunkel")
    assert asked("Bei Frau Muster ist es dunkel") != answers[1]


def test_of_photos_only_those_are_offered_that_the_reports_page_shows(told: Tell) -> None:
    case_id = report_issue(None, told()).case_id
    kept = {"kind": "photo", "media_type": "image/jpeg", "name": "x.jpg", "bytes": 1, "sha256": "0" * 64}
    StoredFile.objects.create(
        **kept, key="k" * 22, subject=f"case:{case_id}", role="answer", is_published=True
    )
    (item,) = duplicates.find_likely(offers.get_offer("lamp"), *current().centre)
    assert item.photo_url == ""


def test_other_kinds_and_what_is_not_public_are_not_offered(told: Tell) -> None:
    report_issue(None, told(category="word"))
    report_issue(None, told(key="z" * 20))
    assert likely("word") == []
    assert likely("bench") == []


def test_what_is_held_back_is_not_offered(told: Tell) -> None:
    report_issue(None, told())
    Case.objects.update(state="held")
    assert likely("lamp") == []


def test_what_is_anonymised_is_not_offered_and_takes_no_voice(told: Tell) -> None:
    reference = report_issue(None, told()).reference
    Case.objects.update(anonymised_at=timezone.now())
    assert likely("lamp") == []
    with pytest.raises(NotFound):
        duplicates.say_me_too(None, reference, "address:a")


def test_me_too_counts_a_person_once(told: Tell) -> None:
    reference = report_issue(None, told()).reference
    for who in ("address:a", "address:a", "address:b"):
        duplicates.say_me_too(None, reference, who)
    assert Case.objects.get().weight == 2


@pytest.mark.parametrize("reference", ["", "ABCD-EFGH", "\0", "x" * 500])
def test_nobody_joins_what_is_not_there(reference: str) -> None:
    with pytest.raises(NotFound):
        duplicates.say_me_too(None, reference.replace("\0", ""), "address:a")


def test_nobody_joins_what_is_not_public(told: Tell) -> None:
    reference = report_issue(None, told(category="word")).reference
    with pytest.raises(NotFound):
        duplicates.say_me_too(None, reference, "address:a")
