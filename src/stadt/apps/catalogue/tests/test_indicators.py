"""What the catalogue counts about itself: recorded with its queries, and never more than is there."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from stadt.apps.catalogue import indicators
from stadt.core.people.actor import Actor
from stadt.core.people.models import ApiToken, Organisation
from stadt.core.registry import registry
from stadt.hub.datasets import access_log, queries
from stadt.hub.datasets.access_log import count_access, flush
from stadt.hub.datasets.models import KeptDataset
from stadt.hub.datasets.services import publish_now
from stadt.hub.indicators.declaration import Indicator
from stadt.hub.indicators.models import IndicatorValue
from stadt.hub.indicators.queries import Value
from stadt.hub.indicators.services import compute_now, recompute

pytestmark = pytest.mark.django_db


@pytest.fixture
def only_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves the made-up app and the catalogue, so that counts do not depend on what else is installed."""
    for label in [
        label for label in registry.apps if label not in {"probe", "catalogue", "datasets", "indicators"}
    ]:
        monkeypatch.delitem(registry.apps, label)


def value_of(actor: Actor, indicator: Indicator) -> Value:
    return compute_now(actor, indicator.key)


@pytest.mark.usefixtures("only_here")
def test_published_datasets_are_public_and_have_a_snapshot(actor: Actor) -> None:
    assert value_of(actor, indicators.PUBLISHED_DATASETS).value == 0
    publish_now(actor, "probe.readings")
    publish_now(actor, "probe.secret")
    assert value_of(actor, indicators.PUBLISHED_DATASETS).value == 1
    share = value_of(actor, indicators.PUBLISHED_SHARE)
    assert (share.numerator, share.denominator, share.value) == (1, 5, 20.0)
    assert not share.simulated
    assert value_of(actor, indicators.SOURCE_ORGANISATIONS).value == 1


@pytest.mark.usefixtures("only_here")
def test_counting_datasets_with_simulated_rows_is_itself_simulated(actor: Actor) -> None:
    publish_now(actor, "probe.containers")
    assert value_of(actor, indicators.PUBLISHED_DATASETS).simulated
    assert value_of(actor, indicators.SOURCE_ORGANISATIONS).simulated


def test_accesses_are_those_of_the_month_without_robots(actor: Actor) -> None:
    access_log._counts.clear()
    count_access("probe.containers", "csv", "Mozilla/5.0")
    count_access("probe.containers", "api", "python-requests/2.32")
    count_access("probe.containers", "csv", "Googlebot/2.1")
    flush()
    value = value_of(actor, indicators.ACCESSES)
    assert value.value == 2
    count_access("probe.containers", "csv", "Mozilla/5.0")
    flush()
    assert recompute(value.id).value == 2
    assert value_of(actor, indicators.ACCESSES).value == 3


def test_registered_applications_are_valid_tokens_that_do_not_deliver(actor: Actor) -> None:
    now = timezone.now()
    common = {"hint": "", "expires_at": now + timedelta(days=1)}
    ApiToken.objects.create(title="App", digest=b"1", **common)
    ApiToken.objects.create(title="Widerrufen", digest=b"2", revoked_at=now, **common)
    ApiToken.objects.create(title="Abgelaufen", digest=b"3", hint="", expires_at=now - timedelta(days=1))
    ApiToken.objects.create(title="Quelle", digest=b"4", subject="source:tts", **common)
    assert value_of(actor, indicators.REGISTERED_APPLICATIONS).value == 1


def test_each_number_has_a_page_and_a_json_document_that_explain_it(client: Client, actor: Actor) -> None:
    publish_now(actor, "probe.readings")
    for indicator in indicators.ALL:
        before = client.get(f"/kennzahlen/{indicator.key}/")
        assert "noch nicht berechnet" in before.content.decode()
        value = value_of(actor, indicator)
        page = client.get(f"/kennzahlen/{indicator.key}/").content.decode()
        assert indicator.formula in page
        assert "SELECT" in page
        document = client.get(f"/api/v1/indicators/{indicator.key}").json()
        assert document["latest"]["value"] == value.value
        assert document["latest"]["inputs"] == value.inputs


def test_linked_datasets_are_published_and_drafts_belong_to_the_inventory(actor: Actor) -> None:
    city = Organisation.objects.get_or_create(key="stadt", defaults={"name": "Stadt"})[0]
    common = {"organisation": city, "created_by": "system:test", "changed_by": "system:test"}
    count = value_of(actor, indicators.PUBLISHED_DATASETS).value or 0
    total = value_of(actor, indicators.PUBLISHED_SHARE).denominator or 0
    live = {"kind": "link", "title": "Pegel", "description": "", "columns": []} | dict.fromkeys(
        ("licence", "theme", "frequency", "publisher", "contact", "high_value", "sample", "temporal_start",
         "temporal_end", "spatial", "link_format"), "",
    )  # fmt: skip
    KeptDataset.objects.create(
        key="probe.linked", kind="link", state="published", live_access="public", approved_at=timezone.now() - timedelta(days=400),
        live={**live, "link_url": "https://example.org", "keywords": [], "is_simulated": False}, **common,
    )  # fmt: skip
    KeptDataset.objects.create(key="probe.draft", **common)
    KeptDataset.objects.create(key="probe.gone", state="withdrawn", **common)
    assert value_of(actor, indicators.PUBLISHED_DATASETS).value == count + 1
    assert value_of(actor, indicators.PUBLISHED_SHARE).denominator == total + 2


def test_a_joined_indicator_is_computed_from_datasets_of_two_organisations(
    actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    IndicatorValue.objects.all().delete()
    assert value_of(actor, indicators.JOINED_SHARE).reason
    monkeypatch.setattr(
        queries, "publisher_of", lambda dataset: "B" if dataset.key == "probe.secret" else "A"
    )
    year = timezone.now().replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    common = {
        "period": "year", "period_start": year, "period_end": year + timedelta(days=366), "as_of": timezone.now(),
        "computed_at": timezone.now(), "quality": "final", "simulated": False, "version": 1,
    }  # fmt: skip
    for key, value, datasets in (
        ("probe.one", 1, ["probe.readings", "probe.containers"]),
        ("probe.two", 2, ["probe.readings", "probe.secret"]),
        ("probe.missing", None, ["probe.readings", "probe.secret"]),
        ("probe.counted", 3, []),
    ):
        inputs = [{"kind": "snapshot", "dataset": dataset} for dataset in datasets] or [{"kind": "query"}]
        missing = {} if value else {"reason": "fehlt", "state": "not_available"}
        IndicatorValue.objects.create(key=key, value=value, inputs=inputs, **missing, **common)
    share = value_of(actor, indicators.JOINED_SHARE)
    assert (share.numerator, share.denominator, share.value) == (1, 2, 50.0)
    assert recompute(share.id).value == 50.0
