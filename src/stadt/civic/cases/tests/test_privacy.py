"""What people left in cases: told on export, gone after erasure."""

import pytest
from django.utils import timezone

from stadt.civic.cases import privacy
from stadt.civic.cases.models import Case, Note, Party, SavedFilter, TaskDone
from stadt.civic.cases.services.telling import can_be_told, find_case_id, make_link
from stadt.core.people.models import User

from .conftest import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    now = timezone.now()
    return Case.objects.create(
        reference="AAAA-2222",
        type_key="hole",
        type_version=1,
        title="Loch",
        text="Vor meiner Tür",
        state="new",
        face="received",
        received_at=now,
        changed_at=now,
    )


@pytest.fixture
def anna(case: Case) -> User:
    person = User.objects.create(email="anna@example.org", name="Anna")
    Party.objects.create(case=case, name="Anna", email="anna@example.org", phone="0209 1", user=person)
    Party.objects.create(case=case, name="Susanna", email="susanna@example.org")
    Note.objects.create(case=case, author=person, text="Nachsehen")
    TaskDone.objects.create(case=case, key="photo", by=person)
    SavedFilter.objects.create(name="Meine", query={}, owner=person)
    Case.objects.update(assignee=person)
    return person


def test_export_tells_the_persons_cases_with_what_was_told(anna: User) -> None:
    told = privacy.export(anna)
    assert [(one["reference"], one["text"], one["phone"]) for one in told["cases"]] == [
        ("AAAA-2222", "Vor meiner Tür", "0209 1")
    ]
    assert (told["filters"], told["notes"], told["assigned"]) == (["Meine"], 1, 1)


def test_erasure_takes_the_person_out_and_nobody_else(anna: User, case: Case) -> None:
    privacy.erase(anna)
    assert privacy.export(anna) == {"cases": [], "filters": [], "notes": 0, "assigned": 0}
    assert case.parties.filter(name="", email="", phone="", user=None).count() == 1
    assert case.parties.filter(name="Susanna", email="susanna@example.org").count() == 1
    case.refresh_from_db()
    assert case.assignee_id is None
    assert TaskDone.objects.get().by_id is None


def test_after_erasure_the_persons_links_open_nothing_and_others_do(anna: User, case: Case) -> None:
    own, others = (make_link(case, party) for party in case.parties.order_by("pk"))
    privacy.erase(anna)
    assert find_case_id(own) is None
    assert find_case_id(others) == case.pk


def test_nobody_is_asked_once_the_only_reporter_is_erased(case: Case) -> None:
    anna = User.objects.create(email="anna@example.org", name="Anna")
    make_link(case, Party.objects.create(case=case, user=anna))
    assert can_be_told(case)
    privacy.erase(anna)
    assert not can_be_told(case)


def test_a_closed_case_forgets_its_answers_with_the_only_one_who_asked(town: Town) -> None:
    anna = User.objects.create(email="anna@example.org", name="Anna")
    open_one, closed, shared = (town.open(answers={"who": "Anna, Kleiner Weg 3"}) for _ in range(3))
    for case in (open_one, closed, shared):
        Party.objects.create(case=case, user=anna)
    Party.objects.create(case=shared, name="Susanna")
    Case.objects.filter(pk__in=[closed.pk, shared.pk]).update(closed_at=timezone.now())
    privacy.erase(anna)
    told = dict(Case.objects.values_list("pk", "answers"))
    kept = {"who": "Anna, Kleiner Weg 3"}
    assert told == {open_one.pk: kept, closed.pk: {}, shared.pk: kept}
    assert not Party.objects.filter(user=anna).exists()
