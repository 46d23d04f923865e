"""From the draft to the published dataset and back: who may do what, when, and what readers see meanwhile."""

import pytest

from stadt.core.errors import Conflict, Forbidden, Invalid, NotFound
from stadt.core.people.actor import Actor
from stadt.hub.datasets import queries
from stadt.hub.datasets.errors import Gone
from stadt.hub.datasets.kept import services
from stadt.hub.datasets.kept.tests.office import KEY, MORE_TREES, TREES, Office, kept_now
from stadt.hub.datasets.models import Delivery, KeptDataset
from stadt.hub.datasets.services import get_dataset

pytestmark = pytest.mark.django_db


def test_a_delivered_file_becomes_a_published_dataset_once_somebody_else_approved_it(office: Office) -> None:
    office.start()
    office.deliver()
    assert queries.find_public(KEY) is None
    kept = office.review()
    assert (kept.state, kept.live_access) == ("published", "public")
    dataset = queries.find_public(KEY)
    assert dataset is not None
    assert (dataset.title, [column.name for column in dataset.columns]) == ("Bäume", ["id", "height"])
    assert queries.read_rows(KEY, "SELECT id, height FROM data ORDER BY id") == [("b1", 12.5), ("b2", 7.0)]
    assert KEY in [item.key for item in queries.list_declared()]


@pytest.mark.parametrize("who", ["keeper", "other_keeper"])
def test_nobody_approves_what_they_submitted_changed_or_delivered(office: Office, who: str) -> None:
    office.start()
    office.deliver()
    if who == "other_keeper":
        services.change_card(office.other_keeper, KEY, 1, {"title": "Straßenbäume"})
    kept = services.submit_for_review(office.keeper, KEY, kept_now().revision)
    with pytest.raises(Forbidden):
        services.approve(getattr(office, who), KEY, kept.revision)
    assert kept_now().state == "review"


def test_nobody_approves_what_their_own_token_delivered(office: Office) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from stadt.core.people.models import ApiToken, User

    user = User.objects.create_user(email="anna@example.org")
    token = ApiToken.objects.create(
        title="x", organisation=office.organisation, issued_by=user, scopes=["datasets.keep"],
        expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    machine = Actor.for_token(token)
    office.start()
    delivery = services.receive_delivery(machine, KEY, "x.csv", [TREES])
    services.read_delivery(office.keeper, delivery.pk)
    services.prepare_delivery(office.keeper, delivery.pk)
    kept = services.submit_for_review(office.keeper, KEY, kept_now().revision)
    issuer = Actor("user", str(user.pk), office.approver.grants)
    with pytest.raises(Forbidden):
        services.approve(issuer, KEY, kept.revision)


def test_a_token_approves_nothing(office: Office) -> None:
    office.start()
    office.deliver()
    kept = services.submit_for_review(office.keeper, KEY, 1)
    with pytest.raises(Forbidden):
        services.approve(Actor("token", "0", office.approver.grants), KEY, kept.revision)


def test_what_is_in_review_does_not_change(office: Office) -> None:
    office.start()
    office.deliver()
    kept = services.submit_for_review(office.keeper, KEY, 1)
    with pytest.raises(Conflict):
        services.change_card(office.keeper, KEY, kept.revision, {"title": "Anderes"})
    with pytest.raises(Conflict):
        services.receive_delivery(office.keeper, KEY, "x.csv", [TREES])
    assert kept_now().title == "Bäume"


def test_what_was_returned_says_why_and_can_be_submitted_again(office: Office) -> None:
    office.start()
    office.deliver()
    services.submit_for_review(office.keeper, KEY, 1)
    kept = services.return_to_draft(office.approver, KEY, "Die Einheit fehlt.")
    assert (kept.state, kept.returned_reason) == ("draft", "Die Einheit fehlt.")
    assert office.review().state == "published"


def test_readers_see_the_approved_card_until_the_new_one_is_approved(office: Office) -> None:
    office.publish()
    services.change_card(office.keeper, KEY, kept_now().revision, {"title": "Straßenbäume"})
    assert kept_now().state == "draft"
    assert get_dataset(KEY).title == "Bäume"
    office.review()
    assert get_dataset(KEY).title == "Straßenbäume"
    assert queries.get_snapshot(KEY).number == 1


def test_a_new_delivery_gets_the_next_number_and_the_old_one_stays_readable(office: Office) -> None:
    office.publish()
    office.deliver(MORE_TREES)
    assert queries.get_snapshot(KEY).number == 1
    office.review()
    assert queries.get_snapshot(KEY).row_count == 3
    assert queries.read_rows(KEY, "SELECT count(*) FROM data", number=1) == [(2,)]


def test_the_same_rows_in_another_order_get_no_new_number(office: Office) -> None:
    office.publish()
    office.deliver(b"id;height:number\nb2;7\nb1;12.5\n")
    kept = office.review()
    assert kept.state == "published"
    assert queries.get_snapshot(KEY).number == 1


@pytest.mark.parametrize("missing", ["title", "description", "theme", "licence"])
def test_a_card_with_something_missing_is_not_submitted(office: Office, missing: str) -> None:
    office.start(**{missing: ""})
    office.deliver()
    with pytest.raises(Invalid) as refused:
        services.submit_for_review(office.keeper, KEY, 1)
    assert [item.field for item in refused.value.fields] == [missing]


def test_a_dataset_without_a_prepared_file_is_not_submitted(office: Office) -> None:
    office.start()
    with pytest.raises(Conflict):
        services.submit_for_review(office.keeper, KEY, 1)
    services.receive_delivery(office.keeper, KEY, "x.csv", [TREES])
    with pytest.raises(Conflict):
        services.submit_for_review(office.keeper, KEY, 1)


def test_what_is_about_persons_is_published_for_nobody(office: Office) -> None:
    office.start(access="personal")
    office.deliver()
    with pytest.raises(Invalid) as refused:
        services.submit_for_review(office.keeper, KEY, 1)
    assert refused.value.fields[0].field == "access"


def test_two_who_edit_the_same_card_do_not_overwrite_each_other(office: Office) -> None:
    office.start()
    services.change_card(office.keeper, KEY, 1, {"title": "Einer"})
    with pytest.raises(Conflict) as refused:
        services.change_card(office.other_keeper, KEY, 1, {"title": "Andere"})
    assert "inzwischen geändert" in refused.value.detail
    assert kept_now().title == "Einer"


def test_what_was_withdrawn_is_gone_for_readers_with_all_its_numbers(office: Office) -> None:
    office.publish()
    services.withdraw(office.other_keeper, KEY, "Falsche Zahlen")
    assert queries.find_public(KEY) is None
    with pytest.raises(Gone):
        get_dataset(KEY)
    with pytest.raises(Gone):
        queries.get_snapshot(KEY, 1)
    assert queries.find_latest(KEY) is None


def test_what_was_withdrawn_comes_back_by_a_new_review_under_a_new_number(office: Office) -> None:
    office.publish()
    services.withdraw(office.keeper, KEY, "Falsche Zahlen")
    office.review()
    assert queries.get_snapshot(KEY).number == 2
    with pytest.raises(Gone):
        queries.get_snapshot(KEY, 1)


def test_a_draft_is_deleted_with_its_files_and_a_published_one_is_not(office: Office) -> None:
    office.start()
    services.delete_draft(office.keeper, KEY)
    assert not KeptDataset.objects.exists()
    office.publish()
    with pytest.raises(Conflict):
        services.delete_draft(office.keeper, KEY)


def test_who_is_from_elsewhere_sees_nothing_of_it(office: Office) -> None:
    office.publish(access="internal")
    for verb in (services.withdraw, services.return_to_draft):
        with pytest.raises(NotFound):
            verb(office.stranger, KEY, "Grund")
    with pytest.raises(NotFound):
        services.change_card(office.stranger, KEY, 1, {})


def test_a_draft_of_a_change_is_given_up_and_the_card_is_again_what_readers_see(office: Office) -> None:
    office.publish(temporal_start="2026-01-01")
    services.change_card(
        office.keeper,
        KEY,
        kept_now().revision,
        {"title": "Anderes", "access": "internal", "temporal_start": None},
    )
    office.deliver(MORE_TREES)
    services.discard_changes(office.keeper, KEY, kept_now().revision)
    kept = kept_now()
    assert (kept.state, kept.title, kept.access, str(kept.temporal_start)) == (
        "published",
        "Bäume",
        "public",
        "2026-01-01",
    )
    assert list(Delivery.objects.order_by("number").values_list("state", flat=True)) == [
        "published",
        "superseded",
    ]
    assert get_dataset(KEY).title == "Bäume"


def test_a_draft_that_was_never_published_cannot_be_given_up_for_what_is_published(office: Office) -> None:
    office.start()
    with pytest.raises(Conflict):
        services.discard_changes(office.keeper, KEY, 1)
