"""The kept datasets that are published, by key: what every door asks. One key is one query."""

from collections.abc import Sequence

from django.db.models import QuerySet

from stadt.hub.datasets.declaration import Dataset
from stadt.hub.datasets.kept.declared import as_dataset
from stadt.hub.datasets.kept.states import AccessClass
from stadt.hub.datasets.models import KeptDataset
from stadt.hub.lake.layout import KEY


def find_live(key: str) -> Dataset | None:
    """A kept dataset that everybody may see, or None."""
    if not KEY.match(key):
        return None
    found = _public().filter(key=key).first()
    return as_dataset(found) if found else None


def list_live(keys: Sequence[str] | None = None) -> list[Dataset]:
    """Those of these kept datasets that everybody may see, all of them without keys; one query. No hot page lists all."""
    rows = _public() if keys is None else _public().filter(key__in=[key for key in keys if KEY.match(key)])
    return [as_dataset(kept) for kept in rows.order_by("key")]


def was_public(key: str) -> bool:
    """Whether everybody could see a kept dataset once, so that its address may tell that it is gone."""
    return bool(KEY.match(key)) and KeptDataset.objects.filter(key=key, was_public=True).exists()


def _public() -> QuerySet[KeptDataset]:
    return KeptDataset.objects.filter(live_access=AccessClass.PUBLIC).select_related("organisation")
