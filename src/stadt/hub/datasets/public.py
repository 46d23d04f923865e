"""The door to what everybody may read."""

from dataclasses import dataclass

from django.utils.translation import gettext

from stadt.core.errors import NotFound
from stadt.core.registry import registry
from stadt.hub.datasets.declaration import Dataset
from stadt.hub.datasets.kept.states import AccessClass
from stadt.hub.datasets.models import KeptDataset
from stadt.hub.datasets.queries import list_public
from stadt.hub.datasets.services import get_dataset


@dataclass(frozen=True, slots=True)
class PageOfDatasets:
    """Public datasets by key, and whether there are more behind the last."""

    datasets: list[Dataset]
    has_more: bool


def get_public(key: str) -> Dataset:
    """A dataset that everybody may read.

    Raises:
        NotFound: there is none, or only some may read it.
        Gone: everybody could read it once.
    """
    dataset = get_dataset(key)
    if not dataset.is_public:
        raise NotFound(gettext("Es gibt keinen Datensatz „%(key)s“.") % {"key": key})
    return dataset


def list_public_after(after: str, limit: int) -> PageOfDatasets:
    """Public datasets whose keys come after one, declared and kept; costs what a page costs."""
    kept = KeptDataset.objects.filter(live_access=AccessClass.PUBLIC, key__gt=after)
    keys = [
        *(key for key, item in registry.datasets.items() if key > after and isinstance(item, Dataset)),
        *kept.order_by("key").values_list("key", flat=True)[: limit + 1],
    ]
    ordered = sorted(keys)
    found = list_public(ordered)
    shown = [found[key] for key in ordered if key in found]
    return PageOfDatasets(shown[:limit], len(shown) > limit)
