"""Who had a part in a dataset is told to that person, and forgotten when asked."""

import pytest

from stadt.core.people.models import Organisation, User
from stadt.hub.datasets import privacy
from stadt.hub.datasets.kept.who import ERASED
from stadt.hub.datasets.models import Delivery, KeptDataset

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> User:
    user = User.objects.create_user(email="anna@example.org")
    other = f"user:{user.pk}0"
    kept = KeptDataset.objects.create(
        key="probe.trees",
        organisation=Organisation.objects.create(key="amt", name="Amt"),
        created_by=f"user:{user.pk}",
        changed_by=other,
        approved_by=f"user:{user.pk}",
    )
    Delivery.objects.create(
        dataset=kept, number=1, filename="a.csv", sha256="", size_bytes=1, received_by=f"user:{user.pk}"
    )
    Delivery.objects.create(
        dataset=kept, number=2, filename="b.csv", sha256="", size_bytes=1, received_by=other
    )
    return user


def test_a_person_is_told_in_what_she_had_a_part(anna: User) -> None:
    told = privacy.export(anna)
    assert told["datasets"] == [{"key": "probe.trees", "part": ["created_by", "approved_by"]}]
    assert [(item["number"], item["filename"]) for item in told["deliveries"]] == [(1, "a.csv")]


def test_a_person_is_forgotten_and_others_are_not(anna: User) -> None:
    privacy.erase(anna)
    kept = KeptDataset.objects.get()
    assert (kept.created_by, kept.approved_by, kept.changed_by) == (ERASED, ERASED, f"user:{anna.pk}0")
    assert [item.received_by for item in Delivery.objects.order_by("number")] == [ERASED, f"user:{anna.pk}0"]
    assert privacy.export(anna) == {"datasets": [], "deliveries": []}
